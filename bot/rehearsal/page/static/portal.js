// The portal panel: what stands on the portal, and publishing.

import { FAILED, act, element } from "./dom.js";

export function drawPortal(articles) {
  document.getElementById("articles").replaceChildren(...articles.map((article) => element("li", {},
    element("a", { href: article.url, target: "_blank", rel: "noopener" }, article.title),
    element("small", {}, `${article.category} · ${article.when}`))));
}

async function publish(body) {
  const note = document.getElementById("published");
  try {
    await act("publish", body);
    note.textContent = "Đã đăng.";
    return true;
  } catch {
    note.textContent = FAILED;
    return false;
  }
}

document.getElementById("publish").addEventListener("click", () => publish({}));
document.getElementById("own").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [title, body] = [document.getElementById("own-title"), document.getElementById("own-body")];
  if (await publish({ title: title.value, body: body.value })) {
    title.value = "";
    body.value = "";
  }
});
