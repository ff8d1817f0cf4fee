// A phone with Zalo: the same as Telegram's where one only reads and writes; no menu, no buttons.

import { ZALO_SAMPLES, listenAttach } from "./attach.js";
import { element } from "./dom.js";
import { Phone } from "./phone.js";
import { firstLine, zaloBubble } from "./zalo-bubble.js";
import { choicesOf, isTickList } from "./zalo-choices.js";

const MOST_LABEL_CHARS = 28;

export class ZaloPhone extends Phone {
  constructor(data, page) {
    super(data, page);
    this.answers = this.root.querySelector(".answers");
    this.quoting = this.root.querySelector(".quoting");
    this.quoted = null; // the message that the next one answers
  }

  listenTools() {
    listenAttach(this, ZALO_SAMPLES);
    this.menuOpen.hidden = this.data.private;
    this.menuOpen.textContent = "@";
    this.menuOpen.dataset.testid = "mention";
    this.menuOpen.setAttribute("aria-label", "Nhắc tên Bản tin");
    this.menuOpen.removeAttribute("aria-expanded");
    this.menuOpen.addEventListener("click", () => this.mention());
  }

  closeMenus() {}

  mention() {
    const { mention } = this.data;
    if (!this.text.value.includes(mention)) this.text.value = `${mention} ${this.text.value}`;
    this.fitText();
    this.text.focus();
  }

  perform(name, body) {
    return super.perform(`zalo-${name}`, body);
  }

  async write(text, more = {}) {
    if (!text.trim()) return;
    const quote = this.quoted ? { reply_to: this.quoted.message_id } : {};
    if (!(await this.perform("write", { text, ...quote, ...more }))) return;
    this.quote(null);
    if (this.text.value === text) this.clearText();
  }

  keyOf(message) {
    return message.message_id;
  }

  bubbleOf(message) {
    return zaloBubble(message, this);
  }

  isFromBot(message) {
    return message.from.is_bot;
  }

  find(id) {
    return id ? this.data.messages.find((message) => message.message_id === id) : null;
  }

  // ---- drawing

  drawSubtitle() {
    this.subtitle.classList.toggle("typing", Boolean(this.typing));
    const people = `${this.data.players.length} thành viên`;
    this.subtitle.textContent = this.typing ? "đang soạn tin…" : this.data.private ? "Bot" : people;
  }

  drawStanding() {
    const { standing, messages, private: isPrivate } = this.data;
    const isBlocked = isPrivate && standing === "gone";
    const isIn = standing === "member";
    const owns = !isPrivate && this.isAdmin();
    this.composer.hidden = isBlocked;
    this.setAct(this.headAct, ...(isPrivate && isIn ? ["block", "Chặn"] : owns && isIn ? ["remove-bot", "Xóa bot"] : ["", ""]));
    this.setAct(this.bottomAct, ...(isBlocked ? ["unblock", "Bỏ chặn Bản tin"] : owns && !isIn ? ["add-bot", "Mời Bản tin vào nhóm"] : ["", ""]));
    this.empty.hidden = messages.length > 0;
    this.messages.hidden = messages.length === 0;
    this.empty.textContent = this.emptyWords(isPrivate, isIn);
    this.drawAnswers();
  }

  emptyWords(isPrivate, isIn) {
    if (isPrivate) return "Zalo không có nút BẮT ĐẦU: nhắn một tin bất kỳ cho Bản tin.";
    return isIn ? "Trong nhóm Zalo, Bản tin chỉ thấy tin có nhắc tên nó hoặc trả lời tin của nó."
      : "Bản tin chưa có trong nhóm này. Trưởng nhóm mời Bản tin vào bằng đường dẫn trong Zalo Bot Creator.";
  }

  isAdmin() {
    return this.data.players.some((player) => player.id === this.player && player.role === "trưởng nhóm");
  }

  // What the bot asks for; before it has said anything, how to begin.
  drawAnswers() {
    if (!this.answers) return; // still being built
    const wasAtEnd = this.isAtEnd();
    const asked = this.openQuestion();
    const isNew = !this.data.messages.some((message) => message.from.is_bot);
    const chips = asked ? this.choiceChips(asked) : isNew ? this.firstChips() : [];
    this.answers.hidden = chips.length === 0 || this.composer.hidden;
    this.answers.replaceChildren(...chips);
    if (wasAtEnd) this.scrollToEnd();
  }

  // The newest one that nobody has answered; news may have come after it.
  openQuestion() {
    for (const message of this.data.messages.toReversed()) {
      if (!message.from.is_bot && message.reached_bot) return null;
      if (message.from.is_bot && choicesOf(message.text).length > 0) return message;
    }
    return null;
  }

  firstChips() {
    const { private: isPrivate, standing } = this.data;
    if (isPrivate) return ["Xin chào", "dang ky"].map((words) => this.chip(words, () => this.write(words)));
    if (standing !== "member") return [];
    return [this.chip("@Bản tin dang ky", () => this.write("dang ky", { mention: true }))];
  }

  choiceChips(message) {
    const isList = isTickList(message.text);
    const quote = this.data.private ? {} : { reply_to: message.message_id };
    return choicesOf(message.text).map(({ number, label }) => {
      const words = label.length > MOST_LABEL_CHARS ? `${label.slice(0, MOST_LABEL_CHARS).trim()}…` : label;
      const press = isList && number !== "0" ? () => this.tick(number, message) : () => this.write(number, quote);
      const chip = this.chip(number, press, `Trả lời ${number}: ${words}`);
      chip.title = words;
      return chip;
    });
  }

  chip(words, press, label = words) {
    const chip = element("button", { type: "button", class: "answer", "data-testid": "answer", "aria-label": label }, words);
    chip.addEventListener("click", press);
    return chip;
  }

  // Of a tick list the numbers are gathered in the composer.
  tick(number, message) {
    const typed = this.text.value.split(/\s+/).filter(Boolean);
    const kept = typed.includes(number) ? typed.filter((each) => each !== number) : [...typed, number];
    this.text.value = kept.join(" ");
    if (!this.data.private) this.quote(message);
    this.text.focus();
  }

  quote(message) {
    this.quoted = message;
    this.quoting.hidden = !message;
    if (!message) return;
    const cancel = element("button", { type: "button", class: "quiet", "data-testid": "quote-cancel" }, "Bỏ");
    cancel.addEventListener("click", () => this.quote(null));
    this.quoting.replaceChildren(element("p", {}, element("strong", {}, "Trả lời: "), firstLine(message.text)), cancel);
    this.text.focus();
  }
}
