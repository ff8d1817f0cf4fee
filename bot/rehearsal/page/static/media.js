// The photo or document of a message.

import { element } from "./dom.js";

const NUMBER = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 1 });

export function mediaOf(message) {
  if (message.photo) return photo(message);
  return message.document ? card(message.document) : null;
}

function photo(message) {
  const largest = message.photo[message.photo.length - 1];
  const image = element("img", {
    src: address(largest), alt: message.caption || "Ảnh", width: largest.width, height: largest.height,
    "data-testid": "photo",
  });
  return element("a", { class: "photo", href: address(largest), target: "_blank", rel: "noopener" }, image);
}

function card(file) {
  return element("a", { class: "file", href: address(file), download: file.file_name, "data-testid": "document" },
    element("span", { class: "file-icon", "aria-hidden": "true" }, kindOf(file.file_name)),
    element("span", { class: "file-words" },
      element("strong", {}, file.file_name), element("small", {}, sizeInWords(file.file_size))));
}

function address(file) {
  return `/rehearsal/file/${encodeURIComponent(file.file_id)}`;
}

function kindOf(name) {
  const ending = name.split(".").pop();
  return name.includes(".") && ending.length <= 4 ? ending.toUpperCase() : "TỆP";
}

export function sizeInWords(bytes) {
  if (bytes >= 1 << 20) return `${NUMBER.format(bytes / (1 << 20))} MB`;
  return `${NUMBER.format(Math.max(1, bytes / 1024))} KB`;
}
