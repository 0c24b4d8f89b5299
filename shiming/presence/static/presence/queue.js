// 快速登记: read or type, look, Enter; the hands never leave the keyboard, and each person's seconds are counted.
import { play, wake } from "../shiming/js/sound.js";
import { carryOver } from "./desk.js";

const form = document.querySelector("[data-queue]");
const board = document.querySelector("[data-queue-undo]");
const answer = board.querySelector("[data-queue-answer]");
const log = board.querySelector("[data-queue-log]");
const field = form.elements.number;
const entered = [];
let since = null;

const clean = () => field.value.replace(/\s/g, "");
const show = (name, value) => (board.querySelector(`[data-queue-${name}]`).textContent = value);

field.addEventListener("input", () => {
  since ??= performance.now();
  if (clean().length === 18) window.htmx.trigger(field, "lookup");
  else form.querySelector("[data-who-slot]").replaceChildren();
});
form.addEventListener("submit", wake);
form.addEventListener("shiming:card", () => (since ??= performance.now()));

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  const does = {
    F9: undo,
    F2: () => carryOver(clean(), board.dataset.queueIrregular),
    Escape: () => ready(true),
  }[event.key];
  if (!does) return;
  event.preventDefault();
  does();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== answer) return;
  const done = answer.querySelector("[data-entered]");
  if (done) took(done);
  else if (answer.querySelector("[data-refused]")) refused();
});

function took(done) {
  const seconds = (performance.now() - (since ?? performance.now())) / 1000;
  entered.push({ id: done.dataset.entered, seconds, line: line(`${done.dataset.name} · ${seconds.toFixed(1)} 秒`) });
  play("ok");
  figures();
  ready(true);
}

function refused() {
  play("stop");
  field.focus();
  field.select();
}

function line(text) {
  const item = Object.assign(document.createElement("li"), { textContent: text });
  log.prepend(item);
  return item;
}

function figures() {
  const all = entered.map((each) => each.seconds);
  show("count", entered.length);
  show("last", all.length ? all.at(-1).toFixed(1) : "—");
  show("mean", all.length ? (all.reduce((sum, each) => sum + each, 0) / all.length).toFixed(1) : "—");
}

async function undo() {
  const last = entered.at(-1);
  if (!last) return;
  const values = { ids: last.id, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value };
  await window.htmx.ajax("POST", board.dataset.queueUndo, { target: answer, swap: "innerHTML", values });
  if (!answer.querySelector("[data-undone]")) return;
  entered.pop();
  last.line.className = "is-undone";
  play("warn");
  figures();
  field.focus();
}

function ready(empty) {
  if (empty) field.value = "";
  since = null;
  form.querySelector("[data-who-slot]").replaceChildren();
  field.focus();
}
