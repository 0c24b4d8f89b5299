// A face in front of the camera: first it is placed with the server's advice, then the moves the server chose, each
// with a few frames; all frames travel together, and the page that follows says how it went.
import { say } from "../shiming/js/speak.js";

const LONGEST = 640;
const LOOK_EVERY = 700; // between two looks while the face is being placed
const GOOD_LOOKS = 2; // that many in a row before the moves begin
const BEFORE_A_MOVE = 1800; // to hear the words and to move
const BETWEEN_FRAMES = 600;

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

class FaceCamera {
  constructor(box) {
    this.box = box;
    this.words = box.dataset;
    this.video = box.querySelector("[data-video]");
    this.form = box.querySelector("[data-frames-form]");
    this.facing = box.dataset.facing;
    this.canvas = document.createElement("canvas");
    this.box.querySelector("[data-start]").addEventListener("click", () => this.start());
    this.box.querySelector("[data-turn]").addEventListener("click", () => this.turn());
    window.addEventListener("pagehide", () => this.stop());
  }

  async start() {
    this.tell(this.words.sayOpening);
    try {
      const video = { facingMode: { ideal: this.facing }, width: { ideal: 960 }, height: { ideal: 720 } };
      this.stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    } catch (error) {
      return this.tell(this.reason(error));
    }
    this.video.srcObject = this.stream;
    await this.video.play();
    this.box.classList.toggle("is-mirrored", this.facing === "user");
    this.box.querySelector("[data-start]").hidden = true;
    this.box.querySelector("[data-turn]").hidden = false;
    const run = (this.run = Symbol("run"));
    try {
      if (await this.placed(run)) await this.move(run);
    } catch {
      this.stop();
      this.tell(this.words.sayLost, "wifi-off");
    }
  }

  stop() {
    this.run = null;
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.box.querySelector("[data-start]").hidden = false;
    this.box.querySelector("[data-turn]").hidden = true;
  }

  async turn() {
    this.facing = this.facing === "user" ? "environment" : "user";
    this.stop();
    await this.start();
  }

  // Until nothing is wrong with the picture; a hint is said and does not hold up.
  async placed(run) {
    this.tell(this.words.sayPlace, "face-id");
    let good = 0;
    while (good < GOOD_LOOKS) {
      await pause(LOOK_EVERY);
      if (this.run !== run) return false;
      const advice = await this.advice();
      if (advice === null) return location.reload();
      const [first] = advice.filter((each) => !each.hints);
      good = first ? 0 : good + 1;
      const told = first ?? advice[0];
      if (told) this.tell(told.sentence, told.icon);
      this.box.classList.toggle("is-good", !first);
    }
    return this.run === run;
  }

  // null: the session is over, the page says so.
  async advice() {
    const answer = await this.post(this.words.preview, [await this.frame()]);
    return answer.ok ? (await answer.json()).advice : null;
  }

  async move(run) {
    this.box.querySelector("[data-turn]").hidden = true;
    this.tell(this.words.sayGood, "face-id");
    await pause(BETWEEN_FRAMES);
    const frames = [];
    for (const step of this.box.querySelectorAll("[data-move]")) {
      step.setAttribute("aria-current", "step");
      this.show(step);
      await pause(BEFORE_A_MOVE);
      for (let taken = 0; taken < Number(this.words.frames); taken++) {
        if (taken) await pause(BETWEEN_FRAMES);
        if (this.run !== run) return;
        frames.push(await this.frame());
      }
      step.removeAttribute("aria-current");
      step.classList.add("is-done");
    }
    this.stop();
    this.tell(this.words.sayChecking, "face-id");
    await this.post(location.pathname, frames);
    location.reload();
  }

  show(step) {
    const picture = step.querySelector("span").cloneNode(true);
    this.tell(step.dataset.words, null, picture, step.dataset.move);
  }

  post(url, frames) {
    const body = new FormData(this.form);
    for (const frame of frames) body.append("frame", frame, "frame.jpg");
    return fetch(url, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" } });
  }

  // A picture newer than the last: a slow phone shows the same one for a while.
  async fresh() {
    if (!this.video.requestVideoFrameCallback) return;
    await Promise.race([new Promise((done) => this.video.requestVideoFrameCallback(done)), pause(LOOK_EVERY)]);
  }

  // As small as the server takes: first fewer bytes for each pixel, then fewer pixels.
  async frame() {
    await this.fresh();
    for (const [longest, quality] of [[LONGEST, 0.8], [LONGEST, 0.6], [480, 0.6], [400, 0.5]]) {
      const picture = await this.picture(longest, quality);
      if (picture.size <= Number(this.words.most)) return picture;
    }
    throw new Error("the picture stays too large");
  }

  picture(longest, quality) {
    const { videoWidth: width, videoHeight: height } = this.video;
    const scale = Math.min(1, longest / Math.max(width, height));
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.canvas.getContext("2d").drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
    return new Promise((done) => this.canvas.toBlob(done, "image/jpeg", quality));
  }

  tell(sentence, icon = null, picture = null, move = "") {
    const slot = this.box.querySelector("[data-tell-icon]");
    const found = icon && this.box.querySelector(`template[data-icon="${icon}"]`);
    slot.replaceChildren(...(picture ? [picture] : found ? [found.content.cloneNode(true)] : []));
    slot.dataset.name = move ? `arrow-${move}` : icon ?? "";
    const words = this.box.querySelector("[data-tell-words]");
    if (words.textContent === sentence) return;
    words.textContent = sentence;
    say(sentence);
  }

  reason(error) {
    if (!navigator.mediaDevices) return this.words.sayInsecure;
    return this.words[`say${error.name}`] ?? this.words.sayFailed;
  }
}

for (const box of document.querySelectorAll("[data-face-camera]")) new FaceCamera(box);
