// What was typed and not sent stays: in the tab's storage, personal numbers only in the memory of this page, secrets
// nowhere. Esc, ✕, back and reload keep it; 取消 and 重置 discard it and can be undone; sending and 退出 clear it.
import { openDialog } from "./dialog.js";
import { fresh } from "./find.js";

const STORED = "draft:";
const DISCARDED = "discarded";
const SECRET = /password|token|csrf|otp|secret|captcha|^code$|picture_code/i;
const PERSONAL = /id_number|^number$|id_card|phone|mobile|bank|card|address/i;
const NOT_TYPED = ["hidden", "password", "file", "submit", "button", "reset", "image"];
const memory = new Map();
const flash = document.getElementById("flash");

export function refresh(root) {
  for (const form of fresh(root, "form[method=post]:not([data-plain])", "draft")) {
    if (form.closest("main, #dialog")) keepDraft(form);
  }
}

// Where a form comes from: its draft belongs to this address, and a form sent too late is brought back there.
export function addressOf(form) {
  const page = form.closest("#dialog") ? document.getElementById("dialog-body").dataset.address : location.href;
  const { pathname, search } = new URL(form.getAttribute("action") || page, location.href);
  return pathname + search;
}

const keyOf = (form) => `${STORED}${document.body.dataset.user ?? ""}:${addressOf(form)}`;

function keepDraft(form) {
  const key = keyOf(form);
  if (!form.querySelector("[data-form-errors]")) restore(form, key);
  for (const kind of ["input", "change"]) form.addEventListener(kind, (event) => note(form, key, event.target));
  form.addEventListener("submit", () => delete form.dataset.changed);
  form.addEventListener("htmx:afterRequest", (event) => event.detail.elt === form && sent(form, key, event.detail));
}

function note(form, key, field) {
  if (!field.name) return;
  form.dataset.changed = "1";
  if (!isStored(field)) form.dataset.unkept = "1";
  write(key, { stored: values(form, isStored), remembered: values(form, isRemembered) });
}

function sent(form, key, { xhr, successful }) {
  const refused = /data-form-errors|data-refusals/.test(xhr?.responseText ?? "");
  if (successful && !refused) write(key, {});
  else form.dataset.changed = "1";
}

function write(key, { stored, remembered }) {
  if (stored) sessionStorage.setItem(key, JSON.stringify(stored));
  else sessionStorage.removeItem(key);
  if (remembered) memory.set(key, remembered);
  else memory.delete(key);
}

function read(key) {
  const stored = sessionStorage.getItem(key);
  const remembered = memory.get(key);
  if (!stored && !remembered) return null;
  return { stored: JSON.parse(stored ?? "[]"), remembered: remembered ?? [] };
}

const isTyped = (field) => field.name && !SECRET.test(field.name) && !NOT_TYPED.includes(field.type);
const isStored = (field) =>
  isTyped(field) && !PERSONAL.test(field.name) && !field.closest("[data-no-draft]");
const isRemembered = (field) => isTyped(field) && !isStored(field);

// Untouched fields are left out: what others changed meanwhile is not put back. In an answer with errors every value
// counts as touched.
function values(form, wanted) {
  const ticked = (field) => (isTick(field) ? field.checked : undefined);
  const answered = form.querySelector("[data-form-errors]");
  const fields = [...form.elements].filter((field) => wanted(field) && (answered || isTouched(field)));
  return fields.map((field) => [field.name, field.value, ticked(field)]);
}

const isTick = (field) => ["checkbox", "radio"].includes(field.type);

function isTouched(field) {
  if (isTick(field)) return field.checked !== field.defaultChecked;
  if (!field.options) return field.value !== field.defaultValue;
  const start = [...field.options].findIndex((option) => option.defaultSelected);
  return field.selectedIndex !== Math.max(start, 0);
}

function restore(form, key) {
  const draft = read(key);
  if (!draft) return;
  for (const [name, value, checked] of [...draft.stored, ...draft.remembered]) put(form, name, value, checked);
  if (!values(form, isTyped).length) return;
  form.dataset.changed = "1";
  if (draft.remembered.length) form.dataset.unkept = "1";
  say(form, flash?.dataset.sayRestored, flash?.dataset.sayDiscard, () => {
    discard(form, key);
    form.reset();
    say(form, flash?.dataset.sayDiscarded, flash?.dataset.sayUndo, () => {
      write(key, draft);
      for (const [name, value, checked] of [...draft.stored, ...draft.remembered]) put(form, name, value, checked);
      say(form);
    });
  });
}

function put(form, name, value, checked) {
  for (const field of form.elements) {
    if (field.name !== name || !isTyped(field)) continue;
    if (!isTick(field)) field.value = value;
    else if (field.value === value) field.checked = checked;
  }
}

function discard(form, key) {
  write(key, {});
  delete form.dataset.changed;
  delete form.dataset.unkept;
}

// A line above the fields, with one button.
function say(form, sentence, label, press) {
  form.querySelector("[data-draft-line]")?.remove();
  if (sentence) form.prepend(line(sentence, label, press));
}

function line(sentence, label, press) {
  const said = document.createElement("p");
  said.className = "toast-line";
  said.dataset.draftLine = "";
  said.setAttribute("role", "status");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = label;
  button.addEventListener("click", press);
  said.append(sentence, " ", button);
  return said;
}

// 取消 and 重置 of a form: what was typed is discarded, and a line offers it again.
document.addEventListener(
  "click",
  (event) => {
    const leaving = event.target.closest("a, button[type=button]");
    const form = leaving?.closest("form[method=post]");
    if (!form?.dataset.changed || !/^(取消|重置)$/.test(leaving.textContent.trim())) return;
    const key = keyOf(form);
    const draft = read(key);
    if (!draft) return;
    const dialog = Boolean(form.closest("#dialog"));
    const address = dialog ? document.getElementById("dialog-body").dataset.address : addressOf(form);
    discard(form, key);
    memory.set(DISCARDED, { key, draft, address, dialog });
    sessionStorage.setItem(DISCARDED, JSON.stringify({ key, draft: { stored: draft.stored }, address, dialog }));
    if (dialog || leaving.hasAttribute("data-dialog")) offerUndo();
  },
  true,
);

function offerUndo() {
  const gone = memory.get(DISCARDED) ?? JSON.parse(sessionStorage.getItem(DISCARDED) ?? "null");
  sessionStorage.removeItem(DISCARDED);
  memory.delete(DISCARDED);
  if (!gone || !flash) return;
  const said = line(flash.dataset.sayDiscarded, flash.dataset.sayUndo, () => {
    write(gone.key, gone.draft);
    said.remove();
    if (gone.dialog) openDialog(gone.address);
    else location.assign(gone.address);
  });
  flash.replaceChildren(said);
}

offerUndo();

document.addEventListener("submit", (event) => {
  if (!event.target.action?.endsWith("/logout/")) return;
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(STORED)) sessionStorage.removeItem(key);
  sessionStorage.removeItem(DISCARDED);
});

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-changed][data-unkept]")) event.preventDefault();
});
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
  for (const form of document.querySelectorAll("form[data-changed]")) delete form.dataset.changed;
});
