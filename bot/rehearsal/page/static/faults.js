// The panel of faults: what an office can practise with.

import { FAILED, act, element } from "./dom.js";

const SECONDS = 5;
const error = (code, description = "") => ({ kind: "error", code, description });
// Of each platform: value of the choice, name, meaning, what the act is told.
const KINDS = {
  telegram: [
    ["429", "Telegram báo “gửi quá nhanh”", `Mã 429: Telegram bảo chờ ${SECONDS} giây rồi mới nhận tiếp.`, error(429)],
    ["403", "Người nhận đã chặn Bản tin", "Mã 403: tin không tới được người này nữa.", error(403)],
    ["500", "Máy chủ Telegram lỗi", "Mã 500: Telegram không nhận tin, lát sau có thể lại được.", error(500)],
    ["silence_after", "Telegram im lặng", "Telegram nhận tin nhưng không trả lời: Bản tin không biết tin đã tới chưa.", { kind: "silence_after" }],
    ["slow", "Telegram trả lời chậm", `Mỗi tin, Telegram ${SECONDS} giây sau mới trả lời.`, { kind: "slow" }],
    ["down", "Telegram ngừng hẳn", "Mọi kết nối đều đứt, như khi Telegram bị chặn. Luôn áp dụng cho tất cả, đến khi tắt. Ai đã liên kết Zalo thì sau một phút nhận ở đó.", { kind: "unreachable" }],
  ],
  zalo: [
    ["zalo-429", "Zalo hết lượt gửi của tháng", "Mã 429: Zalo không nhận tin nào nữa cho tới tháng sau.", error(429, "Quota exceeded")],
    ["zalo-400", "Zalo từ chối tin", "Mã 400: người nhận có thể đã rời đi. Ba bản tin liên tiếp như vậy, Bản tin ngừng gửi cho người đó.", error(400, "Bad request: chat not found")],
    ["zalo-403", "Máy chủ Zalo lỗi", "Mã 403, ở Zalo là lỗi máy chủ: lát sau có thể lại được.", error(403, "Internal server error")],
    ["zalo-silence_after", "Zalo im lặng", "Zalo nhận tin nhưng không trả lời: Bản tin không biết tin đã tới chưa.", { kind: "silence_after" }],
    ["zalo-slow", "Zalo trả lời chậm", `Mỗi tin, Zalo ${SECONDS} giây sau mới trả lời.`, { kind: "slow" }],
    ["zalo-down", "Zalo ngừng hẳn", "Mọi kết nối tới Zalo đều đứt. Luôn áp dụng cho tất cả, đến khi tắt. Ai đã liên kết Telegram thì sau một phút nhận ở đó.", { kind: "unreachable" }],
  ],
};
const OTHERS = {
  400: "từ chối tin (400)", 502: "máy chủ trung gian lỗi (502)",
  silence_before: "im lặng, không nhận tin", garbage: "trả lời vô nghĩa", down: "cắt mọi kết nối",
};
const NAMES = { telegram: "Telegram", zalo: "Zalo" };
const WHOM = {
  telegram: { "": "tất cả", member: "hội viên", group: "nhóm", admin: "cán bộ" },
  zalo: { "": "tất cả", "zalo-member": "hội viên", "zalo-group": "nhóm" },
};

const part = (name) => document.getElementById(`fault-${name}`);
const note = part("note");

export function buildFaults() {
  part("kind").replaceChildren(...Object.entries(KINDS).map(([platform, kinds]) => element("optgroup",
    { label: NAMES[platform] }, ...kinds.map(([value, name]) => element("option", { value }, name)))));
  part("kind").addEventListener("change", explain);
  document.getElementById("fault-form").addEventListener("submit", (event) => {
    event.preventDefault();
    add();
  });
  part("upgrade").addEventListener("click", () => does("upgrade-group", { phone: "group" }));
  part("clear-all").addEventListener("click", () => {
    does("clear-faults", {});
    does("zalo-clear-faults", {});
  });
  explain();
}

// The choice that is made: its platform, meaning, and what the act is told.
function chosen() {
  const { value } = part("kind");
  const platform = value.startsWith("zalo-") ? "zalo" : "telegram";
  const [, , meaning, told] = KINDS[platform].find(([name]) => name === value);
  return { platform, meaning, told };
}

function explain() {
  const { platform, meaning, told } = chosen();
  part("meaning").textContent = meaning;
  drawWhom(platform);
  const isForAll = told.kind === "unreachable";
  for (const name of ["whom", "times"]) part(name).disabled = isForAll;
  if (isForAll) part("whom").value = "";
  if (isForAll) part("times").value = "lasting";
}

function drawWhom(platform) {
  if (part("whom").dataset.platform === platform) return;
  part("whom").dataset.platform = platform;
  part("whom").replaceChildren(...Object.entries(WHOM[platform]).map(([value, name]) => element("option",
    { value }, name.charAt(0).toUpperCase() + name.slice(1))));
}

function add() {
  const { platform, told } = chosen();
  return does(`${prefix(platform)}add-fault`, {
    ...told, phone: part("whom").value, times: part("times").value === "once" ? 1 : null,
    seconds: SECONDS, only_messages: told.kind !== "unreachable",
  });
}

function prefix(platform) {
  return platform === "zalo" ? "zalo-" : "";
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
  const id = `${prefix(fault.platform)}${fault.id}`;
  const off = element("button", {
    type: "button", class: "small", "data-testid": `fault-off-${id}`, "aria-label": `Tắt: ${inWords(fault)}`,
  }, "Tắt");
  off.addEventListener("click", () => does(`${prefix(fault.platform)}clear-faults`, { id: fault.id }));
  return element("li", { "data-testid": `fault-${id}` }, element("span", {}, inWords(fault)), off);
}

function inWords(fault) {
  const { platform, phone, times, chat } = fault;
  const whom = chat && !phone ? `cuộc trò chuyện ${chat}` : WHOM[platform][phone];
  return `${nameOf(fault)} (${whom}, ${times === null ? "đến khi tắt" : `còn ${times} lần`})`;
}

function nameOf({ platform, kind, code }) {
  const known = KINDS[platform].find(([, , , told]) => told.kind === kind && (!told.code || told.code === code));
  if (known) return known[1];
  const what = kind === "error" ? code : kind;
  return `${NAMES[platform]}: ${OTHERS[what] ?? what}`;
}

// A group becomes large once.
export function drawUpgrade(group) {
  part("upgrade").disabled = group.kind !== "group" || group.standing !== "member";
}
