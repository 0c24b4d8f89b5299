// 登记台: a row becomes a form and back; typed and chosen values are carried over to 非正常登记.
import { openDialog } from "../shiming/js/dialog.js";

const kept = new WeakMap();
const LIST = "[data-desk-list]";
const EDIT = "a.act[href$='/edit/']";
const STAYS = ["csrfmiddlewaretoken", "person"];
let carried = null;

document.addEventListener("click", (event) => {
  const carrying = event.target.closest("[data-carry]");
  if (carrying) carried = typedIn(carrying.closest("form"));
  const link = event.target.closest(`${LIST} ${EDIT}`);
  if (link) edit(event, link);
  const back = event.target.closest("[data-restore-row]");
  if (back) restore(back.closest("tr"));
}, true);

document.addEventListener("htmx:afterSettle", (event) => {
  const form = document.querySelector("#dialog-body [name=birth_date]")?.form;
  if (!carried || !form || form.elements.number.value || !event.detail.target?.matches("#dialog-body")) return;
  for (const [name, value] of carried) {
    const field = form.elements[name];
    if (field?.type === "checkbox") field.checked = true;
    else if (field && value) field.value = value;
  }
  carried = null;
});

export function carryOver(form, url) {
  carried = typedIn(form);
  openDialog(url);
}

const typedIn = (form) => form && [...new FormData(form)].filter(([name]) => !STAYS.includes(name));

// A person found by number may have been pre-registered by a firm: an entry takes it over where none is chosen.
document.addEventListener("htmx:afterSettle", (event) => {
  const expected = event.detail.target?.querySelector?.("[data-expected-place]");
  const place = expected?.closest("form")?.elements.place;
  if (!place || place.value) return;
  place.value = expected.dataset.expectedPlace;
  place.dispatchEvent(new Event("change", { bubbles: true }));
});

// 劳务队长 belongs to a firm: choosing the leader selects the firm, and a firm offers its own leaders only.
document.addEventListener("change", (event) => {
  const { place, team } = event.target.form?.elements ?? {};
  if (!place || !team) return;
  const led = team.selectedOptions[0]?.closest("optgroup")?.label;
  const firm = [...place.options].find((option) => option.text === led);
  if (event.target === team && firm) place.value = firm.value;
  offerLeaders(place, team);
}, true); // capture: before other listeners use the choice
document.addEventListener("htmx:load", () => document.querySelectorAll("form:has([name=place])").forEach(offerIn));
document.querySelectorAll("form:has([name=place])").forEach(offerIn);

function offerIn(form) {
  const { place, team } = form.elements;
  if (place && team) offerLeaders(place, team);
}

function offerLeaders(place, team) {
  const firm = place.value && place.selectedOptions[0].text;
  for (const group of team.querySelectorAll("optgroup")) {
    group.disabled = group.hidden = Boolean(firm) && group.label !== firm;
  }
  if (team.selectedOptions[0]?.closest("optgroup")?.disabled) team.value = "";
}

async function edit(event, link) {
  event.preventDefault();
  event.stopPropagation();
  const row = link.closest("tr");
  const body = row.parentElement;
  const place = row.nextElementSibling;
  await window.htmx.ajax("GET", link.href, { target: row, swap: "outerHTML", headers: { "X-Frame": "main" } });
  const editing = place ? place.previousElementSibling : body.lastElementChild;
  if (!editing.matches(".desk-row")) return; // the worker has left meanwhile, and the page shows it
  kept.set(editing, row);
  editing.querySelector("select, input:not([type=hidden])")?.focus();
}

// A refusal swaps the row for one with the errors; the old row is found by its position.
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

document.addEventListener("keydown", (event) => {
  const irregular = event.key === "F2" && document.querySelector("#dialog[open] [data-carry]");
  if (irregular) {
    event.preventDefault();
    irregular.click();
  }
  const editing = event.target.closest(".desk-row");
  if (event.key === "Escape" && editing) restore(editing);
});

function restore(editing) {
  const before = kept.get(editing);
  if (!before) return location.reload();
  editing.replaceWith(before);
  before.querySelector(EDIT).focus();
}

// 保存: the new row replaces the form; page, filters and ticks stay.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const editing = event.detail.elt.closest(".desk-row");
  if (!editing || !event.detail.xhr.getResponseHeader("HX-Redirect")) return;
  event.preventDefault();
  renew(editing);
});

async function renew(editing) {
  const page = await shownNow();
  const address = kept.get(editing)?.querySelector(EDIT).getAttribute("href");
  const row = (root) => root.querySelector(`${LIST} a.act[href="${address}"]`)?.closest("tr");
  if (row(page)) window.htmx.swap(editing, row(page).outerHTML, { swapStyle: "outerHTML" });
  else showList(page); // the row is no longer on this page
  (row(document)?.querySelector(EDIT) ?? document.querySelector(`${LIST} tbody tr`))?.focus();
}

// After 保存成功! every way of closing the dialog reloads the list with the new row.
const dialog = document.getElementById("dialog");
let saved = false;
document.addEventListener("htmx:afterSwap", (event) => {
  saved ||= event.detail.target?.id === "dialog-body" && Boolean(dialog.querySelector("[data-entered]"));
});
dialog.addEventListener("click", (event) => {
  if (!event.target.closest("[data-entries-done]")) return;
  event.preventDefault();
  dialog.close();
});
dialog.addEventListener("close", async () => {
  if (saved && document.querySelector(LIST)) showList(await shownNow());
  saved = false;
});

// The current page again, with its messages.
async function shownNow() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  document.getElementById("flash").replaceChildren(...page.getElementById("flash").children);
  return page;
}

function showList(page) {
  window.htmx.swap(LIST, page.querySelector(LIST).innerHTML, { swapStyle: "innerHTML" });
}
