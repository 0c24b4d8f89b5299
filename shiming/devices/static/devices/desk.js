// The page 读卡: the read card with its portrait. It is sent only when the clerk presses the button.
import { fresh } from "../shiming/js/find.js";

const refresh = (root) => fresh(root, "[data-desk]").forEach(open);
document.addEventListener("htmx:load", (event) => refresh(event.detail.elt));
refresh(document);

function open(form) {
  form.addEventListener("shiming:card", (event) => {
    event.preventDefault();
    form.elements.reading.value = JSON.stringify(event.detail);
    show(form, event.detail);
    form.querySelector("[data-finish]").focus();
  });
  const kept = form.elements.reading.value; // the server returned the page with the reading
  if (kept) show(form, JSON.parse(kept));
}

function show(form, card) {
  const period = [card.valid_from, card.long_term ? "长期" : card.valid_to];
  const shown = { ...card, period: period.filter(Boolean).join(" 至 ") };
  for (const place of form.querySelectorAll("[data-show]")) place.textContent = shown[place.dataset.show] || "—";
  form.querySelector("[data-warnings]").replaceChildren(...card.warnings.map(line));
  const finish = form.querySelector("[data-finish]");
  finish.disabled = false;
  finish.classList.add("btn-primary");
  form.querySelector("[data-read]").classList.remove("btn-primary");
  portrait(form, card);
}

function line(sentence) {
  const line = document.createElement("p");
  return Object.assign(line, { className: "toast-line toast-line--warning", textContent: sentence });
}

async function portrait(form, card) {
  const frame = form.querySelector("[data-portrait]");
  const picture = card.photo || (card.wlt && (await decoded(form, card.wlt)));
  const image = Object.assign(document.createElement("img"), { src: picture, alt: `${card.name}的证件照片` });
  const without = Object.assign(document.createElement("span"), { textContent: "照片不可用，不影响登记" });
  frame.replaceChildren(picture ? image : without);
}

// The chip's format needs the maker's library, which only the server may have.
async function decoded(form, wlt) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("wlt", wlt);
  const answer = await fetch(form.dataset.portraits, { method: "POST", body }).catch(() => null);
  return answer?.status === 200 ? URL.createObjectURL(await answer.blob()) : "";
}
