// One phone: a chat as a person sees it, and what the person can do there.

import { TELEGRAM_SAMPLES, drawOwnerCode, listenAttach } from "./attach.js";
import { bubble } from "./bubble.js";
import { FAILED, act, element } from "./dom.js";
import { listenMenu, showMenu } from "./menu.js";

const TYPING_MS = 5000; // core.telegram.org/bots/api#sendchataction: shown 5 seconds or less
const TOAST_MS = 4000;
const ANSWER_MS = 10000;
const PLATFORMS = { telegram: "Telegram", zalo: "Zalo" };

export class Phone {
  // `page` knows the bot's id and is told of unread messages.
  constructor(data, page) {
    this.data = data;
    this.page = page;
    this.drawn = new Map(); // message key -> node
    const root = document.getElementById("phone-template").content.cloneNode(true);
    this.root = root.querySelector(".phone");
    this.root.id = `screen-${data.key}`;
    this.root.dataset.testid = `phone-${data.key}`;
    this.root.dataset.platform = data.platform;
    for (const part of ["owner", "avatar", "title", "subtitle", "toast", "messages", "empty", "menu",
      "players", "composer", "text"]) {
      this[part] = this.root.querySelector(`.${part}`);
    }
    this.menuOpen = this.root.querySelector(".menu-open");
    this.attach = {
      open: this.root.querySelector(".attach-open"), menu: this.root.querySelector(".attach-menu"),
    };
    this.ownerCode = this.root.querySelector(".owner-code");
    this.code = "";
    this.headAct = this.root.querySelector(".head-act");
    this.bottomAct = this.root.querySelector(".bottom-act");
    this.player = data.players[0].id;
    this.root.setAttribute("aria-label", data.owner);
    this.messages.setAttribute("aria-label", `Tin nhắn, ${data.owner}`);
    this.text.setAttribute("aria-label", `Nhắn tin, ${data.owner}`);
    this.drawPlayers();
    this.listen();
    this.stayAtEnd();
  }

  // The newest message stays in view when the space for messages changes.
  stayAtEnd() {
    let atEnd = true;
    this.messages.addEventListener("scroll", () => { atEnd = this.isAtEnd(); });
    new ResizeObserver(() => { if (atEnd) this.scrollToEnd(); }).observe(this.messages);
  }

  listen() {
    this.composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this.write(this.text.value);
    });
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.write(this.text.value);
      }
    });
    this.text.addEventListener("input", () => this.fitText());
    this.listenTools();
    this.headAct.addEventListener("click", () => this.does(this.headAct.value));
    this.bottomAct.addEventListener("click", () => this.does(this.bottomAct.value));
  }

  // What is beside the text.
  listenTools() {
    listenMenu(this);
    listenAttach(this, TELEGRAM_SAMPLES);
  }

  closeMenus() {
    showMenu(this, false);
  }

  does(name) {
    if (name === "start") return this.write("/start");
    return this.perform(name, {});
  }

  async perform(name, body) {
    try {
      return await act(name, { phone: this.data.key, person: this.player, ...body });
    } catch {
      this.showToast(FAILED);
      return null;
    }
  }

  async write(text) {
    this.closeMenus();
    if (!text.trim()) return;
    if (await this.perform("write", { text })) {
      if (this.text.value === text) this.clearText();
    }
  }

  clearText() {
    this.text.value = "";
    this.fitText();
  }

  fitText() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 140)}px`;
  }

  // ---- drawing

  update(data) {
    this.data = data;
    const { title, owner } = data;
    this.owner.replaceChildren(owner, element("span", { class: "platform" }, PLATFORMS[data.platform]));
    this.title.textContent = title;
    this.avatar.textContent = title.trim().charAt(0).toUpperCase();
    this.messages.replaceChildren();
    this.drawn.clear();
    for (const message of data.messages) this.draw(message);
    this.drawStanding();
    this.drawSubtitle();
  }

  offerCode(code) {
    this.code = code;
    drawOwnerCode(this, code);
  }

  canForward() {
    return this.data.private && this.data.standing === "member";
  }

  drawPlayers() {
    if (this.data.players.length < 2) return;
    this.players.hidden = false;
    for (const { id, name, role } of this.data.players) {
      const input = element("input", {
        type: "radio", name: `player-${this.data.key}`, value: String(id),
        checked: id === this.player, "data-testid": `player-${id}`,
      });
      input.addEventListener("change", () => {
        this.player = id;
        this.closeMenus();
        this.update(this.data);
      });
      this.players.append(element("label", {}, input, element("span", {}, name, element("small", {}, role))));
    }
  }

  drawSubtitle() {
    this.subtitle.classList.toggle("typing", Boolean(this.typing));
    const count = `${this.data.players.length} người`;
    const who = this.data.standing === "member" ? `${count} và Bản tin` : count;
    this.subtitle.textContent = this.typing ? "đang nhập…" : this.data.private ? "bot" : who;
  }

  drawStanding() {
    const { standing, messages } = this.data;
    const isPrivate = this.data.private;
    const starts = isPrivate && standing === "returning" && messages.length === 0;
    const blocked = isPrivate && standing === "gone";
    const away = !isPrivate && standing !== "member";
    this.composer.hidden = starts || blocked;
    this.setAct(this.headAct, ...this.headChoice(isPrivate, standing));
    this.setAct(this.bottomAct, ...this.bottomChoice({ starts, blocked, away }));
    drawOwnerCode(this, this.code);
    this.empty.hidden = messages.length > 0;
    this.messages.hidden = messages.length === 0;
    this.empty.textContent = isPrivate
      ? "Bấm BẮT ĐẦU để trò chuyện với Bản tin."
      : "Bản tin chưa có trong nhóm này. Quản trị viên nhóm thêm Bản tin để cả nhóm nhận tin.";
  }

  headChoice(isPrivate, standing) {
    if (isPrivate && standing === "member") return ["block", "Chặn"];
    if (!isPrivate && standing === "member" && this.isAdmin()) return ["remove-bot", "Xóa bot"];
    return ["", ""];
  }

  bottomChoice({ starts, blocked, away }) {
    if (starts) return ["start", "BẮT ĐẦU"];
    if (blocked) return ["unblock", "Bỏ chặn Bản tin"];
    if (away && this.isAdmin()) return ["add-bot", "Thêm Bản tin vào nhóm"];
    return ["", ""];
  }

  isAdmin() {
    return this.data.players.some((p) => p.id === this.player && p.role === "quản trị viên");
  }

  setAct(button, name, label) {
    button.hidden = !name;
    button.value = name;
    button.textContent = label;
    button.dataset.testid = name;
  }

  keyOf(message) {
    return `${message.chat.id}:${message.message_id}`;
  }

  bubbleOf(message) {
    return bubble(message, this);
  }

  isFromBot(message) {
    return message.from.id === this.page.botId;
  }

  draw(message) {
    const key = this.keyOf(message);
    const node = this.bubbleOf(message);
    const old = this.drawn.get(key);
    const atEnd = this.isAtEnd();
    if (old) old.replaceWith(node);
    else this.messages.append(node);
    this.drawn.set(key, node);
    if (atEnd || message.from.id === this.player) this.scrollToEnd();
  }

  scrollToEnd() {
    this.messages.scrollTop = this.messages.scrollHeight;
  }

  isAtEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.messages;
    return scrollHeight - scrollTop - clientHeight < 120;
  }

  async press(node, message, row, column) {
    if (node.getAttribute("aria-busy") === "true") return;
    node.setAttribute("aria-busy", "true");
    const done = await this.perform("press", { message_id: message.message_id, row, column });
    if (done === null) node.removeAttribute("aria-busy");
    else setTimeout(() => node.removeAttribute("aria-busy"), ANSWER_MS);
  }

  // ---- what the bot does

  onChat(data) {
    Object.assign(this.data, data);
    this.drawStanding();
    this.drawSubtitle();
  }

  onMessage(message) {
    this.data.messages.push(message);
    this.stopTyping();
    this.drawStanding();
    this.draw(message);
    if (this.isFromBot(message)) this.page.onUnread(this.data.key);
  }

  onEdit(message) {
    const same = (m) => m.message_id === message.message_id && m.chat.id === message.chat.id;
    const index = this.data.messages.findIndex(same);
    if (index >= 0) this.data.messages[index] = message;
    this.draw(message);
  }

  onDelete({ message_id: id, chat_id: chat }) {
    this.data.messages = this.data.messages.filter((m) => m.message_id !== id || m.chat.id !== chat);
    this.drawn.get(`${chat}:${id}`)?.remove();
    this.drawn.delete(`${chat}:${id}`);
    this.drawStanding();
  }

  onAnswer({ text, alert }) {
    for (const busy of this.messages.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
    if (!text) return;
    if (alert) {
      document.getElementById("alert-text").textContent = text;
      document.getElementById("alert").showModal();
    } else this.showToast(text);
  }

  onTyping() {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.stopTyping(), TYPING_MS);
    this.drawSubtitle();
  }

  stopTyping() {
    clearTimeout(this.typing);
    this.typing = null;
    this.drawSubtitle();
  }

  showToast(text) {
    clearTimeout(this.toastTimer);
    this.toast.textContent = text;
    this.toast.hidden = false;
    this.toastTimer = setTimeout(() => { this.toast.hidden = true; }, TOAST_MS);
  }
}
