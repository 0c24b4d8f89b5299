// A field for an administrative division: typed text is searched, an empty field offers province → city → county.
// Arrows move, Enter takes, Escape closes; the value is the whole label, which the server checks.
const PAUSE = 120;
let list, field, timer, level, asked;
let madeSoFar = 0;

document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-regions]")) open(event.target);
  else if (!list?.contains(event.target)) close();
});
// A tap beside the field on a phone gives the focus to nothing.
document.addEventListener("focusout", (event) => event.target === field && close());
document.addEventListener("click", (event) => {
  if (event.target === field && list?.hidden) open(field);
});
document.addEventListener("input", (event) => {
  if (event.target !== field || !event.isTrusted) return;
  clearTimeout(timer);
  timer = setTimeout(() => show(field.value.trim() ? { q: field.value.trim() } : { in: "" }), PAUSE);
});
document.addEventListener("keydown", onKey, true);

function open(input) {
  field = input;
  list ??= make();
  input.after(list);
  input.setAttribute("aria-controls", list.id);
  show({ in: "" });
}

function make() {
  const made = document.createElement("ul");
  made.id = "regions-list";
  made.className = "regions";
  made.setAttribute("role", "listbox");
  made.setAttribute("aria-label", "行政区划");
  made.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the field keeps the focus
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  return made;
}

async function show(query, back = []) {
  const mine = (asked = Symbol());
  const address = `${field.dataset.regions}?${new URLSearchParams(query)}`;
  let answer;
  try {
    answer = await (await fetch(address)).json();
  } catch {
    return;
  }
  if (mine !== asked || document.activeElement !== field) return;
  level = back;
  list.replaceChildren(...upwards(answer, back), ...answer.found.map((row) => optionOf(row, query)));
  if (!answer.found.length) list.replaceChildren(nothing());
  list.hidden = false;
  list.scrollTop = 0;
  list.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-expanded", "true");
  mark(query.q ? list.querySelector("[role=option]") : null);
}

function upwards(answer, back) {
  if (!back.length) return [];
  const up = item("‹ 返回上一级", "regions__up");
  up.dataset.up = "1";
  const here = item(`就选 ${answer.in}`, "regions__here");
  here.dataset.label = answer.in;
  const least = Number(field.dataset.least);
  const enough = answer.level >= least || answer.found.every((row) => row.level > least);
  return enough ? [up, here] : [up];
}

function optionOf(row, query) {
  const made = item(query.q ? row.label : row.name);
  made.dataset.label = row.label;
  if (row.more) made.dataset.code = row.code;
  if (row.more) made.classList.add("has-more");
  return made;
}

function item(text, css = "") {
  const made = document.createElement("li");
  made.setAttribute("role", "option");
  made.id = `region-${++madeSoFar}`;
  made.className = css;
  made.textContent = text;
  return made;
}

function nothing() {
  const made = document.createElement("li");
  made.className = "regions__none";
  made.textContent = "没有找到，换几个字再试，或清空后逐级选择";
  return made;
}

function take(option) {
  if (option.dataset.up) {
    const before = level.slice(0, -1);
    return show({ in: before.at(-1) ?? "" }, before);
  }
  fill(option.dataset.label);
  if (option.dataset.code) return show({ in: option.dataset.code }, [...level, option.dataset.code]);
  close();
}

function fill(label) {
  field.value = label;
  field.classList.remove("is-invalid");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function close() {
  clearTimeout(timer);
  asked = null;
  if (!list) return;
  list.hidden = true;
  field?.setAttribute("aria-expanded", "false");
  field?.removeAttribute("aria-activedescendant");
}

function onKey(event) {
  if (event.target !== field || event.isComposing || !list || list.hidden) return;
  const options = [...list.querySelectorAll("[role=option]")];
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const moves = { ArrowDown: at + 1, ArrowUp: at < 0 ? options.length - 1 : at - 1 };
  if (event.key in moves) mark(options[(moves[event.key] + options.length) % options.length]);
  else if (event.key === "Enter" && at >= 0) take(options[at]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function mark(option) {
  for (const other of list.querySelectorAll("[aria-selected]")) other.removeAttribute("aria-selected");
  if (!option) return field.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", option.id);
}
