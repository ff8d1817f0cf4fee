// The chat page: draws what /rehearsal/events tells.

import { buildFaults, drawFaults, drawUpgrade } from "./faults.js";
import { Phone } from "./phone.js";
import { drawPortal } from "./portal.js";
import { buildTabs, markUnread } from "./tabs.js";
import { ZaloPhone } from "./zalo-phone.js";

const phones = new Map();
const page = { botId: 0, onUnread: markUnread };

function drawState(data) {
  page.botId = data.bot.id;
  if (phones.size === 0) build(data);
  for (const phone of data.phones) phones.get(phone.key).update(phone);
  phones.get("admin").offerCode(data.owner_code);
  drawUpgrade(phones.get("group").data);
  drawPortal(data.articles);
  drawFaults(data.faults);
}

function build(data) {
  for (const phone of data.phones) {
    const Kind = phone.platform === "zalo" ? ZaloPhone : Phone;
    phones.set(phone.key, new Kind(phone, page));
  }
  const portal = document.getElementById("screen-portal");
  for (const phone of phones.values()) portal.before(phone.root);
  buildFaults();
  const tabs = data.phones.map((phone) => [phone.key, phone.tab]);
  buildTabs([...tabs, ["portal", "Cổng tin"], ["faults", "Sự cố"]],
    (key) => phones.get(key)?.scrollToEnd());
}

function onEvent(data) {
  const phone = phones.get(data.phone?.key ?? data.phone);
  switch (data.kind) {
    case "state": drawState(data); break;
    case "articles": drawPortal(data.articles); break;
    case "faults": drawFaults(data.faults); break;
    case "chat": onChat(phone, data.phone); break;
    case "message": phone.onMessage(data.message); break;
    case "edit": phone.onEdit(data.message); break;
    case "delete": phone.onDelete(data); break;
    case "answer": phone.onAnswer(data); break;
    case "typing": phone.onTyping(); break;
    default: break;
  }
}

function onChat(phone, data) {
  phone.onChat(data);
  if (data.key === "group") drawUpgrade(data);
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
