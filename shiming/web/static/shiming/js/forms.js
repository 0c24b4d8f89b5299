// Forms are sent in the background: the input stays in place until the server has accepted it.
// A redirect moves the page; a refusal is shown above the form; a form with errors replaces itself.
import { addressOf } from "./drafts.js";
import { fresh } from "./find.js";

export function refresh(root) {
  // The server reports missing input with a code; the browser's own message would appear before it.
  for (const form of fresh(root, "form[method=post]", "words")) form.noValidate = true;
  for (const form of fresh(root, "form[method=post]", "enter")) form.addEventListener("keydown", enter);
  for (const form of fresh(root, "form[method=post]:not([data-plain])", "form")) send(form);
  (root.querySelector?.("[data-next-step]") ?? root.querySelector?.("[data-form-errors]"))?.focus();
}

// An entry of the summary leads to its field, also in a dialog where the id of the field was changed.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-to-field]");
  const field = link?.closest("form")?.elements[link.dataset.toField];
  const target = field instanceof RadioNodeList ? field[0] : field;
  if (!target) return;
  event.preventDefault();
  target.closest("details")?.setAttribute("open", "");
  target.scrollIntoView({ block: "center" });
  target.focus();
});

// Enter presses the form's own button; the browser would press the first one, which may have another action.
function enter(event) {
  if (event.key !== "Enter" || event.isComposing || event.target.matches("textarea, button, a, summary")) return;
  const buttons = [...event.currentTarget.querySelectorAll("button:not([type=button])")];
  const own = buttons.find((button) => !button.name && !button.hasAttribute("formaction"));
  if (!own || own === buttons[0]) return;
  event.preventDefault();
  if (!own.disabled) event.currentTarget.requestSubmit(own);
}

function send(form) {
  const inDialog = form.closest("#dialog");
  const inMain = form.closest("main");
  if (!window.htmx || (!inDialog && !inMain) || form.hasAttribute("hx-post")) return;
  const page = inDialog ? document.getElementById("dialog-body").dataset.address : location.href;
  form.setAttribute("hx-post", form.getAttribute("action") || page);
  form.setAttribute("hx-target", inDialog ? "#dialog-body" : "#main");
  form.setAttribute("hx-swap", "innerHTML show:none");
  form.setAttribute("hx-headers", JSON.stringify({ "X-Frame": inDialog ? "dialog" : "main" }));
  const sends = "button:not([type=button])";
  if (form.querySelector(sends)) form.setAttribute("hx-disabled-elt", `find ${sends}`);
  if (form.querySelector("[type=file]")) form.setAttribute("hx-encoding", "multipart/form-data");
  window.htmx.process(form);
}

// A button in a row of a list is outside of the form it sends; htmx alone would not see its address.
document.addEventListener("htmx:configRequest", (event) => {
  const address = event.detail.triggeringEvent?.submitter?.getAttribute("formaction");
  if (address) event.detail.path = address;
  const form = event.detail.elt.closest("form[method=post]");
  if (form) event.detail.headers["X-Form"] = addressOf(form);
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  if (xhr.status === 204) return;
  const whole = /^\s*<!doctype/i.test(xhr.responseText);
  if (!target?.matches("#main, #dialog-body")) {
    if (!whole) return;
    event.detail.shouldSwap = false; // an error page in reply to a request for a part of a page
    return tell("sayFailed");
  }
  if (!xhr.responseText) {
    event.detail.shouldSwap = false;
    return tell("sayFailed");
  }
  const answer = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const fault = answer.querySelector("template[data-fault]")?.content;
  const refused = fault || answer.body.firstElementChild?.matches("[data-refusals]");
  if (refused) return showRefusals(event, fault ?? answer.body, target);
  if (whole) takeMain(event, answer, target);
});

function showRefusals(event, refusals, target) {
  event.detail.shouldSwap = false;
  const slot = slotFor(event.detail.requestConfig?.elt, target);
  slot.replaceChildren(...refusals.children);
  slot.scrollIntoView({ block: "center" });
}

// Above the refused form; for a button without fields, above the dialog's content or the page. A dialog that
// could not be opened is reported on the page.
function slotFor(sender, target) {
  const form = sender?.closest("form");
  if (!form?.querySelector(".field")) {
    const inDialog = target.id === "dialog-body" && target.querySelector("[data-refusal-slot]");
    return inDialog || document.querySelector(".work > [data-refusal-slot], .phone-page > [data-refusal-slot]");
  }
  const slot = form.querySelector("[data-refusal-slot]") ?? document.createElement("div");
  slot.dataset.refusalSlot = "";
  form.prepend(slot);
  return slot;
}

function takeMain(event, answer, target) {
  // The reply is a whole page (an error page, or a view without parts).
  const main = answer.getElementById("main");
  if (!main) return;
  event.detail.shouldSwap = true;
  const page = main.innerHTML;
  event.detail.serverResponse = target.id === "main" ? page : `<div class="sheet__body">${page}</div>`;
}

document.addEventListener("htmx:afterSwap", (event) => {
  const slot = document.querySelector(".work > [data-refusal-slot], .phone-page > [data-refusal-slot]");
  if (event.detail.target?.id === "main") slot?.replaceChildren();
});
document.addEventListener("htmx:sendError", () => tell("sayLost"));
document.addEventListener("htmx:timeout", () => tell("saySilent"));
document.addEventListener("htmx:beforeOnLoad", () => document.querySelector("#flash [data-unanswered]")?.remove());

// The sentences are in the page, in its language.
function tell(what) {
  const flash = document.getElementById("flash");
  const line = document.createElement("p");
  line.className = "toast-line toast-line--error";
  line.setAttribute("role", "alert");
  line.dataset.unanswered = "";
  line.textContent = flash?.dataset[what];
  flash?.replaceChildren(line);
}
