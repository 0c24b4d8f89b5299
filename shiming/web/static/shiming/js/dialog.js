// Dialogs: a[data-dialog] opens its address in the page's one <dialog>; data-confirm asks first.
import { fresh } from "./find.js";

const dialog = document.getElementById("dialog");
const body = document.getElementById("dialog-body");

export function refresh(root) {
  if (body?.contains(root)) {
    untangle();
    body.querySelector("[data-look]")?.scrollIntoView({ block: "nearest" });
  }
  for (const link of fresh(root, "a[data-dialog]")) link.addEventListener("click", open);
  for (const button of fresh(root, "[data-confirm]")) button.addEventListener("click", confirmFirst);
  for (const button of fresh(root, "[data-open]")) {
    button.addEventListener("click", () => document.getElementById(button.dataset.open)?.showModal());
  }
  for (const button of fresh(root, "[data-close]")) {
    button.addEventListener("click", () => button.closest("dialog")?.close());
  }
}

export function openDialog(url, { method = "GET", values = {} } = {}) {
  body.dataset.address = url; // where a form without an action of its own is sent
  return window.htmx
    .ajax(method, url, { target: body, swap: "innerHTML", values, headers: { "X-Frame": "dialog" } })
    .then(show);
}

// A field of the page may have the same id as one of the dialog: each label must keep its own field.
function untangle() {
  for (const element of body.querySelectorAll("[id]")) {
    const twins = document.querySelectorAll(`[id="${CSS.escape(element.id)}"]`);
    if (twins.length === 1) continue;
    const id = `dialog-${element.id}`;
    for (const name of ["for", "aria-describedby", "aria-labelledby", "form", "list", "data-fill"]) {
      for (const user of body.querySelectorAll(`[${name}~="${CSS.escape(element.id)}"]`)) {
        user.setAttribute(name, user.getAttribute(name).replace(element.id, id));
      }
    }
    element.id = id;
  }
}

function show() {
  if (!body.children.length || dialog.open) return;
  dialog.showModal();
  body.querySelector("[autofocus], input:not([type=hidden]), select, textarea, button:not([data-close])")?.focus();
}

function open(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || !dialog || !window.htmx) return;
  event.preventDefault();
  openDialog(event.currentTarget.href);
}

function confirmFirst(event) {
  const button = event.currentTarget;
  if (button.dataset.confirmed) return void delete button.dataset.confirmed;
  event.preventDefault();
  event.stopImmediatePropagation();
  const ask = document.getElementById("confirm");
  ask.querySelector("[data-confirm-text]").textContent = button.dataset.confirm;
  const yes = ask.querySelector("[data-confirm-yes]");
  yes.textContent = button.dataset.confirmYes ?? yes.dataset.confirmYes;
  ask.returnValue = "no";
  ask.addEventListener("close", () => ask.returnValue === "yes" && press(button), { once: true });
  ask.showModal();
}

function press(button) {
  button.dataset.confirmed = "1";
  button.click();
}

dialog?.addEventListener("close", () => body.replaceChildren());
dialog?.addEventListener("click", (event) => {
  // A click outside the dialog closes it, unless a field was changed.
  if (event.target === dialog && !body.querySelector("form[data-changed]")) dialog.close();
});
document.addEventListener("closeDialog", () => dialog?.close()); // HX-Trigger: closeDialog
