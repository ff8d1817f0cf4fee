// The panel of faults: what an office can practise with.

import { FAILED, act, element } from "./dom.js";

const SECONDS = 5;
const KINDS = [
  ["429", "Telegram báo “gửi quá nhanh”", `Mã 429: Telegram bảo chờ ${SECONDS} giây rồi mới nhận tiếp.`],
  ["403", "Người nhận đã chặn Bản tin", "Mã 403: tin không tới được người này nữa."],
  ["500", "Máy chủ Telegram lỗi", "Mã 500: Telegram không nhận tin, lát sau có thể lại được."],
  ["silence_after", "Telegram im lặng", "Telegram nhận tin nhưng không trả lời: Bản tin không biết tin đã tới chưa."],
  ["slow", "Telegram trả lời chậm", `Mỗi tin, Telegram ${SECONDS} giây sau mới trả lời.`],
  ["down", "Telegram ngừng hẳn", "Mọi kết nối đều đứt, như khi Telegram bị chặn. Luôn áp dụng cho tất cả."],
];
const OTHERS = {
  400: "Telegram từ chối tin (400)", 502: "Máy chủ trung gian lỗi (502)",
  silence_before: "Telegram im lặng, không nhận tin", garbage: "Telegram trả lời vô nghĩa",
};
const WHOM = { "": "tất cả", member: "hội viên", group: "nhóm", admin: "cán bộ" };

const part = (name) => document.getElementById(`fault-${name}`);
const note = part("note");

export function buildFaults() {
  part("kind").replaceChildren(...KINDS.map(([kind, name]) => element("option", { value: kind }, name)));
  part("kind").addEventListener("change", explain);
  document.getElementById("fault-form").addEventListener("submit", (event) => {
    event.preventDefault();
    add();
  });
  part("upgrade").addEventListener("click", () => does("upgrade-group", { phone: "group" }));
  part("clear-all").addEventListener("click", () => does("clear-faults", {}));
  explain();
}

function explain() {
  const kind = part("kind").value;
  part("meaning").textContent = KINDS.find(([name]) => name === kind)[2];
  part("whom").disabled = kind === "down";
  if (kind === "down") part("whom").value = "";
}

function add() {
  const kind = part("kind").value;
  return does("add-fault", {
    kind, phone: part("whom").value, times: part("times").value === "once" ? 1 : null,
    seconds: SECONDS, only_messages: kind !== "down",
  });
}

async function does(name, body) {
  try {
    await act(name, body);
    note.textContent = "";
  } catch {
    note.textContent = FAILED;
  }
}

export function drawFaults(faults) {
  part("list").replaceChildren(...faults.map(line));
  part("none").hidden = faults.length > 0;
  part("banner").hidden = faults.length === 0;
  part("banner-words").textContent = `Đang tập sự cố: ${faults.map(inWords).join("; ")}.`;
}

function line(fault) {
  const off = element("button", {
    type: "button", class: "small", "data-testid": `fault-off-${fault.id}`, "aria-label": `Tắt: ${inWords(fault)}`,
  }, "Tắt");
  off.addEventListener("click", () => does("clear-faults", { id: fault.id }));
  return element("li", { "data-testid": `fault-${fault.id}` }, element("span", {}, inWords(fault)), off);
}

function inWords({ kind, phone, times, chat }) {
  const name = KINDS.find(([known]) => known === kind)?.[1] || OTHERS[kind] || kind;
  const whom = chat && !phone ? `cuộc trò chuyện ${chat}` : WHOM[phone];
  return `${name} (${whom}, ${times === null ? "đến khi tắt" : `còn ${times} lần`})`;
}

// A group becomes large once.
export function drawUpgrade(group) {
  part("upgrade").disabled = group.kind !== "group" || group.standing !== "member";
}
