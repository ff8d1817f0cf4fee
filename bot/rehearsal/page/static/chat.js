// The chat page: draws what /rehearsal/events tells.

import { Phone } from "./phone.js";
import { drawPortal } from "./portal.js";
import { buildTabs, markUnread } from "./tabs.js";

const phones = new Map();
const page = { botId: 0, onUnread: markUnread };

function drawState(data) {
  page.botId = data.bot.id;
  if (phones.size === 0) {
    for (const phone of data.phones) phones.set(phone.key, new Phone(phone, page));
    const portal = document.getElementById("screen-portal");
    for (const phone of phones.values()) portal.before(phone.root);
    buildTabs([...data.phones.map((phone) => [phone.key, phone.tab]), ["portal", "Cổng tin"]],
      (key) => phones.get(key)?.scrollToEnd());
  }
  for (const phone of data.phones) phones.get(phone.key).update(phone);
  drawPortal(data.articles);
}

function onEvent(data) {
  const phone = phones.get(data.phone?.key ?? data.phone);
  switch (data.kind) {
    case "state": drawState(data); break;
    case "articles": drawPortal(data.articles); break;
    case "chat": phone.onChat(data.phone); break;
    case "message": phone.onMessage(data.message); break;
    case "edit": phone.onEdit(data.message); break;
    case "answer": phone.onAnswer(data); break;
    case "typing": phone.onTyping(); break;
    default: break;
  }
}

function showConnection(state, words) {
  const line = document.querySelector(".connection");
  line.dataset.state = state;
  line.textContent = words;
}

function connect() {
  const events = new EventSource("/rehearsal/events");
  events.addEventListener("open", () => showConnection("open", "Đang chạy"));
  events.addEventListener("message", (event) => onEvent(JSON.parse(event.data)));
  events.addEventListener("error", () => {
    showConnection("waiting", "Mất kết nối, đang thử lại…");
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  });
}

connect();
