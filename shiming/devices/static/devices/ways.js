// The ways to a reader: all are tried at once, the last working one first.
import * as bridges from "./bridges.js";
import * as serial from "./serial.js";

const REMEMBERED = "shiming:reader";
const WAIT = 10_000;

// `places`: the address of each bridge, {a: "http://127.0.0.1:8989", …}. null without a reader.
export async function find(places) {
  const before = localStorage.getItem(REMEMBERED);
  if (before && (await there(before, places)) !== null) return before;
  const ways = ["serial", ...bridges.LETTERS];
  const found = await Promise.all(ways.map((way) => there(way, places)));
  return ways.find((_, at) => found[at] !== null) ?? null;
}

// The result on this way: a version, an allowed port, or null.
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
