// 人员项目分配: tick a team or people on the left, 添加 brings them over, 移除 takes them back; nothing is saved before
// 确认分配. A search changes the left side only: the people chosen stay chosen.
const form = document.querySelector("[data-allot-tree]");
const chosen = form.querySelector("[data-chosen]");
const offered = form.querySelector("[data-offered]");

offered.addEventListener("change", ({ target }) => {
  if (target.matches("[data-tick-team]")) {
    for (const box of people(target.closest("[data-team]"))) box.checked = target.checked;
  }
  settle();
});
form.querySelector("[data-take]").addEventListener("click", () => take());
form.querySelector("[data-give-back]").addEventListener("click", () => giveBack());
offered.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-fold]");
  if (button) fold(button, button.getAttribute("aria-expanded") === "true");
});

// Keys: ↑ ↓ move, space ticks, Enter adds or removes, ← → fold a team.
form.addEventListener("keydown", (event) => {
  const list = event.target.matches("[type=checkbox]") && event.target.closest("[data-offered], [data-chosen]");
  const does = list && KEYS[event.key];
  if (!does) return;
  event.preventDefault();
  does(event.target, list);
});
const KEYS = {
  ArrowDown: (box, list) => move(list, box, 1),
  ArrowUp: (box, list) => move(list, box, -1),
  ArrowLeft: (box) => foldOf(box, true),
  ArrowRight: (box) => foldOf(box, false),
  Enter: (box, list) => (list === offered ? take() : giveBack()) || rest(list),
};

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-filters]")) return;
  event.preventDefault();
  search(event.target.action, { method: "POST", body: new FormData(event.target) }, () => event.target.submit());
});
document.addEventListener("click", (event) => {
  const reset = event.target.closest("[data-filters] a[href]");
  if (!reset) return;
  event.preventDefault();
  search(reset.href, {}, () => location.assign(reset.href));
});

// An answer other than this page (the login, an error) is opened by the browser.
async function search(address, request, otherwise) {
  const answer = await fetch(address, request).catch(() => null);
  const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page?.querySelector("[data-offered]");
  if (!found) return otherwise();
  const filters = document.querySelector("[data-filters]");
  filters.replaceWith(page.querySelector("[data-filters]"));
  offered.replaceChildren(...found.childNodes);
  history.replaceState(history.state, "", answer.url);
  document.querySelector("[data-filters] input:not([type=hidden])").focus();
  settle();
}

function take() {
  const taken = people(offered).filter((box) => box.checked);
  for (const box of taken) {
    const row = form.querySelector("template").content.firstElementChild.cloneNode(true);
    row.querySelector("span").textContent = box.dataset.person;
    row.querySelector("[name=ids]").value = box.value;
    chosen.append(row);
    box.checked = false;
  }
  settle();
}

function giveBack() {
  for (const row of [...chosen.children]) if (row.querySelector("[type=checkbox]").checked) row.remove();
  settle();
}

function settle() {
  const ids = new Set([...chosen.querySelectorAll("[name=ids]")].map((field) => field.value));
  for (const box of offered.querySelectorAll("[data-person]")) box.closest("li").hidden = ids.has(box.value);
  for (const team of offered.querySelectorAll("[data-team]")) {
    const [left, tick] = [people(team), team.querySelector("[data-tick-team]")];
    const ticked = left.filter((box) => box.checked).length;
    team.hidden = !left.length;
    tick.checked = ticked > 0 && ticked === left.length;
    tick.indeterminate = ticked > 0 && ticked < left.length;
    team.querySelector("[data-team-count]").textContent = left.length;
  }
  for (const count of form.querySelectorAll("[data-chosen-count]")) count.textContent = ids.size;
  form.querySelector("[data-save]").disabled = !ids.size;
  for (const list of [offered, chosen]) oneStop(list);
}

// The visible and folded people of a part that can still be taken.
function people(part) {
  return [...part.querySelectorAll("[data-person]")].filter((box) => !box.closest("li").hidden);
}

function seen(list) {
  return [...list.querySelectorAll("[type=checkbox]")].filter((box) => box.offsetParent);
}

// Tab leaves a list in one step.
function oneStop(list, stop = seen(list)[0]) {
  for (const box of list.querySelectorAll("[type=checkbox]")) box.tabIndex = box === stop ? 0 : -1;
}

function move(list, box, step) {
  const boxes = seen(list);
  const next = boxes[boxes.indexOf(box) + step] ?? box;
  oneStop(list, next);
  next.focus();
}

function rest(list) {
  (seen(list)[0] ?? form.querySelector("[data-save]")).focus();
}

function foldOf(box, folded) {
  const team = box.closest("[data-team]");
  if (!team) return;
  fold(team.querySelector("[data-fold]"), folded);
  oneStop(offered, team.querySelector("[data-tick-team]"));
  team.querySelector("[data-tick-team]").focus();
}

function fold(button, folded) {
  button.setAttribute("aria-expanded", !folded);
  button.closest("[data-team]").querySelector("ul").hidden = folded;
}

settle();
