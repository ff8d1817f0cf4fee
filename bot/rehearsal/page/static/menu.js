// The menu of commands that a Telegram phone opens with "/".

import { element } from "./dom.js";

export function listenMenu(phone) {
  phone.text.addEventListener("input", () => showMenu(phone, /^\/\S*$/.test(phone.text.value)));
  phone.text.addEventListener("keydown", (event) => {
    if (event.key === "Escape") showMenu(phone, false);
  });
  phone.menuOpen.addEventListener("click", () => showMenu(phone, phone.menu.hidden));
  phone.menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      showMenu(phone, false);
      phone.text.focus();
    }
  });
}

// Of the commands those that begin with what is typed.
export function showMenu(phone, open) {
  const wasAtEnd = phone.isAtEnd();
  const menu = phone.data.players.find((player) => player.id === phone.player).menu;
  const typed = phone.text.value.startsWith("/") ? phone.text.value.slice(1).toLowerCase() : "";
  const fitting = menu.filter(({ command }) => command.startsWith(typed));
  phone.menu.hidden = !open || (menu.length > 0 && fitting.length === 0);
  phone.menuOpen.setAttribute("aria-expanded", String(!phone.menu.hidden));
  if (wasAtEnd) requestAnimationFrame(() => phone.scrollToEnd());
  phone.menu.replaceChildren(...(fitting.length ? fitting.map((item) => menuItem(phone, item))
    : [element("p", { class: "note" }, "Bản tin chưa đăng ký lệnh nào.")]));
}

function menuItem(phone, { command, description }) {
  const item = element("button", { type: "button", "data-testid": "menu-item" },
    element("strong", {}, `/${command}`), element("span", {}, description));
  item.addEventListener("click", () => {
    phone.text.value = "";
    phone.write(`/${command}`);
    phone.text.focus();
  });
  return item;
}
