// The scanner: the camera scans continuously, one showing of a code is posted once, the answer is a verdict.
// A hardware scanner types into the field below and is handled the same way.
import { fresh } from "./find.js";
import { say } from "./speak.js";
import { play, wake } from "./sound.js";

// A code has left the picture after so many looks without it, and so many milliseconds: one look may be blurred, and
// on a slow phone a look takes a second.
const GONE = { looks: 8, after: 1500 };
const LOOK_EVERY = 100;
const LOOK_SIZE = 480; // pixels across the frame: enough for our codes at arm's length, quick on an old phone

// The code of a person changes every 30 seconds: P, 26 letters for the person, then the rest. While the person stays
// in the picture, the next code is the same showing. Other codes stay as they are.
const shownBy = (code) => (/^P/i.test(code) ? code.slice(0, 27).toUpperCase() : code);

export function refresh(root) {
  for (const box of fresh(root, "[data-scanner]")) new Scanner(box);
}

export class Scanner {
  constructor(box) {
    this.box = box;
    this.words = box.dataset; // sayOpening, sayAim …: in the language of the page
    this.video = box.querySelector("[data-video]");
    this.form = box.querySelector("[data-scan-form]");
    this.input = this.form.elements[box.dataset.field];
    this.facing = "environment";
    this.held = { who: "", seen: 0, missed: 0 };
    this.busy = false;
    this.frame = Object.assign(document.createElement("canvas"), { width: LOOK_SIZE, height: LOOK_SIZE });
    this.on("[data-scan-start]", () => this.start());
    this.on("[data-scan-stop]", () => this.stop());
    this.on("[data-scan-camera]", () => this.turn());
    this.form.addEventListener("submit", (event) => this.typed(event));
    document.addEventListener("visibilitychange", () => !document.hidden && this.stream && this.stayAwake());
    window.addEventListener("pagehide", () => this.stop());
  }

  on(selector, does) {
    this.box.querySelector(selector)?.addEventListener("click", does);
  }

  async start() {
    wake();
    this.tell(this.words.sayOpening);
    try {
      this.detector ??= await detectorFor(this.box);
      const video = { facingMode: { ideal: this.facing }, width: { ideal: 1280 }, height: { ideal: 1280 } };
      this.stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    } catch (error) {
      return this.tell(reason(error, this.words));
    }
    this.video.srcObject = this.stream;
    await this.video.play();
    this.buttons(true);
    this.tell(this.words.sayAim);
    this.stayAwake();
    this.look();
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
    this.wakeLock?.release().catch(() => {});
    this.buttons(false);
    this.tell(this.words.sayPaused);
  }

  async turn() {
    this.facing = this.facing === "environment" ? "user" : "environment";
    this.stop();
    await this.start();
  }

  async look() {
    if (!this.stream || !this.box.isConnected) return;
    const started = performance.now();
    if (!this.busy && this.video.readyState >= 2) {
      const [found] = await this.detector.detect(this.square()).catch(() => []);
      if (found) await this.take(found.rawValue);
      else this.held.missed += 1;
    }
    // Pause as long as the last detection took, so that the page stays responsive on a slow phone.
    setTimeout(() => this.look(), Math.max(LOOK_EVERY, performance.now() - started));
  }

  square() {
    const { videoWidth: width, videoHeight: height } = this.video;
    const side = Math.min(width, height);
    const paper = this.frame.getContext("2d", { willReadFrequently: true });
    paper.drawImage(this.video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, LOOK_SIZE, LOOK_SIZE);
    return this.frame;
  }

  typed(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    wake();
    const code = this.input.value.trim();
    this.input.value = "";
    if (code) this.take(code, true);
  }

  async take(code, typed = false) {
    if (this.busy) return;
    const who = shownBy(code);
    const still = who === this.held.who && !this.gone();
    this.held = { who, seen: Date.now(), missed: 0 };
    if (still && !typed) return;
    this.busy = true;
    this.tell(this.words.sayChecking);
    try {
      await this.post(code);
    } catch {
      this.refuse(this.words.sayLost);
    }
    this.held.seen = Date.now();
    this.busy = false;
  }

  gone() {
    return this.held.missed >= GONE.looks && Date.now() - this.held.seen >= GONE.after;
  }

  async post(code) {
    const body = new FormData(this.form);
    body.set(this.box.dataset.field, code);
    const headers = { "HX-Request": "true", "X-Frame": "main", "X-Scan": "1" };
    const answer = await fetch(this.box.dataset.url, { method: "POST", body, headers });
    const moved = answer.headers.get("HX-Redirect");
    if (moved) return location.assign(moved);
    this.show(await answer.text());
    if ("once" in this.box.dataset) this.stop();
  }

  show(html) {
    const slot = this.box.querySelector("[data-answer]");
    const answer = new DOMParser().parseFromString(html, "text/html");
    const parts = (answer.getElementById("main") ?? answer.body).childNodes;
    slot.replaceChildren(...parts);
    const verdict = slot.querySelector("[data-verdict]") ?? this.stopWith(slot);
    play(verdict.dataset.verdict);
    say(verdict.dataset.sayNow);
    window.htmx?.process(slot);
    this.tell(this.words.sayFollowing);
    this.present(slot);
  }

  // Scroll so that camera, colour, face and verdict are visible, however many reasons follow.
  present(slot) {
    for (const part of [this.box.querySelector(".scanner__view"), slot.querySelector("[data-look]") ?? slot]) {
      part.scrollIntoView({ block: "nearest", behavior: "instant" });
    }
  }

  // A refusal without a verdict, from any command: same colour and sound as a stop.
  stopWith(slot) {
    const verdict = this.box.querySelector("[data-stop]").content.firstElementChild.cloneNode(true);
    verdict.append(...slot.childNodes);
    const reasons = [...verdict.querySelectorAll("[data-say]")].map((each) => each.textContent.trim());
    verdict.dataset.sayNow = reasons.join("。") || verdict.textContent.trim();
    slot.replaceChildren(verdict);
    return verdict;
  }

  refuse(sentence) {
    play("stop");
    say(sentence);
    this.tell(sentence);
  }

  async stayAwake() {
    this.wakeLock = await navigator.wakeLock?.request("screen").catch(() => null);
  }

  buttons(running) {
    this.box.classList.toggle("is-on", running);
    this.box.querySelector("[data-scan-start]").hidden = running;
    this.box.querySelector("[data-scan-stop]").hidden = !running;
    this.box.querySelector("[data-scan-camera]").hidden = !running;
  }

  tell(sentence) {
    this.box.querySelector("[data-scanner-say]").textContent = sentence;
  }
}

// The browser's own detector if present, else the vendored one with its wasm file.
async function detectorFor(box) {
  const formats = ["qr_code"];
  if ("BarcodeDetector" in window && (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    return new window.BarcodeDetector({ formats });
  }
  await script(box.dataset.detector);
  const { BarcodeDetector, prepareZXingModule } = window.BarcodeDetectionAPI;
  await prepareZXingModule({ overrides: { locateFile: () => box.dataset.wasm }, fireImmediately: true });
  return new BarcodeDetector({ formats });
}

function script(url) {
  if (window.BarcodeDetectionAPI) return Promise.resolve();
  return new Promise((done, failed) => {
    const element = document.createElement("script");
    Object.assign(element, { src: url, onload: done, onerror: failed });
    document.head.append(element);
  });
}

function reason(error, words) {
  if (!navigator.mediaDevices) return words.sayInsecure;
  return words[`say${error.name}`] ?? words.sayFailed; // NotAllowedError, NotFoundError, NotReadableError
}
