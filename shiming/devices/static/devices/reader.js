// The 读卡 button: reads one card, beeps, fills the form it stands in, and never saves anything by itself.
// A page with its own handling listens to `shiming:card` (detail: the card) and prevents the default.
import { play, wake } from "../shiming/js/sound.js";
import * as serial from "./serial.js";
import { inWords } from "./trouble.js";
import { find, forget, read } from "./ways.js";

// The fields of a form that a card fills, by their names.
const FIELDS = {
  number: ["number", "id_number"], name: ["name"], sex: ["sex"], birth: ["birth_date", "birth"],
  ethnicity: ["ethnicity"], address: ["register_address"], issuer: ["issuer"], valid_from: ["valid_from"],
  valid_to: ["valid_to"],
};
const KEY = "F8";
let busy = false;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-read], [data-connect]");
  if (button) start(button.closest("[data-read-card]"), "connect" in button.dataset);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== KEY) return;
  const boxes = [...document.querySelectorAll("[data-read-card]")];
  const box = boxes.findLast((each) => each.querySelector("[data-read]").offsetParent);
  if (box) event.preventDefault();
  if (box) start(box, false);
});

async function start(box, connect) {
  if (busy) return;
  busy = true;
  wake();
  waiting(box, true);
  try {
    await attempt(box, connect);
  } catch (error) {
    failed(box, error);
  }
  waiting(box, false);
  busy = false;
}

async function attempt(box, connect) {
  const places = JSON.parse(box.dataset.bridges);
  const port = connect ? await serial.choose() : null;
  tell(box, "正在找阅读器…");
  const way = port ? "serial" : await find(places);
  if (!way) return noReader(box);
  tell(box, "请把证件放到阅读器上…");
  const card = await read(way, places, (trouble) => tell(box, trouble, "warn"), port);
  if (!card) return refuse(box, "没有读到证件。请把证件拿开，再平放到阅读器上，然后重读。");
  if (card.problems.length) return refuse(box, `${card.problems.join("；")}。请再读一次。`);
  take(box, card);
}

function take(box, card) {
  play(card.warnings.length ? "warn" : "ok");
  const form = box.closest("form") ?? document.getElementById(box.dataset.target)?.form;
  const event = new CustomEvent("shiming:card", { bubbles: true, cancelable: true, detail: card });
  const ours = (form ?? box).dispatchEvent(event); // prevented: the page shows the card and its warnings
  if (ours) fill(box, form, card);
  tell(box, [`已读到${card.name}，请核对`, ...(ours ? card.warnings : [])].join("；"), card.warnings.length ? "warn" : "ok");
}

// A search takes the number only; a form takes every value it has a field for.
function fill(box, form, card) {
  if (box.dataset.target) {
    const search = document.getElementById(box.dataset.target);
    put(search, card.number);
    return search.focus(); // Enter searches
  }
  for (const [key, names] of Object.entries(FIELDS)) {
    const named = form?.querySelector(`[data-card="${key}"]`);
    const field = named ?? names.map((name) => form?.elements[name]).find(Boolean);
    if (field && card[key]) put(field, card[key]);
  }
  if (form?.elements.reading) form.elements.reading.value = JSON.stringify(card); // 用这张卡建档并进场
  if (card.long_term && form?.elements.valid_to) put(form.elements.valid_to, "");
  if (form) goOn(box, form);
}

// Focus the first empty field; when all are filled, the number, where Enter submits.
// A user typing in another field keeps the focus.
function goOn(box, form) {
  const here = document.activeElement;
  const ours = Object.values(FIELDS).flat();
  if (here !== document.body && !box.contains(here) && !ours.includes(here.name)) return;
  const missing = [...form.elements].find((field) => field.required && !field.value && field.type !== "hidden");
  (missing ?? form.elements.number ?? here).focus();
}

function put(field, value) {
  if (field.options && ![...field.options].some((option) => option.value === value)) return;
  field.value = value;
  field.classList?.remove("is-invalid");
  for (const name of ["input", "change"]) (field[0] ?? field).dispatchEvent(new Event(name, { bubbles: true }));
}

function noReader(box) {
  const connect = box.querySelector("[data-connect]");
  connect.hidden = !serial.supported();
  refuse(box, connect.hidden ? "没有找到阅读器。" : "没有找到阅读器。接在串口或 USB 上的，点“连接阅读器”。");
}

function failed(box, error) {
  if (error.name === "NotFoundError") return tell(box, "没有选择阅读器");
  forget();
  refuse(box, inWords(error));
}

function refuse(box, sentence) {
  play("stop");
  tell(box, sentence, "stop");
  box.querySelector("[data-check]").hidden = false;
}

function waiting(box, on) {
  const button = box.querySelector("[data-read]");
  button.toggleAttribute("disabled", on);
  button.setAttribute("aria-busy", on);
}

function tell(box, sentence, tone = "") {
  const line = box.querySelector("[data-reader-say]");
  line.textContent = sentence;
  line.dataset.tone = tone;
}
