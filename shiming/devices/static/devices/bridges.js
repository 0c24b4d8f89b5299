// The four local bridges that readers ship with (docs: devices §7). Each: version, and the card on the reader.
// Their answers are untrusted like typed input; card.js validates every field.
import { cardOf } from "./card.js";
import { Trouble } from "./trouble.js";

const ALIVE = 1500; // milliseconds until a silent bridge counts as missing
const ANSWER = 9000;
const PAUSE = 400;
const SILENT = "阅读器程序没有回应，请检查它是否还在运行";
const CARD_TYPES = { 0: "resident", 1: "foreigner_2017", 2: "permit", 3: "foreigner_2023" };

const BRIDGES = {
  a: {
    alive: async (at) => (await ask(`${at}/api/Version`, ALIVE)).version,
    read: async (at) => {
      const said = await ask(`${at}/api/ReadMsg?waitTime=2&NoPhoto=0`, ANSWER);
      return String(said.code) === "0" ? fromA(said) : none(said.retmsg);
    },
  },
  b: {
    alive: async (at) => (await ask(`${at}/ZKIDROnline/info`, ALIVE)).version,
    read: async (at) => {
      const said = await ask(`${at}/ZKIDROnline/ScanReadIdCardInfo?OP-DEV=1&CMD-URL=4`, ANSWER);
      return said.ret === 0 ? fromB(said.Certificate ?? {}) : none(said.msg);
    },
  },
  c: {
    alive: async (at) => (await ask(`${at}/api/getStatus`, ALIVE)).resultContent?.version,
    read: async (at) => {
      await ask(`${at}/api/connect`, ANSWER, "POST");
      const said = await ask(`${at}/api/readCard`, ANSWER, "POST");
      return said.resultFlag === 0 ? fromC(said.resultContent ?? {}) : none(said.errorMsg);
    },
  },
  d: {
    alive: async (at) => (await say(at, "EST_GetVersion", ALIVE)).version,
    read: async (at) => {
      const said = await say(at, "EST_Reader_ReadIDCard", ANSWER);
      return String(said.rCode) === "0" ? fromD(said) : none(said.errMsg);
    },
  },
};
export const LETTERS = Object.keys(BRIDGES);

// The version of the bridge, or null without an answer.
export async function alive(letter, at) {
  try {
    return String((await BRIDGES[letter].alive(at)) ?? "");
  } catch {
    return null;
  }
}

// The next card within `wait` milliseconds, or null. Calls never overlap.
export async function read(letter, at, wait, tell) {
  const label = await alive(letter, at);
  if (label === null) throw new Trouble(SILENT);
  for (const until = Date.now() + wait; Date.now() < until; ) {
    const { said, trouble } = await BRIDGES[letter].read(at).catch(gone);
    if (said) return cardOf(said, { way: letter, label });
    if (trouble) tell(trouble);
    await new Promise((done) => setTimeout(done, PAUSE));
  }
  return null;
}

function gone() {
  throw new Trouble(SILENT);
}

const none = (trouble) => {
  const said = String(trouble ?? "");
  return { trouble: /未放|没有|无卡|no card/i.test(said) ? "" : said.slice(0, 60) };
};

const fromA = (said) => ({
  said: {
    kind: CARD_TYPES[said.CardType] ?? "resident", name: said.name, english_name: said.EngName, sex: said.sex,
    nation: said.nation, birth: said.born, address: said.address, number: said.cardno, issuer: said.police,
    valid_from: said.userlifeb, valid_to: said.userlifee, photo: said.photobase64,
  },
});

const fromB = (said) => ({
  said: {
    kind: kindOf("", said.IDNumber), name: said.Name, sex: said.Sex, nation: said.Nation, birth: said.Birthday,
    address: said.Address, number: said.IDNumber, issuer: said.IDIssued, valid_from: said.IssuedData,
    valid_to: said.ValidDate, photo: said.Base64Photo,
  },
});

// Makers count gender from 0 or from 1, so the number decides; certType marks cards of non-residents.
const fromC = (said) => ({
  said: {
    kind: kindOf(said.certType, said.certNumber), name: said.partyName, nation: said.nation, birth: said.bornDay,
    address: said.certAddress, number: said.certNumber, issuer: said.certOrg, valid_from: said.effDate,
    valid_to: said.expDate, photo: said.identityPic,
  },
});

const fromD = (said) => ({
  said: {
    kind: kindOf("", said.certNo), name: said.name, sex: said.sex, nation: said.nation, birth: said.birth,
    address: said.address, number: said.certNo, issuer: said.department, valid_from: said.effectData,
    valid_to: said.expire, photo: said.base64Data,
  },
});

function kindOf(type, number) {
  if (/2017/.test(type) || /^[A-Z]{3}\d{12}$/.test(number)) return "foreigner_2017";
  if (/2023|外国人/.test(type) || /^9/.test(number)) return "foreigner_2023";
  return /港澳台/.test(type) || /^8[123]/.test(number) ? "permit" : "resident";
}

async function ask(address, milliseconds, method = "GET") {
  const signal = AbortSignal.timeout(milliseconds);
  const answer = await fetch(address, { method, signal, credentials: "omit", cache: "no-store" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return parsed(await answer.text());
}

// Bridge B does not escape its back-slashes.
function parsed(text) {
  try {
    return JSON.parse(text.replaceAll("\\", "\\\\"));
  } catch {
    return JSON.parse(text);
  }
}

function say(at, word, milliseconds) {
  return new Promise((done, failed) => {
    const line = new WebSocket(at);
    const stop = setTimeout(() => finish(failed, new Error("没有回应")), milliseconds);
    const finish = (does, what) => {
      clearTimeout(stop);
      line.close();
      does(what);
    };
    line.onopen = () => line.send(`${word}#`);
    line.onerror = () => finish(failed, new Error("连不上"));
    line.onmessage = (event) => {
      const said = answerTo(word, event.data);
      if (said) finish(done, said);
    };
  });
}

function answerTo(word, text) {
  try {
    const said = JSON.parse(text);
    return said.fun === word ? said : null;
  } catch {
    return null; // another program on this port
  }
}
