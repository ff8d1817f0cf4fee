// The portal panel: what stands on the portal; publishing, editing, withdrawing.

import { FAILED, act, element } from "./dom.js";

const part = (name) => document.getElementById(name);
const note = part("published");
let edited = null; // the article in the dialog
let withdrawn = null;

export function drawPortal(articles) {
  part("articles").replaceChildren(...articles.map((article) => element("li", {},
    element("a", { href: article.url, target: "_blank", rel: "noopener" }, article.title),
    element("small", {}, `${article.category} · ${article.when}`),
    element("div", { class: "acts" },
      button("Sửa", `edit-${article.id}`, article, () => openEdit(article)),
      button("Gỡ", `withdraw-${article.id}`, article, () => openWithdraw(article))))));
}

function button(label, testid, article, onClick) {
  const node = element("button", {
    type: "button", class: "small", "data-testid": testid, "aria-label": `${label}: ${article.title}`,
  }, label);
  node.addEventListener("click", onClick);
  return node;
}

function openEdit(article) {
  edited = article;
  part("edit-title").value = article.title;
  part("edit-body").value = article.body;
  part("edit-dialog").showModal();
}

function openWithdraw(article) {
  withdrawn = article;
  part("withdraw-words").textContent = `Gỡ bài “${article.title}” khỏi cổng?`;
  part("withdraw-dialog").showModal();
}

async function does(name, body, done) {
  try {
    await act(name, body);
    note.textContent = done;
    return true;
  } catch {
    note.textContent = FAILED;
    return false;
  }
}

part("publish").addEventListener("click", () => does("publish", {}, "Đã đăng."));
part("own").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [title, body] = [part("own-title"), part("own-body")];
  if (await does("publish", { title: title.value, body: body.value }, "Đã đăng.")) {
    title.value = "";
    body.value = "";
  }
});
part("edit-form").addEventListener("submit", (event) => {
  event.preventDefault();
  part("edit-dialog").close();
  does("edit", { id: edited.id, title: part("edit-title").value, body: part("edit-body").value }, "Đã sửa bài.");
});
part("withdraw-confirm").addEventListener("click", () => {
  part("withdraw-dialog").close();
  does("withdraw", { id: withdrawn.id }, "Đã gỡ bài.");
});
for (const cancel of document.querySelectorAll("dialog .cancel")) {
  cancel.addEventListener("click", () => cancel.closest("dialog").close());
}
