// A message on Zalo: no buttons, bare links, words with styles.

import { CLOCK } from "./bubble.js";
import { element } from "./dom.js";
import { richText } from "./rich-text.js";

const LINK = /https?:\/\/[^\s<>"“”]+/g;
const AFTER_LINK = /[.,;:!?)\]]+$/;
const STYLES = {
  b: "bold", i: "italic", u: "underline", s: "strikethrough", f_13: "small", f_18: "large", f_20: "large",
  c_15a85f: "green", c_f7b503: "yellow", c_f27806: "orange", c_db342e: "red",
};
const NO_TEXT = {
  image: ["Ảnh", "🖼"], sticker: ["Nhãn dán", "🌼"], voice: ["Lời nhắn thoại", "🎤"],
  unsupported: ["Tin mà Zalo không cho bot đọc", "🔒"],
};

// `phone` says who looks at it, and quotes it.
export function zaloBubble(message, phone) {
  const own = message.from.id === phone.player;
  const body = element("div", { class: "bubble" });
  if (!own && !phone.data.private) body.append(element("p", { class: "sender" }, message.from.display_name));
  const quoted = phone.find(message.reply_to);
  if (quoted) body.append(element("p", { class: "quoted", "data-testid": "quoted" }, firstLine(quoted.text)));
  if (NO_TEXT[message.kind]) body.append(card(message));
  if (message.text) body.append(words(message));
  body.append(foot(message, phone));
  return element("article", {
    class: own ? "message own" : "message", "data-testid": "message",
    "data-from": message.from.is_bot ? "bot" : "person", "data-message-id": message.message_id,
  }, body);
}

export function firstLine(text) {
  return text.split("\n").find((line) => line.trim()) || "…";
}

function words(message) {
  const node = element("div", { class: "said", "data-testid": "text" });
  node.append(richText(message.text, [...styled(message.styles), ...links(message.text)], () => {}));
  return node;
}

function styled(styles) {
  return styles.flatMap(({ start, len, st }) => st.filter((code) => STYLES[code])
    .map((code) => ({ type: STYLES[code], offset: start, length: len })));
}

// Zalo makes a link of what looks like an address.
function links(text) {
  return [...text.matchAll(LINK)].map((found) => {
    const url = found[0].replace(AFTER_LINK, "");
    return { type: "url", offset: found.index, length: url.length, url };
  });
}

function card(message) {
  const [name, sign] = NO_TEXT[message.kind];
  return element("p", { class: "no-text", "data-testid": "no-text" },
    element("span", { "aria-hidden": "true" }, `${sign} `), name);
}

function foot(message, phone) {
  const line = element("div", { class: "foot" });
  if (message.from.is_bot && !phone.data.private) line.append(quoteButton(message, phone));
  if (!message.from.is_bot && !message.reached_bot) {
    line.append(element("p", { class: "unheard", "data-testid": "unheard" }, "Bản tin không thấy"));
  }
  line.append(element("p", { class: "time" }, CLOCK.format(new Date(message.date))));
  return line;
}

function quoteButton(message, phone) {
  const button = element("button", {
    type: "button", class: "quote", "data-testid": "quote", "aria-label": "Trả lời tin này",
  }, "Trả lời");
  button.addEventListener("click", () => phone.quote(message));
  return button;
}
