// The numbers that a bot's message asks for, so that one may press what a member would type.

const LINE = /^(\d{1,2})\. (.+)$/;
const ASKS = /trả lời|gửi số/i;
const TICKS = /các số/i;

// The choices of a text: { number, label }; none when it asks for no number.
export function choicesOf(text) {
  const lines = text.split("\n");
  if (!lines.some((line) => ASKS.test(line) && !LINE.test(line))) return [];
  return lines.map((line) => LINE.exec(line.trim())).filter(Boolean)
    .map(([, number, label]) => ({ number, label }));
}

// Several numbers may be answered at once.
export function isTickList(text) {
  return text.split("\n").some((line) => ASKS.test(line) && TICKS.test(line));
}
