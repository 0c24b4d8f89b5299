// 快速登记: read or type, check, Enter, all by keyboard; the seconds per person are counted.
import { play, wake } from "../shiming/js/sound.js";
import { carryOver } from "./desk.js";

const form = document.querySelector("[data-queue]");
const board = document.querySelector("[data-queue-undo]");
const answer = board.querySelector("[data-queue-answer]");
const log = board.querySelector("[data-queue-log]");
const slot = form.querySelector("[data-who-slot]");
const field = form.elements.number;
// Entries before this page was opened that can still be undone, newest first.
const entered = [...log.children].map((line) => ({ id: line.dataset.stay, line })).reverse();
let count = Number(board.querySelector("[data-queue-count]").textContent);
let since = null;
let sent = null; // the pending request: the worker's number, and since when it is shown
let pressed = false; // Enter for the next worker before the pending answer
let undoing = false;

const today = () => new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(new Date());
const clean = () => field.value.normalize("NFKC").replace(/[\s\p{Cf}\p{Pd}]/gu, "");
const show = (name, value) => (board.querySelector(`[data-queue-${name}]`).textContent = value);

field.addEventListener("input", () => {
  since ??= performance.now();
  if (clean().length === 18) window.htmx.trigger(field, "lookup");
  else slot.replaceChildren();
});
// The choices stand in the address, so they survive a reload, the back button and a new login. Today's date does
// not, because it would be wrong tomorrow.
form.addEventListener("change", (event) => {
  if (event.target === field) return;
  const not = { csrfmiddlewaretoken: true, number: true, on: form.elements.on.value === today() };
  const chosen = [...new FormData(form)].filter(([name, value]) => value && !not[name]);
  history.replaceState(null, "", `?${new URLSearchParams(chosen)}`);
});
form.addEventListener("shiming:card", () => (since ??= performance.now()));
form.addEventListener("submit", () => {
  wake();
  pressed = Boolean(sent && clean());
});

// The field is cleared for the next number at once; a second Enter on the same person is ignored.
form.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target !== form) return;
  if (!clean() && answer.querySelector("[data-entered]")) return event.preventDefault();
  sent = { number: field.value, since: since ?? performance.now() };
  since = null;
  field.value = "";
});
form.addEventListener("htmx:afterRequest", (event) => {
  if (event.target !== form || !sent) return;
  play("stop"); // no answer, or an answer of another page
  putBack();
});

// The portrait of an earlier number never stands beside the number being typed.
document.addEventListener("htmx:beforeSwap", (event) => {
  const asked = event.detail.requestConfig;
  if (asked?.elt === field) event.detail.shouldSwap &&= asked.parameters.number === field.value;
});

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  const does = {
    F9: undo,
    F2: () => carryOver(form, board.dataset.queueIrregular),
    Escape: ready,
  }[event.key];
  if (!does) return;
  event.preventDefault();
  does();
});

board.querySelector("[data-take-back]").addEventListener("click", undo);

// 非正常登记 from this page is part of the queue: it is counted, and F9 undoes it as well.
const dialog = document.getElementById("dialog");
document.addEventListener("htmx:afterSwap", (event) => {
  const done = event.detail.target?.id === "dialog-body" && dialog.querySelector("[data-entered]");
  if (!done) return;
  took(done, since ?? performance.now());
  answer.replaceChildren();
  ready();
});
dialog.addEventListener("close", () => field.focus());

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== answer || !sent) return;
  const done = answer.querySelector("[data-entered]");
  const not = answer.querySelector("[data-refused]");
  if (done) next(done);
  else if (not) refused(form.elements[not.dataset.refused] ?? field);
});

function next(done) {
  took(done, sent.since);
  sent = null;
  if (!field.value) ready();
  if (pressed && clean()) setTimeout(() => form.requestSubmit());
  pressed = false;
}

function took(done, standing) {
  const seconds = (performance.now() - standing) / 1000;
  count += 1;
  entered.push({ id: done.dataset.entered, seconds, line: line(`${done.dataset.name} · ${seconds.toFixed(1)} 秒`) });
  play("ok");
  figures();
}

function refused(wrong) {
  play("stop");
  if (!putBack()) return;
  wrong.focus();
  if (wrong === field) field.select();
}

// Restore a number that was not accepted, unless the next one is being typed.
function putBack() {
  const { number, since: standing } = sent;
  sent = null;
  pressed = false;
  if (field.value) return false;
  field.value = number;
  since = standing;
  if (clean().length === 18 && !slot.children.length) window.htmx.trigger(field, "lookup"); // show the person again
  return true;
}

function line(text) {
  const item = Object.assign(document.createElement("li"), { textContent: text });
  log.prepend(item);
  return item;
}

function figures() {
  const all = entered.map((each) => each.seconds).filter((each) => each !== undefined);
  show("count", count);
  board.querySelector("[data-take-back]").hidden = !entered.length;
  show("last", all.length ? all.at(-1).toFixed(1) : "—");
  show("mean", all.length ? (all.reduce((sum, each) => sum + each, 0) / all.length).toFixed(1) : "—");
}

async function undo() {
  const last = entered.at(-1);
  if (!last || undoing || sent) return;
  undoing = true;
  answer.replaceChildren();
  const values = { ids: last.id, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value };
  const asked = window.htmx.ajax("POST", board.dataset.queueUndo, { target: answer, swap: "innerHTML", values });
  await asked.catch(() => {});
  undoing = false;
  if (!answer.querySelector("[data-undone]")) return play("stop");
  entered.pop();
  count -= 1;
  last.line.className = "is-undone";
  play("warn");
  figures();
  field.focus();
}

function ready() {
  field.value = "";
  since = null;
  slot.replaceChildren();
  form.querySelector("[data-reader-say]")?.replaceChildren(); // the message was about the previous card
  field.focus();
}
