// A reader on a serial port, opened by the page (Web Serial: Chromium on a PC, over https or on localhost).
import { cardOf } from "./card.js";
import { MODULE_NUMBER, Receiver, Session, build, moduleNumber } from "./sam.js";
import { Trouble } from "./trouble.js";

const LINE = { baudRate: 115200, dataBits: 8, stopBits: 1, parity: "none", flowControl: "none" };
const QUIET = 2000; // milliseconds without bytes after which an answer is given up
const PAUSE = 300;
const LOST = "阅读器断开了，请检查连线，再读一次。";
const DUMB = "阅读器没有回应：请检查电源和连线；端口选错了的，到“环境检测”重新连接。";
const SHUT = "阅读器打不开：请看看是否接好，是否正被别的程序使用，然后再试。";

export const supported = () => "serial" in navigator;

// The port allowed earlier; asking for another needs a click (choose).
export async function known() {
  const ports = supported() ? await navigator.serial.getPorts() : [];
  return ports.find((port) => port.connected !== false) ?? null; // an unplugged one stays allowed
}

export const choose = () => navigator.serial.requestPort();

export async function version(port) {
  return talk(port, async (line) => moduleNumber(await line.exchange(build(MODULE_NUMBER))));
}

// The next card within `wait` milliseconds, or null. `tell` is called with each trouble of the reader.
export async function read(port, wait, tell) {
  return talk(port, async (line) => {
    const label = moduleNumber(await introduced(line));
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

// Every module answers this; a port without an answer in two tries has no reader.
async function introduced(line) {
  const asked = build(MODULE_NUMBER);
  return (await line.exchange(asked)) ?? (await line.exchange(asked)) ?? fail(DUMB);
}

async function talk(port, does) {
  await port.open(LINE).catch(() => fail(SHUT));
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

  // One task feeds the receiver; the waiting call gets the first whole frame, or null for a broken one.
  async pump() {
    try {
      for (;;) {
        const { value, done } = await this.reader.read();
        if (done) return this.lost?.(new Trouble(LOST));
        const found = this.receiver.feed(value);
        if (found.length) this.heard?.(found.find((body) => body) ?? null);
      }
    } catch {
      this.lost?.(new Trouble(LOST));
    }
  }

  async exchange(request) {
    this.receiver.clear();
    const answer = new Promise((heard, lost) => Object.assign(this, { heard, lost }));
    answer.catch(() => {}); // a rejection during the write would count as unhandled
    await this.writer.write(request).catch(() => fail(LOST));
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

function fail(sentence) {
  throw new Trouble(sentence);
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
