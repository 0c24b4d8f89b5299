// Which way to the reader: all are looked for at once, the one that worked is tried first the next time.
import * as bridges from "./bridges.js";
import * as serial from "./serial.js";

const REMEMBERED = "shiming:reader";
const WAIT = 10_000;

// `places`: where each bridge answers, {a: "http://127.0.0.1:8989", …}. null when there is no reader.
export async function find(places) {
  const before = localStorage.getItem(REMEMBERED);
  if (before && (await there(before, places)) !== null) return before;
  const ways = ["serial", ...bridges.LETTERS];
  const found = await Promise.all(ways.map((way) => there(way, places)));
  return ways.find((_, at) => found[at] !== null) ?? null;
}

// What answers on this way: a version, an allowed port, or null.
export async function there(way, places) {
  return way === "serial" ? serial.known() : bridges.alive(way, places[way]);
}

export async function read(way, places, tell, port = null) {
  const card =
    way === "serial"
      ? await serial.read(port ?? (await serial.known()), WAIT, tell)
      : await bridges.read(way, places[way], WAIT, tell);
  if (card) localStorage.setItem(REMEMBERED, way);
  return card;
}

export const forget = () => localStorage.removeItem(REMEMBERED);
