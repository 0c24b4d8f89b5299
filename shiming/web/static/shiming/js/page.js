// Page functions: menu, keys, messages, network, printing, going back.
const on = (selector, does) =>
  document.addEventListener("click", (event) => {
    const element = event.target.closest(selector);
    if (element) does(element, event);
  });

on("[data-dismiss]", (button) => button.parentElement.remove());
on("[data-print]", () => window.print());
on("[data-back]", () => (history.length > 1 ? history.back() : location.assign("/")));
on("[data-toggle-menu]", () => menu(!document.getElementById("side").classList.contains("is-open")));
document.addEventListener("click", (event) => {
  if (!event.target.closest("#side, [data-toggle-menu]")) menu(false);
});

function menu(open) {
  document.getElementById("side")?.classList.toggle("is-open", open);
  document.querySelector("[data-toggle-menu]")?.setAttribute("aria-expanded", open);
}

const typing = (element) => element.matches("input, select, textarea, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") menu(false);
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "?") document.getElementById("keys")?.showModal();
  if (event.key !== "/") return;
  const search = document.querySelector("[data-filters] input:not([type=hidden]), [data-filters] select");
  if (!search) return;
  event.preventDefault();
  search.closest(".filter-bar").querySelector("details")?.setAttribute("open", "");
  search.focus();
});

// A form made for a dialog, opened as a page: its title becomes the heading.
const main = document.querySelector(".console #main");
if (main && !main.querySelector("h1")) {
  main.prepend(Object.assign(document.createElement("h1"), { textContent: document.title.replace(/ · 实名$/, "") }));
}

const offline = document.querySelector("[data-offline]");
const network = () => offline && (offline.hidden = navigator.onLine);
window.addEventListener("online", network);
window.addEventListener("offline", network);
network();
