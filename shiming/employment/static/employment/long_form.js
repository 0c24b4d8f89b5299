// The long forms of managers and workers: saved while they are typed, rows that come and go without a reload, an index
// that says what is still missing. Photos are sent as soon as they are taken.
import { fresh } from "../shiming/js/find.js";

const PAUSE = 2000; // milliseconds after the last key
const MOST_WAITING = 15000; // never longer than this between two saves while typing goes on
const wide = matchMedia("(min-width: 1100px)");

function refresh(root) {
  for (const page of fresh(root, "[data-long-form]", "long-form")) prepare(page);
}

function prepare(page) {
  const form = page.querySelector("#long-form");
  const draft = page.dataset.values ? new Draft(page, form) : null;
  fold(page);
  for (const block of page.querySelectorAll("[data-block]")) prepareRows(block, () => changed(page, draft));
  for (const photo of page.querySelectorAll("[data-photo]")) preparePhoto(photo, page);
  form.addEventListener("input", () => changed(page, draft));
  form.addEventListener("change", () => changed(page, draft));
  form.addEventListener("keydown", onEnter);
  if (draft) form.addEventListener("submit", (event) => saveFirst(event, draft), true);
  page.addEventListener("click", (event) => follow(event, page));
  guardAgainstTwice(form, page);
  watchPlace(page);
  count(page);
}

function changed(page, draft) {
  draft?.later();
  count(page);
}

// --- saved while it is typed

class Draft {
  constructor(page, form) {
    this.form = form;
    this.address = page.dataset.values;
    this.note = page.querySelector("[data-saved]");
    this.sent = serialise(form);
    this.mark = page.dataset.mark;
    addEventListener("pagehide", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
  }

  later() {
    clearTimeout(this.timer);
    this.since ??= Date.now();
    const wait = Date.now() - this.since > MOST_WAITING ? 0 : PAUSE;
    this.timer = setTimeout(() => this.save(), wait);
  }

  // One after the other: a slow answer never overtakes a newer one.
  save() {
    clearTimeout(this.timer);
    this.running = (this.running ?? Promise.resolve()).then(() => this.send());
    return this.running;
  }

  async send() {
    const values = serialise(this.form);
    this.since = undefined;
    if (values === this.sent || !this.form.isConnected) return;
    try {
      const answer = await fetch(this.address, this.request(values));
      if (answer.status === 409) return this.ask((await answer.json()).title);
      if (answer.redirected || !answer.ok) return this.tell(await reason(answer), true);
      this.sent = values;
      if (serialise(this.form) === values) delete this.form.dataset.changed;
      const { saved, mark } = await answer.json();
      this.mark = mark;
      this.tell(`已自动保存 ${saved}`);
    } catch {
      this.tell("网络断开，内容还在本页；恢复后自动保存", true);
    }
  }

  // Two windows on one draft: nothing is overwritten before the user chooses.
  ask(sentence) {
    this.tell(`${sentence}。 `, true);
    this.choice("用这里的", () => {
      this.mark = null;
      this.save();
    });
    this.choice("用另一个窗口的", () => {
      this.form.dataset.leaving = "1";
      delete this.form.dataset.changed;
      location.reload();
    });
  }

  choice(label, press) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm" });
    button.textContent = label;
    button.addEventListener("click", press);
    this.note.append(button, " ");
  }

  holds() {
    return serialise(this.form) === this.sent;
  }

  // Leaving: the request goes on without the page.
  flush() {
    const values = serialise(this.form);
    if (!this.form.isConnected || values === this.sent || this.form.dataset.leaving) return;
    this.sent = values;
    delete this.form.dataset.changed;
    fetch(this.address, { ...this.request(values), keepalive: true }).catch(() => (this.sent = ""));
  }

  request(values) {
    return {
      method: "POST",
      body: values,
      redirect: "follow",
      headers: {
        ...{ "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
        ...(this.mark === null ? {} : { "X-Draft-Mark": this.mark }),
      },
    };
  }

  tell(sentence, bad = false) {
    this.note.textContent = sentence;
    this.note.classList.toggle("is-bad", bad);
  }
}

function serialise(form) {
  return new URLSearchParams(new FormData(form)).toString();
}

async function reason(answer) {
  if (answer.redirected || [401, 403].includes(answer.status)) return "登录已失效：请在新窗口登录，再回到这里继续";
  if (answer.status === 404) return "这份草稿已提交或已放弃，请返回列表";
  return "没有存上，内容还在本页，稍后自动再试";
}

// A session that ended meanwhile must not take what was typed along: what is submitted has been saved before.
async function saveFirst(event, draft) {
  const form = event.currentTarget;
  const button = event.submitter;
  if (form.dataset.saved) return void delete form.dataset.saved;
  event.preventDefault();
  event.stopImmediatePropagation();
  await draft.save();
  if (!draft.holds()) return;
  form.dataset.saved = "1";
  setTimeout(() => form.requestSubmit(button)); // not before this submission is over: the browser would ignore it
}

function guardAgainstTwice(form, page) {
  const buttons = page.querySelectorAll("[data-submit]");
  const disable = (sending) => buttons.forEach((button) => (button.disabled = sending));
  form.addEventListener("htmx:beforeRequest", () => {
    form.dataset.leaving = "1";
    disable(true);
  });
  form.addEventListener("htmx:afterRequest", () => {
    delete form.dataset.leaving;
    disable(false);
  });
}

// --- rows

function prepareRows(block, onChange) {
  const list = block.querySelector("[data-rows]");
  const gone = block.querySelector("[data-gone]");
  let removed = null;
  block.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const row = button?.closest("[data-row]");
    if (button?.matches("[data-add]")) add(block, list);
    else if (button?.matches("[data-up]") && row.previousElementSibling) move(row, row.previousElementSibling, button);
    else if (button?.matches("[data-down]") && row.nextElementSibling) move(row.nextElementSibling, row, button);
    else if (button?.matches("[data-remove]")) {
      removed = { row, before: row.nextElementSibling };
      focusNear(row, block);
      row.remove();
      gone.hidden = false;
    } else if (button?.matches("[data-undo]") && removed) {
      list.insertBefore(removed.row, removed.before?.isConnected ? removed.before : null);
      firstField(removed.row).focus();
      removed = null;
      gone.hidden = true;
    } else return;
    onChange();
  });
}

function add(block, list) {
  const key = `n${Date.now().toString(36)}${Math.floor(performance.now()).toString(36)}`;
  const holder = document.createElement("template");
  holder.innerHTML = block.querySelector("template").innerHTML.replaceAll("__row__", key);
  const row = holder.content.querySelector("[data-row]");
  list.append(row);
  row.classList.add("is-new");
  firstField(row).focus();
}

function move(row, before, button) {
  before.before(row);
  button.focus();
}

function focusNear(row, block) {
  const near = row.nextElementSibling ?? row.previousElementSibling;
  (near?.querySelector("[data-remove]") ?? block.querySelector("[data-add]")).focus();
}

function firstField(row) {
  return row.querySelector("input:not([type=hidden]), select");
}

// --- keys: Enter goes on to the next field, Ctrl+Enter submits

function onEnter(event) {
  if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return;
  if (event.target.matches("button, textarea, summary, a")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const form = event.currentTarget;
  if (event.ctrlKey || event.metaKey) return form.requestSubmit();
  const fields = [...form.querySelectorAll("input:not([type=hidden]), select, textarea, [data-add]")];
  const open = fields.filter((field) => !field.disabled && field.offsetParent);
  open[open.indexOf(event.target) + 1]?.focus();
}

// --- the index

function fold(page) {
  const index = page.querySelector("[data-index]");
  const set = () => (index.open = wide.matches);
  set();
  wide.addEventListener("change", set);
}

function follow(event, page) {
  const link = event.target.closest('a[href^="#"]');
  const target = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!target) return;
  event.preventDefault();
  if (!wide.matches && link.closest("[data-index]")) page.querySelector("[data-index]").open = false;
  target.scrollIntoView({ block: target.matches("[data-part]") ? "start" : "center" });
  const field = target.matches("[data-part]") ? target.querySelector("input:not([type=hidden]), select") : target;
  (field ?? target).focus({ preventScroll: true });
}

function count(page) {
  for (const link of page.querySelectorAll("[data-index] a")) {
    const part = document.getElementById(link.getAttribute("href").slice(1));
    const note = link.querySelector("[data-count]");
    if (!part || !note) continue;
    const wrong = part.querySelectorAll(".is-invalid").length;
    const open = [...part.querySelectorAll("input[required], select[required]")].filter(isMissing).length;
    const rows = part.querySelectorAll("[data-row]").length;
    note.textContent = wrong ? `${wrong} 处要改` : open ? `还差 ${open} 项` : rows ? `${rows} 条` : whole(part);
    link.dataset.tone = wrong ? "stop" : open ? "wait" : note.textContent ? "ok" : "";
  }
}

// A row without a single value is as good as removed.
function isMissing(field) {
  const row = field.closest("[data-row]");
  const used = !row || [...row.querySelectorAll("input:not([type=hidden]), select")].some((other) => other.value);
  return used && !field.value;
}

function whole(part) {
  if (part.id === "section-photos") {
    const there = part.querySelectorAll(".is-there").length;
    return there ? `${there}/${part.querySelectorAll("[data-photo]").length}` : "";
  }
  return part.dataset.block ? "" : "已填全";
}

function watchPlace(page) {
  const links = new Map([...page.querySelectorAll("[data-index] a")].map((link) => [link.hash.slice(1), link]));
  const here = page.querySelector("[data-here]");
  const seen = new IntersectionObserver(
    (entries) => {
      const top = entries.find((entry) => entry.isIntersecting);
      const link = top && links.get(top.target.id);
      if (!link) return;
      for (const other of links.values()) other.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
      here.textContent = link.firstChild.textContent.trim();
    },
    { rootMargin: "-15% 0px -70% 0px" },
  );
  for (const part of page.querySelectorAll("[data-part]")) seen.observe(part);
}

// --- photos

function preparePhoto(box, page) {
  const state = box.querySelector("[data-photo-state]");
  box.addEventListener("captured", async (event) => {
    state.textContent = "正在上传…";
    state.className = "photo__state";
    const body = new FormData();
    body.append("photo", event.detail);
    body.append("csrfmiddlewaretoken", page.querySelector("[name=csrfmiddlewaretoken]").value);
    try {
      const answer = await fetch(box.dataset.photo, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = answer.redirected || [401, 403, 404].includes(answer.status) ? null : await answer.json();
      tellPhoto(box, state, answer, told);
    } catch {
      state.textContent = "没有传上去，请再选一次";
      state.classList.add("is-bad");
    }
    count(page);
  });
}

function tellPhoto(box, state, answer, told) {
  if (!answer.ok || !told) {
    state.textContent = told?.refused ?? "没有传上去，请重新登录后再试";
    state.classList.add("is-bad");
    return;
  }
  box.querySelector(".photo__kept")?.remove();
  state.textContent = told.notes?.length ? `已上传 ${told.saved}，但${told.notes.join("；")}` : `已上传 ${told.saved}`;
  state.classList.add("is-there");
}

refresh(document);
document.addEventListener("htmx:load", (event) => refresh(event.detail.elt));
