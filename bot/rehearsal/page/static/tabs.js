// Which screens are shown: as many as fit side by side, the others behind tabs.

import { element } from "./dom.js";

const WIDE = window.matchMedia("(min-width: 1400px)");
const MIDDLE = window.matchMedia("(min-width: 1000px)");
const ALWAYS = { wide: ["member", "group", "admin"], middle: ["member", "group"], narrow: [] };

const tabs = document.querySelector(".tabs");
const chosen = { wide: "portal", middle: "portal", narrow: "member" };
let shown = () => {};

export function buildTabs(screens, onShown) {
  shown = onShown;
  tabs.replaceChildren(...screens.map(([key, label]) => {
    const tab = element("button", { type: "button", "data-testid": `tab-${key}`, "data-key": key },
      label, element("span", { class: "unread", hidden: true }));
    tab.addEventListener("click", () => choose(key));
    return tab;
  }));
  for (const query of [WIDE, MIDDLE]) query.addEventListener("change", arrange);
  arrange();
}

function layout() {
  if (WIDE.matches) return "wide";
  return MIDDLE.matches ? "middle" : "narrow";
}

function choose(key) {
  for (const name of Object.keys(chosen)) {
    if (!ALWAYS[name].includes(key)) chosen[name] = key;
  }
  arrange();
}

function arrange() {
  const now = layout();
  document.body.dataset.layout = now;
  for (const tab of tabs.children) {
    const current = tab.dataset.key === chosen[now];
    tab.hidden = ALWAYS[now].includes(tab.dataset.key);
    tab.setAttribute("aria-current", String(current));
    if (isShown(tab.dataset.key)) setUnread(tab, 0);
  }
  for (const screen of document.querySelectorAll(".desk > section")) {
    const key = screen.id.replace("screen-", "");
    screen.classList.toggle("current", isShown(key));
    if (isShown(key)) shown(key);
  }
}

function isShown(key) {
  return ALWAYS[layout()].includes(key) || chosen[layout()] === key;
}

export function markUnread(key) {
  const tab = tabs.querySelector(`[data-key="${key}"]`);
  if (tab && !isShown(key)) setUnread(tab, Number(tab.dataset.unread || 0) + 1);
}

function setUnread(tab, count) {
  tab.dataset.unread = String(count);
  const badge = tab.querySelector(".unread");
  badge.hidden = count === 0;
  badge.textContent = String(count);
  badge.setAttribute("aria-label", `${count} tin chưa đọc`);
}
