// The gate: the shared scanner with a store. A scan without signal is kept on the phone with its time and its
// number, and sent when the signal is back; sending it twice is harmless, because the number is the same.
import { Scanner } from "../shiming/js/scanner.js";
import { play } from "../shiming/js/sound.js";
import { say } from "../shiming/js/speak.js";
import { all, forget, keep } from "./kept.js";

const WAIT = 6000; // milliseconds; then the scan is kept as without signal
const TRY_AGAIN = 20000;

// A request for a fragment gets the address in HX-Redirect instead of a redirect.
const sentAway = (answer) => answer.redirected || answer.status === 204;

class Gate extends Scanner {
  constructor(box) {
    super(box);
    this.ahead = Number(box.dataset.now) * 1000 - Date.now(); // the phone's clock may be wrong, so the server's is used
    this.scanned = 0;
    this.asked = new Set(); // cards uploaded late whose portrait waits for a check; a reload asks again
    this.on("[data-send-now]", () => this.sendKept());
    window.addEventListener("online", () => this.sendKept());
    document.addEventListener("htmx:afterSwap", (event) => this.answered(event.detail.target));
    setInterval(() => this.sendKept(), TRY_AGAIN);
    this.sendKept();
  }

  // Read at each scan: the browser may restore the choice, or the user may choose before this script runs.
  get url() {
    return document.querySelector("[data-mode]:checked")?.dataset.mode ?? this.box.dataset.url;
  }

  async post(code) {
    const scan = {
      event_id: crypto.randomUUID(),
      code,
      occurred_at: Math.round(Date.now() + this.ahead),
      url: this.url,
      owner: this.box.dataset.owner,
      direction: new FormData(this.form).get("direction") ?? "",
    };
    try {
      const answer = await this.send(scan, "text/html", false);
      if (sentAway(answer)) return location.reload(); // logged out meanwhile
      if (answer.status >= 500) throw new Error("the server could not"); // kept, as without signal
      this.show(await answer.text());
      this.count();
    } catch {
      await keep(scan);
      this.showKept();
    }
  }

  send(scan, accept, late) {
    const body = new URLSearchParams(new FormData(this.form));
    body.set("code", scan.code);
    body.set("event_id", scan.event_id);
    body.set("direction", scan.direction ?? "");
    if (scan.portrait_confirmed) body.set("portrait_confirmed", "1");
    if (late) body.set("occurred_at", scan.occurred_at);
    const headers = { Accept: accept, "HX-Request": "true", "X-Frame": "main" };
    return fetch(scan.url, { method: "POST", body, headers, signal: AbortSignal.timeout(WAIT) });
  }

  showKept() {
    const slot = this.box.querySelector("[data-answer]");
    slot.replaceChildren(this.box.querySelector("[data-kept]").content.cloneNode(true));
    play("warn");
    say(slot.querySelector("[data-verdict]").dataset.sayNow);
    this.tell(this.words.sayFollowing);
    this.count();
    this.showWaiting();
  }

  async sendKept() {
    if (this.sending) return;
    this.sending = true;
    for (const scan of await this.unsent()) {
      try {
        const answer = await this.send(scan, "application/json", true);
        if (sentAway(answer) || answer.status >= 500) break;
        await this.settle(scan, await answer.json());
      } catch {
        break;
      }
    }
    this.sending = false;
    this.showWaiting();
  }

  // Only scans of this user for this site: the next user of the phone must not upload them.
  async unsent() {
    return (await all()).filter((scan) => scan.owner === this.box.dataset.owner && !this.asked.has(scan.event_id));
  }

  async settle(scan, answer) {
    if (answer.asks_portrait) return this.askPortrait(scan, answer);
    this.report(scan, answer);
    await forget(scan.event_id);
  }

  // A printed card needs the check of its portrait, late uploads too: the scan stays until then.
  askPortrait(scan, answer) {
    this.asked.add(scan.event_id);
    const line = this.report(scan, answer);
    const asking = this.box.querySelector("[data-ask-portrait]").content.cloneNode(true);
    const face = asking.querySelector("img");
    if (answer.portrait) face.src = answer.portrait;
    else face.remove();
    const confirmed = { ...scan, portrait_confirmed: true };
    asking.querySelector("[data-same]").addEventListener("click", () => this.answerPortrait(line, confirmed));
    asking.querySelector("[data-other]").addEventListener("click", () => this.answerPortrait(line, scan));
    line.append(asking);
  }

  async answerPortrait(line, scan) {
    line.remove();
    await (scan.portrait_confirmed ? keep(scan) : forget(scan.event_id));
    this.asked.delete(scan.event_id);
    await this.sendKept();
  }

  report(scan, answer) {
    const line = document.createElement("li");
    const time = new Date(scan.occurred_at).toTimeString().slice(0, 5);
    const reasons = (answer.refusals ?? []).map((each) => each.sentence).join("，");
    line.textContent = [time, answer.name, answer.title, reasons].filter(Boolean).join(" · ");
    line.className = `sent__${answer.tone ?? "stop"}`;
    this.box.querySelector("[data-sent]").prepend(line);
    return line;
  }

  async showWaiting() {
    const waiting = (await this.unsent()).length;
    const others = (await all()).some((scan) => scan.owner !== this.box.dataset.owner);
    this.box.querySelector("[data-others]").hidden = !others;
    this.box.querySelector("[data-waiting]").textContent = waiting;
    this.box.querySelector("[data-waiting-line]").hidden = this.box.querySelector("[data-send-now]").hidden = !waiting;
  }

  // An answer to a button inside the last answer: 是本人, 撤销, or a person found by name.
  answered(target) {
    if (!target?.matches?.("[data-answer]")) return;
    play(target.querySelector("[data-verdict]")?.dataset.verdict ?? "stop");
    this.present(target);
    document.getElementById("found")?.replaceChildren();
  }

  count() {
    this.box.querySelector("[data-scanned]").textContent = ++this.scanned;
  }
}

for (const box of document.querySelectorAll("[data-gate]")) new Gate(box);
