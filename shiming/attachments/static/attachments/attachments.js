// 附件: files wait in a queue, travel in pieces by the tus protocol, pause and go on; the list below is the server's.
// For going on after a reload the address of an upload is kept in this tab alone, under size and time of the file:
// on a shared computer no name of a file stays behind.
import { fresh } from "../shiming/js/find.js";

const PIECE = 512 * 1024;
const RETRIES = [0, 1000, 3000, 5000, 10000];
const KEPT = "upload:";

function refresh(root) {
  for (const box of fresh(root, "[data-attachments]", "attachments")) new Panel(box);
}

class Panel {
  constructor(box) {
    this.box = box;
    this.form = box.querySelector("[data-upload]");
    this.items = [];
    this.done = 0;
    this.current = null;
    const { kind, file } = this.form.elements;
    file.multiple = true;
    file.addEventListener("change", () => this.add(file));
    this.form.querySelector("[data-upload-file]").hidden = true;
    this.button("add").hidden = false;
    this.button("add").addEventListener("click", () => file.click());
    kind.addEventListener("change", () => this.askDate());
    this.form.addEventListener("submit", (event) => this.start(event));
    this.button("pause").addEventListener("click", () => this.pause());
    this.button("resume").addEventListener("click", () => this.resume());
    window.addEventListener("online", () => this.current?.broken && this.resume());
    window.addEventListener("beforeunload", (event) => this.current && box.isConnected && event.preventDefault());
    this.askDate();
  }

  button(name) {
    return this.form.querySelector(`[data-${name}]`);
  }

  askDate() {
    const dated = this.form.elements.kind.value === this.box.dataset.dated;
    this.form.querySelector("[data-upload-date]").hidden = !dated;
  }

  add(input) {
    for (const file of input.files) this.items.push(this.row(file));
    input.value = "";
    this.problem("");
    this.show();
  }

  row(file) {
    const row = this.form.querySelector("[data-row]").content.firstElementChild.cloneNode(true);
    const item = { file, row, waits: true };
    row.querySelector("[data-name]").textContent = file.name;
    row.querySelector("[data-size]").textContent = `${(file.size / 1_000_000).toFixed(1)} MB`;
    row.querySelector("[data-drop]").addEventListener("click", () => this.drop(item));
    this.form.querySelector("[data-queue]").append(row);
    this.say(item, this.box.dataset.sayWaits);
    return item;
  }

  drop(item) {
    item.upload?.abort(true).catch(() => {});
    this.forget(item);
    if (this.current === item) {
      this.current = null;
      this.next();
    }
    this.button("add").focus();
  }

  forget(item) {
    item.row.remove();
    this.items = this.items.filter((other) => other !== item);
    this.show();
  }

  // Type and date stand for what waits when 上传 is pressed: more may be added afterwards with another type.
  start(event) {
    event.preventDefault();
    const { kind, issued_on: day } = this.form.elements;
    const { sayKind, sayDate, sayNone, dated } = this.box.dataset;
    const waiting = this.items.filter((item) => item.waits);
    if (!waiting.length) return this.problem(sayNone, this.button("add"));
    if (!kind.value) return this.problem(sayKind, kind);
    if (kind.value === dated && !day.value) return this.problem(sayDate, day);
    this.problem("");
    for (const item of waiting) {
      item.waits = false;
      item.ready = true;
      item.about = { kind: kind.value, issued_on: kind.value === dated ? day.value : "" };
    }
    if (!this.current) this.next();
  }

  async next() {
    const item = this.items.find((other) => other.ready);
    this.current = item ?? null;
    this.show();
    if (!item) return;
    item.ready = false;
    this.say(item, this.box.dataset.saySending);
    if (!window.tus) await import(this.box.dataset.tus);
    item.upload = new window.tus.Upload(item.file, this.options(item));
    const [earlier] = await item.upload.findPreviousUploads();
    if (earlier) item.upload.resumeFromPreviousUpload(earlier);
    item.prepared = true;
    if (this.current === item && !item.paused) item.upload.start();
  }

  options(item) {
    const { endpoint, holder } = this.box.dataset;
    const { file, about } = item;
    return {
      endpoint,
      chunkSize: PIECE,
      retryDelays: RETRIES,
      headers: { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
      metadata: { holder, filename: file.name, ...about },
      fingerprint: async () => [holder, about.kind, about.issued_on, file.size, file.lastModified].join("|"),
      urlStorage: inThisTab,
      removeFingerprintOnSuccess: true,
      onProgress: (sent, all) => (item.row.querySelector("progress").value = (100 * sent) / all),
      onSuccess: () => this.kept(item),
      onError: (error) => this.failed(item, error),
    };
  }

  kept(item) {
    this.done += 1;
    this.forget(item);
    this.list();
    this.next();
  }

  failed(item, error) {
    const status = error.originalResponse?.getStatus() ?? 0;
    if (status === 0 || status >= 500) {
      item.broken = true;
      this.say(item, this.box.dataset.sayBroken);
      return this.show();
    }
    item.row.classList.add("upload--refused");
    this.say(item, refusals(error) || this.box.dataset.sayFailed);
    this.list();
    this.next();
  }

  pause() {
    const item = this.current;
    item.paused = true;
    item.upload?.abort();
    this.say(item, this.box.dataset.sayPaused);
    this.show();
    this.button("resume").focus();
  }

  resume() {
    const item = this.current;
    item.paused = item.broken = false;
    this.say(item, this.box.dataset.saySending);
    this.show();
    this.button("pause").focus();
    if (item.prepared) item.upload.start();
  }

  list() {
    const list = { target: "#attachment-list", swap: "outerHTML" };
    window.htmx.ajax("GET", this.box.dataset.list, list);
  }

  show() {
    const stands = this.current?.paused || this.current?.broken;
    this.button("pause").hidden = !this.current || stands;
    this.button("resume").hidden = !this.current || !stands;
    this.form.querySelector("[data-queue]").hidden = !this.items.length;
    const all = this.done + this.items.length;
    const words = this.box.dataset.sayCount.replace("{done}", this.done).replace("{all}", all);
    this.form.querySelector("[data-count]").textContent = all ? words : "";
  }

  say(item, sentence) {
    item.row.querySelector("[data-state]").textContent = sentence;
  }

  problem(sentence, field) {
    const line = this.form.querySelector("[data-problem]");
    line.textContent = sentence;
    line.hidden = !sentence;
    field?.focus();
  }
}

// What the server refused, in its own words.
function refusals(error) {
  try {
    const said = JSON.parse(error.originalResponse.getBody()).refusals;
    return said.map((each) => `${each.sentence}，${each.next_step}`).join("；");
  } catch {
    return "";
  }
}

// The storage that tus asks for the address of an upload it began before; without the metadata, which names the file.
const inThisTab = {
  findAllUploads: async () => [],
  async findUploadsByFingerprint(fingerprint) {
    const found = sessionStorage.getItem(KEPT + fingerprint);
    return found ? [{ ...JSON.parse(found), urlStorageKey: KEPT + fingerprint }] : [];
  },
  removeUpload: async (key) => sessionStorage.removeItem(key),
  async addUpload(fingerprint, { size, creationTime, uploadUrl }) {
    sessionStorage.setItem(KEPT + fingerprint, JSON.stringify({ size, creationTime, uploadUrl }));
    return KEPT + fingerprint;
  },
};

// Last: a panel that is there already is built at once, and its class stands above.
refresh(document);
document.addEventListener("htmx:load", (event) => refresh(event.detail.elt));
