// Tabs: one screen at a time on a narrow display.

import { element } from "./dom.js";

const tabs = document.querySelector(".tabs");
let shown = () => {};

export function buildTabs(screens, onShown) {
  shown = onShown;
  tabs.replaceChildren(...screens.map(([key, label]) => {
    const tab = element("button", { type: "button", "data-testid": `tab-${key}`, "data-key": key },
      label, element("span", { class: "unread", hidden: true }));
    tab.addEventListener("click", () => showScreen(key));
    return tab;
  }));
  showScreen(screens[0][0]);
}

function showScreen(key) {
  document.body.dataset.screen = key;
  for (const tab of tabs.children) {
    const current = tab.dataset.key === key;
    tab.setAttribute("aria-current", String(current));
    if (current) setUnread(tab, 0);
  }
  for (const screen of document.querySelectorAll(".desk > section")) {
    screen.classList.toggle("current", screen.id === `screen-${key}`);
  }
  shown(key);
}

export function markUnread(key) {
  const tab = tabs.querySelector(`[data-key="${key}"]`);
  if (tab && document.body.dataset.screen !== key) setUnread(tab, Number(tab.dataset.unread || 0) + 1);
}

function setUnread(tab, count) {
  tab.dataset.unread = String(count);
  const badge = tab.querySelector(".unread");
  badge.hidden = count === 0;
  badge.textContent = String(count);
  badge.setAttribute("aria-label", `${count} tin chưa đọc`);
}
