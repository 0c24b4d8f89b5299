// Lists by keyboard and by ticking: ↑ ↓ move, space ticks, Enter opens, Ctrl+A ticks all, ← → turn pages.
import { openDialog } from "./dialog.js";
import { fresh } from "./find.js";

export function refresh(root) {
  for (const list of fresh(root, "[data-list]")) prepare(list);
}

function prepare(list) {
  rowsOf(list).forEach((row, index) => row.setAttribute("tabindex", index ? "-1" : "0"));
  list.addEventListener("keydown", (event) => move(event, list, rowsOf(list)));
  list.addEventListener("change", (event) => ticked(event, list));
  list.querySelector("[data-ticked]")?.addEventListener("click", (event) => needOne(event, list), true);
  for (const button of list.querySelectorAll("[data-dialog-post]")) {
    button.addEventListener("click", (event) => postToDialog(event, button));
  }
  count(list);
}

const rowsOf = (list) => [...list.querySelectorAll("tbody tr")]; // a row may be edited in its place

function move(event, list, rows) {
  const row = event.target.closest("tbody tr");
  if (!row || event.target.matches("input:not([type=checkbox]), select, textarea")) return;
  const key = event.ctrlKey || event.metaKey ? `Ctrl+${event.key.toLowerCase()}` : event.key;
  const does = {
    ArrowDown: () => focus(rows, rows.indexOf(row) + 1),
    ArrowUp: () => focus(rows, rows.indexOf(row) - 1),
    Home: () => focus(rows, 0),
    End: () => focus(rows, rows.length - 1),
    " ": () => event.target === row && row.querySelector("input[type=checkbox]")?.click(),
    Enter: () => event.target === row && row.querySelector("td a")?.click(),
    "Ctrl+a": () => list.querySelector("[data-tick-all]")?.click(),
    ArrowRight: () => list.querySelector("a[rel=next]")?.click(),
    ArrowLeft: () => list.querySelector("a[rel=prev]")?.click(),
  }[key];
  if (!does || (["Enter", " "].includes(key) && event.target !== row)) return;
  event.preventDefault();
  does();
}

function focus(rows, index) {
  const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
  rows.forEach((each) => each.setAttribute("tabindex", each === row ? "0" : "-1"));
  row.focus();
}

const boxes = (list) => [...list.querySelectorAll("tbody input[type=checkbox]")];

function ticked(event, list) {
  if (event.target.matches("[data-tick-all]")) {
    for (const box of boxes(list)) box.checked = event.target.checked;
  }
  count(list);
}

function count(list) {
  const all = boxes(list);
  const chosen = all.filter((box) => box.checked).length;
  const head = list.querySelector("[data-tick-all]");
  const counted = list.querySelector("[data-ticked-count]");
  if (head) {
    head.checked = chosen > 0 && chosen === all.length;
    head.indeterminate = chosen > 0 && chosen < all.length;
  }
  if (counted) {
    counted.hidden = !chosen;
    counted.querySelector("b").textContent = chosen;
  }
  const every = offerEvery(list, chosen > 0 && chosen === all.length);
  if (every && counted) counted.querySelector("b").textContent = every.dataset.count;
  if (chosen) list.querySelector("[data-ticked-hint]").hidden = true;
}

// 选择全部 is offered when the whole page is ticked, and taken back with the first row that is not. The box, if chosen.
function offerEvery(list, wholePage) {
  const every = list.querySelector("[data-every]");
  const box = every?.querySelector("input[type=checkbox]");
  if (!box) return null;
  every.hidden = !wholePage;
  box.checked &&= wholePage;
  return box.checked ? box : null;
}

// no row selected. The server returns the same refusal without this script. An export button stands in the bar
// and belongs to a form of its own, which asks for no row.
function needOne(event, list) {
  const button = event.target.closest("button");
  if (!button || button.form !== event.currentTarget || boxes(list).some((box) => box.checked)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  list.querySelector("[data-ticked-hint]").hidden = false;
}

function postToDialog(event, button) {
  event.preventDefault();
  const values = {};
  for (const [name, value] of new FormData(button.form)) (values[name] ??= []).push(value);
  openDialog(button.getAttribute("formaction"), { method: "POST", values });
}
