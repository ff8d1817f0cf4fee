// Which screens are shown: as many as fit side by side, the others behind tabs.

import { element } from "./dom.js";

const LAYOUTS = [ // of the first whose width fits: what stands side by side; of several one is shown
  ["vast", "(min-width: 1800px)",
    [["member"], ["zalo-member"], ["group", "zalo-group"], ["admin"], ["portal", "faults"]]],
  ["wide", "(min-width: 1400px)",
    [["member", "group"], ["zalo-member", "zalo-group"], ["admin"], ["portal", "faults"]]],
  ["middle", "(min-width: 1000px)",
    [["member", "group", "admin"], ["zalo-member", "zalo-group"], ["portal", "faults"]]],
  ["narrow", "all", [["member", "group", "zalo-member", "zalo-group", "admin", "portal", "faults"]]],
].map(([name, query, slots]) => ({
  name, query: window.matchMedia(query), slots, chosen: slots.map(([first]) => first),
}));

const desk = document.getElementById("desk");
const tabs = new Map(); // key -> button
const bars = LAYOUTS[0].slots.map(() => element("nav", { class: "tabs", "aria-label": "Chọn màn hình" }));
let now = null;
let shown = () => {};

export function buildTabs(screens, onShown) {
  shown = onShown;
  desk.prepend(...bars);
  for (const [key, label] of screens) {
    const tab = element("button", { type: "button", "data-testid": `tab-${key}`, "data-key": key },
      label, element("span", { class: "unread", hidden: true }));
    tab.addEventListener("click", () => choose(key));
    tabs.set(key, tab);
  }
  for (const { query } of LAYOUTS) query.addEventListener("change", arrange);
  arrange();
}

// In each layout, so that it stays chosen when the window changes.
function choose(key) {
  for (const { slots, chosen } of LAYOUTS) chosen[slots.findIndex((slot) => slot.includes(key))] = key;
  draw();
}

function arrange() {
  const fitting = LAYOUTS.find(({ query }) => query.matches);
  if (fitting === now) return;
  now = fitting;
  document.body.dataset.layout = now.name;
  bars.forEach((bar, place) => arrangeSlot(bar, now.slots[place] || [], place + 1));
  draw();
}

function arrangeSlot(bar, slot, column) {
  const needsTabs = slot.length > 1;
  bar.hidden = !needsTabs;
  bar.style.gridColumn = String(column);
  bar.replaceChildren(...(needsTabs ? slot.map((key) => tabs.get(key)) : []));
  for (const key of slot) {
    const screen = screenOf(key);
    screen.style.gridColumn = String(column);
    screen.style.gridRow = needsTabs ? "2" : "1 / 3";
  }
}

function draw() {
  for (const [key, tab] of tabs) {
    const current = isShown(key);
    tab.setAttribute("aria-current", String(current));
    screenOf(key).classList.toggle("current", current);
    if (current) {
      setUnread(tab, 0);
      shown(key);
    }
  }
}

function screenOf(key) {
  return document.getElementById(`screen-${key}`);
}

function isShown(key) {
  return now.chosen.includes(key);
}

export function markUnread(key) {
  if (!isShown(key)) setUnread(tabs.get(key), Number(tabs.get(key).dataset.unread || 0) + 1);
}

function setUnread(tab, count) {
  tab.dataset.unread = String(count);
  const badge = tab.querySelector(".unread");
  badge.hidden = count === 0;
  badge.textContent = String(count);
  badge.setAttribute("aria-label", `${count} tin chưa đọc`);
}
