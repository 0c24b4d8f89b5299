// A reader on a serial port, opened by the page itself (Web Serial: Chromium on a PC, over https or on localhost).
import { cardOf } from "./card.js";
import { MODULE_NUMBER, Receiver, Session, build, moduleNumber } from "./sam.js";

const LINE = { baudRate: 115200, dataBits: 8, stopBits: 1, parity: "none", flowControl: "none" };
const QUIET = 2000; // milliseconds after which an answer that stopped arriving is given up
const PAUSE = 300;

export const supported = () => "serial" in navigator;

// The port somebody has allowed before; asking for another needs a click (choose).
export async function known() {
  return supported() ? ((await navigator.serial.getPorts())[0] ?? null) : null;
}

export const choose = () => navigator.serial.requestPort();

export async function version(port) {
  return talk(port, async (line) => moduleNumber(await line.exchange(build(MODULE_NUMBER))));
}

// The next card within `wait` milliseconds, or null. `tell` hears what the reader complains of meanwhile.
export async function read(port, wait, tell) {
  return talk(port, async (line) => {
    const label = moduleNumber(await line.exchange(build(MODULE_NUMBER)));
    const session = new Session();
    for (const until = Date.now() + wait; Date.now() < until; ) {
      const reading = session.answer(await line.exchange(session.request()));
      if (reading) return cardOf({ ...reading.card, wlt: base64(reading.photo) }, { way: "serial", label });
      if (session.trouble) tell(session.trouble);
      if (session.step === "find") await pause(PAUSE);
    }
    return null;
  });
}

async function talk(port, does) {
  await port.open(LINE);
  const line = new Line(port);
  try {
    return await does(line);
  } finally {
    await line.close();
  }
}

class Line {
  constructor(port) {
    this.port = port;
    this.receiver = new Receiver();
    this.reader = port.readable.getReader();
    this.writer = port.writable.getWriter();
    this.pumping = this.pump();
  }

  // One task feeds the receiver; whoever waits gets the first whole frame, or null for a broken one.
  async pump() {
    try {
      for (;;) {
        const { value, done } = await this.reader.read();
        if (done) return;
        const found = this.receiver.feed(value);
        if (found.length) this.heard?.(found.find((body) => body) ?? null);
      }
    } catch (error) {
      this.lost?.(new Error("阅读器断开了，请检查连线"));
    }
  }

  async exchange(request) {
    this.receiver.clear();
    const answer = new Promise((heard, lost) => Object.assign(this, { heard, lost }));
    await this.writer.write(request);
    return Promise.race([answer, pause(QUIET).then(() => null)]);
  }

  async close() {
    this.heard = this.lost = null;
    await this.reader.cancel().catch(() => {});
    await this.pumping;
    this.reader.releaseLock();
    this.writer.releaseLock();
    await this.port.close().catch(() => {});
  }
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
