// 环境检测: tries every way to a reader at once and shows the findings and the next step.
import * as bridges from "./bridges.js";
import * as serial from "./serial.js";
import { inWords } from "./trouble.js";
import { find, read } from "./ways.js";

const page = document.querySelector("[data-reader-check]");
const places = JSON.parse(page.dataset.bridges);
const row = (name) => page.querySelector(`[data-row="${name}"]`);

page.querySelector("[data-again]").addEventListener("click", look);
page.querySelector("[data-allow]").addEventListener("click", () => serial.choose().then(look, () => {}));
page.querySelector("[data-try]").addEventListener("click", attempt);
tell(row("try"), "idle", "放一张证件，点“试读一张”。");
look();

async function look() {
  for (const each of page.querySelectorAll("[data-row]:not([data-row=try])")) tell(each, "wait", "正在检测…");
  secure();
  const ways = await Promise.all([port(), ...bridges.LETTERS.map(bridge)]);
  const found = ways.filter(Boolean).length;
  page.querySelector("[data-sum]").textContent = found
    ? `找到 ${found} 种连接方式，可以读卡。放一张证件，点“试读一张”。`
    : "没有找到阅读器。请按下面各行的说明处理后，点“重新检测”。";
  page.dataset.found = found;
}

function secure() {
  if (window.isSecureContext) return tell(row("page"), "ok", "本页地址安全，浏览器允许连接阅读器");
  tell(row("page"), "stop", "本页不是 https 地址，浏览器不允许连接阅读器。请系统管理员启用 https。");
}

async function port() {
  page.querySelector("[data-allow]").hidden = !serial.supported();
  if (!serial.supported()) return tell(row("serial"), "idle", "此浏览器不能直接连接。请换用 Chrome 或 Edge，或运行阅读器自带的程序。");
  const known = await serial.known();
  if (!known) return tell(row("serial"), "idle", "还没有允许过阅读器。接好阅读器后，点“连接阅读器”，在弹出的列表里选中它。");
  try {
    const number = await serial.version(known);
    if (number) return tell(row("serial"), "ok", `已连接，阅读器编号 ${number}`);
    return tell(row("serial"), "stop", "端口打得开，但没有回应。请检查电源和连线，或换一个端口。");
  } catch {
    return tell(row("serial"), "stop", "端口打不开，可能正被别的程序使用。请关闭那个程序后重新检测。");
  }
}

async function bridge(letter) {
  const version = await bridges.alive(letter, places[letter]);
  if (version === null) return tell(row(letter), "idle", "没有运行。您的阅读器若用这个程序，请启动它；不用的，不必理会。");
  return tell(row(letter), "ok", version ? `正在运行，版本 ${version}` : "正在运行");
}

// The last line: read one card, show it masked, and do not store it.
async function attempt() {
  const said = row("try");
  tell(said, "wait", "请把证件放到阅读器上…");
  const way = await find(places);
  if (!way) return tell(said, "stop", "没有找到阅读器");
  try {
    const card = await read(way, places, (trouble) => tell(said, "wait", trouble));
    if (!card) return tell(said, "stop", "没有读到证件。请把证件拿开，再平放到阅读器上，然后重试。");
    if (card.problems.length) return tell(said, "stop", card.problems.join("；"));
    const number = `${card.number.slice(0, 3)}*****${card.number.slice(-3)}`;
    tell(said, "ok", [`读到${card.name} ${number}，${card.kind_label}`, ...card.warnings].join("；"));
  } catch (error) {
    tell(said, "stop", inWords(error));
  }
}

function tell(each, tone, sentence) {
  each.dataset.tone = tone;
  each.querySelector("[data-said]").textContent = sentence;
  return tone === "ok";
}
