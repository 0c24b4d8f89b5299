// 登记台: a row becomes a form and back; the number already typed is carried over to 非正常登记.
import { openDialog } from "../shiming/js/dialog.js";

const kept = new WeakMap();
let carried = "";

document.addEventListener("click", (event) => {
  const carrying = event.target.closest("[data-carry-number]");
  if (carrying) carried = numberOf(carrying);
  const link = event.target.closest("[data-desk-list] a.act[href$='/edit/']");
  if (link) edit(event, link);
  const back = event.target.closest("[data-restore-row]");
  if (back) restore(back.closest("tr"));
}, true);

document.addEventListener("htmx:afterSettle", () => {
  const field = document.querySelector("#dialog-body input[name=number]");
  if (!carried || !field || field.value || !document.querySelector("#dialog-body [name=birth_date]")) return;
  field.value = carried;
  carried = "";
});

export function carryOver(number, url) {
  carried = number;
  openDialog(url);
}

function numberOf(link) {
  const form = link.closest("form") ?? document.querySelector("[data-queue]");
  return form?.elements.number?.value ?? "";
}

async function edit(event, link) {
  event.preventDefault();
  event.stopPropagation();
  const row = link.closest("tr");
  const body = row.parentElement;
  const place = row.nextElementSibling;
  await window.htmx.ajax("GET", link.href, { target: row, swap: "outerHTML", headers: { "X-Frame": "main" } });
  const editing = place ? place.previousElementSibling : body.lastElementChild;
  kept.set(editing, row);
  editing.querySelector("select, input:not([type=hidden])")?.focus();
}

// After a refusal the row was swapped for one with the errors: the row that was, is still known by its place.
document.addEventListener("htmx:beforeSwap", (event) => {
  const row = event.detail.target;
  if (row?.matches?.(".desk-row")) pending = kept.get(row) ?? null;
});
let pending = null;
document.addEventListener("htmx:load", (event) => {
  if (pending && event.detail.elt.matches?.(".desk-row")) {
    kept.set(event.detail.elt, pending);
    pending = null;
  }
});

function restore(editing) {
  const before = kept.get(editing);
  if (before) editing.replaceWith(before);
  else location.reload();
}
