// What a phone can send beside text: samples that lie ready, and the code that makes an owner.

import { element } from "./dom.js";

// Key, name, note, act, what the act is told, whether the composer's text goes along as the caption.
export const TELEGRAM_SAMPLES = [
  ["photo", "Ảnh hội nghị", "1 ảnh", "send-file", { sample: "photo" }, true],
  ["album", "Ba ảnh hội nghị", "1 bộ ảnh", "send-album", { samples: ["photo", "photo", "photo"] }, true],
  ["document", "Lịch công tác.pdf", "1 tệp", "send-file", { sample: "document" }, true],
  ["large", "Tệp 25 MB.zip", "quá giới hạn tải về của Telegram", "send-file", { sample: "large" }, true],
];
export const ZALO_SAMPLES = [
  ["image", "Ảnh hội nghị", "1 ảnh", "send", { message: "image" }, true],
  ["sticker", "Nhãn dán", "không có chữ", "send", { message: "sticker" }, false],
  ["voice", "Lời nhắn thoại", "không có chữ", "send", { message: "voice" }, false],
  ["unsupported", "Tin của trẻ em", "Zalo không cho bot đọc", "send", { message: "unsupported" }, false],
];

export function listenAttach(phone, samples) {
  const { menu, open } = phone.attach;
  const show = (wanted) => {
    menu.hidden = !wanted;
    open.setAttribute("aria-expanded", String(wanted));
  };
  menu.replaceChildren(
    element("p", { class: "note" }, "Chữ đang viết sẽ là lời kèm của ảnh và tệp."),
    ...samples.map(([key, name, note, act, body, takesWords]) => {
      const item = element("button", { type: "button", "data-testid": `attach-${key}` },
        element("strong", {}, name), element("span", {}, note));
      item.addEventListener("click", async () => {
        show(false);
        const caption = takesWords ? phone.text.value : "";
        const sent = await phone.perform(act, { ...body, caption });
        if (sent && caption && phone.text.value === caption) phone.clearText();
      });
      return item;
    }),
  );
  open.addEventListener("click", () => {
    phone.closeMenus();
    show(menu.hidden);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    show(false);
    open.focus();
  });
  phone.text.addEventListener("focus", () => show(false));
}

// Until the code was sent, and not on a phone that blocked the bot.
export function drawOwnerCode(phone, code) {
  const card = phone.ownerCode;
  const sent = phone.data.messages.some((message) => message.from.id === phone.player && message.text === code);
  card.hidden = !code || sent || phone.data.standing === "gone";
  if (card.hidden || card.dataset.code === code) return;
  card.dataset.code = code;
  const button = element("button", { type: "button", class: "big", "data-testid": "owner-code-send" }, "Gửi mã");
  button.addEventListener("click", () => phone.write(code));
  card.replaceChildren(
    element("p", {}, "Gửi mã này cho Bản tin để thành người quản lý"),
    element("code", { "data-testid": "owner-code-words" }, code), button);
}
