// The reader's module on a serial line: frames, the text of a card, and 找卡 → 选卡 → 读卡. The same logic as
// reader/frames.py, text.py and session.py; tests/vectors.json holds both to the same bytes.
export const PREAMBLE = [0xaa, 0xaa, 0xaa, 0x96, 0x69];
const SHORTEST = 4;
const LONGEST = 4096;

export function build(body) {
  const length = body.length + 1;
  const framed = [length >> 8, length & 0xff, ...body];
  return Uint8Array.from([...PREAMBLE, ...framed, checksum(framed)]);
}

const checksum = (bytes) => bytes.reduce((sum, byte) => sum ^ byte, 0);

// Takes bytes in chunks of any size; returns whole bodies, null for a broken frame. Never looks for a new start
// inside a frame; the rest of a broken one is dropped before the next question (clear).
export class Receiver {
  constructor() {
    this.clear();
  }

  clear() {
    this.buffer = new Uint8Array(0);
  }

  feed(data) {
    const joined = new Uint8Array(this.buffer.length + data.length);
    joined.set(this.buffer);
    joined.set(data, this.buffer.length);
    this.buffer = joined;
    const found = [];
    for (let length = this.length(); length !== null; length = this.length()) {
      if (length < SHORTEST || length > LONGEST) {
        found.push(null);
        this.buffer = this.buffer.subarray(1);
        continue;
      }
      const end = PREAMBLE.length + 2 + length;
      if (this.buffer.length < end) break;
      found.push(bodyOf(this.buffer.slice(PREAMBLE.length, end)));
      this.buffer = this.buffer.subarray(end);
    }
    return found;
  }

  // LEN of the first frame; noise before it is dropped, a possible beginning of a frame is kept.
  length() {
    const start = this.find();
    this.buffer = this.buffer.subarray(start);
    if (this.buffer.length < PREAMBLE.length + 2) return null;
    return (this.buffer[PREAMBLE.length] << 8) | this.buffer[PREAMBLE.length + 1];
  }

  find() {
    for (let at = 0; at < this.buffer.length; at++) {
      const part = this.buffer.subarray(at, at + PREAMBLE.length);
      if (part.every((byte, place) => byte === PREAMBLE[place])) return at;
    }
    return this.buffer.length;
  }
}

function bodyOf(framed) {
  const checked = framed.subarray(0, -1);
  return checksum(checked) === framed[framed.length - 1] ? checked.slice(2) : null;
}

// The text of a card.

const HEAD = { name: [[0, 30]], sex: [[30, 2]], birth: [[36, 16]], number: [[122, 36]] };
const DAYS = { valid_from: [[188, 16]], valid_to: [[204, 16]] };
const CITIZEN = { ...HEAD, ...DAYS, address: [[52, 70]], issuer: [[158, 30]] };
const LAYOUTS = {
  resident: { ...CITIZEN, nation: [[32, 4]] },
  permit: { ...CITIZEN, pass_number: [[220, 18]], issues: [[238, 4]] },
  foreigner_2017: {
    ...DAYS, english_name: [[0, 120]], sex: [[120, 2]], number: [[122, 30]], nationality: [[152, 6]],
    name: [[158, 30]], birth: [[220, 16]], version: [[236, 4]], authority: [[240, 8]],
  },
  foreigner_2023: {
    ...HEAD, ...DAYS, issues: [[32, 4]], english_name: [[52, 70], [220, 22]], nationality: [[242, 6]],
    earlier: [[250, 6]],
  },
};
const FIELDS = [
  "name", "number", "sex", "nation", "birth", "address", "issuer", "valid_from", "valid_to", "english_name",
  "pass_number", "issues", "nationality", "version", "authority", "earlier",
];
const LETTERS = { "": "resident", J: "permit", I: "foreigner_2017", Y: "foreigner_2023" };
const letters = new TextDecoder("utf-16le", { ignoreBOM: true });

export class BadText extends Error {}

export function parse(text) {
  if (text.length !== 256) throw new BadText(`文字区应为 256 字节，读到 ${text.length} 字节`);
  const letter = decoded(text, [[248, 2]]);
  const kind = LETTERS[letter];
  if (!kind) throw new BadText(`不认识的证件类别“${letter}”`);
  const card = { kind, ...Object.fromEntries(FIELDS.map((name) => [name, ""])) };
  for (const [name, pieces] of Object.entries(LAYOUTS[kind])) card[name] = decoded(text, pieces);
  return card;
}

function decoded(text, pieces) {
  const bytes = pieces.flatMap(([start, length]) => [...text.subarray(start, start + length)]);
  return letters.decode(Uint8Array.from(bytes)).replace(/[ \u0000\u3000]+$/, "");
}

// The conversation.

const FIND = [0x20, 0x01];
const SELECT = [0x20, 0x02];
const READ = [0x30, 0x01];
const [OK, FOUND] = [0x90, 0x9f];
const AWAY = 3; // rounds without a card after which the same card is a new reading
export const MODULE_NUMBER = [0x12, 0xff];
const CUT = "没有读完，请把证件放稳";
const TROUBLES = {
  0x31: "这张证件不接受本阅读器", 0x32: "阅读器不接受这张证件", 0x33: "证件信息未通过真伪校验",
  0x40: "放的不是身份证", 0x41: CUT, 0x60: "阅读器自检失败", 0x66: "阅读器没有授权",
};

export class Session {
  constructor() {
    this.ask = FIND;
    this.trouble = "";
    this.last = "";
    this.missed = AWAY;
  }

  get step() {
    return { [FIND]: "find", [SELECT]: "select", [READ]: "read" }[this.ask];
  }

  request() {
    return build(this.ask);
  }

  // Takes the body of a reply, null when broken or missing; returns a reading when there is a new one.
  answer(body) {
    const asked = this.ask;
    this.ask = FIND;
    if (!body || body.length < 3) {
      this.trouble = asked === READ ? CUT : "";
      return null;
    }
    const [code, data] = [body[2], body.subarray(3)];
    if (asked === FIND) return this.found(code);
    if (asked === SELECT) return this.selected(code);
    return this.read(code, data);
  }

  // 80 means an empty reader or a card read already, so 选卡 is tried as well.
  found(code) {
    this.ask = SELECT;
    this.trouble = "";
    if (code !== FOUND) this.missed += 1;
    return null;
  }

  selected(code) {
    if (code === OK) this.ask = READ;
    return null;
  }

  read(code, data) {
    if (code !== OK) {
      this.trouble = TROUBLES[code] ?? "没有读到，请把证件拿开再放一次";
      return null;
    }
    try {
      const [text, photo] = split(data);
      const card = parse(text);
      const repeated = String(text) === this.last && this.missed < AWAY;
      this.last = String(text);
      this.missed = 0;
      return repeated ? null : { card, photo };
    } catch (error) {
      if (!(error instanceof BadText)) throw error;
      this.trouble = error.message;
      return null;
    }
  }
}

// Text and photo by the lengths in the reply; a fingerprint is skipped.
function split(data) {
  for (const numbers of [2, 3]) {
    const lengths = Array.from({ length: numbers }, (_, at) => ((data[at * 2] ?? 0) << 8) | (data[at * 2 + 1] ?? 0));
    const start = numbers * 2;
    if (data.length !== start + lengths.reduce((sum, length) => sum + length, 0)) continue;
    const middle = start + lengths[0];
    return [data.slice(start, middle), data.slice(middle, middle + lengths[1])];
  }
  throw new BadText("读到的长度不符，请再读一次");
}

export function moduleNumber(body) {
  const data = body?.slice(3);
  if (data?.length !== 16) return "";
  const view = new DataView(data.buffer);
  const two = (at) => String(view.getUint16(at, true)).padStart(2, "0");
  const ten = (at) => String(view.getUint32(at, true)).padStart(10, "0");
  return `${two(0)}.${two(2)}-${view.getUint32(4, true)}-${ten(8)}-${ten(12)}`;
}
