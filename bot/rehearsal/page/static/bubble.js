// One message as it stands in a chat.

import { element } from "./dom.js";
import { mediaOf } from "./media.js";
import { linkTo, richText } from "./rich-text.js";

export const CLOCK = new Intl.DateTimeFormat("vi-VN", {
  timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

// `phone` says who looks at it and what a command, a button and "forward" do.
export function bubble(message, phone) {
  const said = serviceText(message);
  if (said) return element("p", { class: "service", "data-testid": "service" }, said);
  const own = message.from.id === phone.player;
  const body = element("div", { class: "bubble" });
  if (!own && !phone.data.private) body.append(element("p", { class: "sender" }, message.from.first_name));
  if (message.forward_origin) body.append(forwardedFrom(message.forward_origin));
  const media = mediaOf(message);
  if (media) body.append(media);
  const words = text(message, phone);
  if (words) body.append(words);
  body.append(foot(message, phone));
  const node = element("article", {
    class: own ? "message own" : "message", "data-testid": "message",
    "data-from": message.from.id === phone.page.botId ? "bot" : "person",
    "data-message-id": String(message.message_id),
  }, body);
  if (media) node.classList.add("with-media");
  if (message.media_group_id) node.classList.add("in-album");
  if (message.reply_markup) node.append(keyboard(message, phone));
  return node;
}

function text(message, phone) {
  const words = message.text || message.caption;
  if (!words) return null;
  const entities = message.entities || message.caption_entities || [];
  const node = element("div", { class: "said", "data-testid": "text" });
  node.append(richText(words, entities, (command) => phone.write(command)));
  return node;
}

function foot(message, phone) {
  const edited = message.edit_date ? "đã sửa " : "";
  const time = element("p", { class: "time" }, edited + CLOCK.format(new Date(message.date * 1000)));
  const line = element("div", { class: "foot" });
  if (phone.canForward()) {
    const forward = element("button", {
      type: "button", class: "forward", "data-testid": "forward",
      title: "Chuyển tiếp cho Bản tin", "aria-label": "Chuyển tiếp cho Bản tin",
    }, "↪");
    forward.addEventListener("click", () => phone.perform("forward", { message_id: message.message_id }));
    line.append(forward);
  }
  line.append(time);
  return line;
}

function forwardedFrom(origin) {
  const name = origin.sender_user?.first_name || origin.sender_user_name || origin.chat?.title || "";
  return element("p", { class: "forwarded", "data-testid": "forwarded" },
    "Chuyển tiếp từ ", element("strong", {}, name));
}

function keyboard(message, phone) {
  const box = element("div", { class: "keyboard" });
  message.reply_markup.inline_keyboard.forEach((buttons, row) => {
    const line = element("div", { class: "row" });
    buttons.forEach((button, column) => line.append(key(message, phone, button, [row, column])));
    box.append(line);
  });
  return box;
}

function key(message, phone, button, place) {
  if (button.url) {
    const link = linkTo(button.url);
    link.className = "key";
    link.dataset.testid = "key";
    link.append(button.text, element("span", { "aria-hidden": "true" }, " ↗"),
      element("span", { class: "unseen" }, " (mở trong thẻ mới)"));
    return link;
  }
  const node = element("button", { type: "button", class: "key", "data-testid": "key" }, button.text);
  node.addEventListener("click", () => phone.press(node, message, ...place));
  return node;
}

function serviceText(message) {
  const who = message.from.first_name;
  if (message.new_chat_members) return `${who} đã thêm ${message.new_chat_members[0].first_name} vào nhóm`;
  if (message.left_chat_member) return `${who} đã xóa ${message.left_chat_member.first_name} khỏi nhóm`;
  if (message.migrate_from_chat_id) return "Nhóm đã trở thành siêu nhóm";
  return message.migrate_to_chat_id ? "Nhóm được nâng cấp" : "";
}
