// A message's text with its entities, as DOM nodes: text from outside only ever becomes text.

const INLINE = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

const BLOCKS = new Set(["BLOCKQUOTE", "PRE"]);

// Offsets are UTF-16 units, as JavaScript's own.
export function richText(text, entities, onCommand) {
  const fragment = document.createDocumentFragment();
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  appendRange(fragment, text, 0, text.length, sorted, onCommand);
  return fragment;
}

function appendRange(parent, text, start, end, entities, onCommand) {
  let position = start;
  for (let i = 0; i < entities.length; i += 1) {
    const entity = entities[i];
    const from = Math.max(entity.offset, position);
    const to = Math.min(entity.offset + entity.length, end);
    if (from >= to) continue;
    parent.append(text.slice(position, from));
    const inner = entities.slice(i + 1).filter((other) => other.offset < to);
    const node = nodeFor(entity, text.slice(from, to), onCommand);
    appendRange(node, text, from, to, inner, onCommand);
    parent.append(node);
    position = to;
    // The end of a block is a new line already.
    if (BLOCKS.has(node.tagName) && text[position] === "\n") position += 1;
  }
  parent.append(text.slice(position, end));
}

function nodeFor(entity, words, onCommand) {
  if (entity.type === "text_link" || entity.type === "url") return linkTo(entity.url || words);
  if (entity.type === "bot_command") {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "command";
    button.addEventListener("click", () => onCommand(words));
    return button;
  }
  const node = document.createElement(INLINE[entity.type] || "span");
  if (!INLINE[entity.type]) node.className = `entity-${entity.type.replace(/[^a-z_]/g, "")}`;
  return node;
}

export function linkTo(address) {
  const link = document.createElement("a");
  if (/^(https?|tg):/i.test(address)) link.href = address;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}
