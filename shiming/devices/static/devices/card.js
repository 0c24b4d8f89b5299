// A card in the form our pages use, for every way of reading, and the check for contradictions.
const NATIONS = (
  "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 " +
  "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 " +
  "塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
).split(" ");
export const KINDS = {
  resident: "居民身份证", permit: "港澳台居民居住证",
  foreigner_2017: "外国人永久居留身份证（2017 版）", foreigner_2023: "外国人永久居留身份证（2023 版）",
};
const CITIZENS = ["resident", "permit"];
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
export const LONG_TERM = "长期";

// `said`: name, number, sex (1 2 男 女), nation (code or word), birth, address, issuer, valid_from, valid_to, kind.
export function cardOf(said, reader) {
  const text = (name) => clean(said[name]);
  const number = text("number").toUpperCase();
  const kind = KINDS[said.kind] ? said.kind : "resident";
  const citizen = CITIZENS.includes(kind) && validNumber(number);
  const sex = { 1: "1", 2: "2", 男: "1", 女: "2" }[text("sex")] ?? "";
  const birth = day(text("birth"));
  const card = {
    id: crypto.randomUUID?.() ?? randomId(),
    kind, kind_label: KINDS[kind], name: text("name") || text("english_name"), english_name: text("english_name"),
    number, sex: sex || (citizen ? String(2 - (number[16] % 2)) : ""), birth: birth || (citizen ? birthOf(number) : ""),
    ethnicity: ethnicity(text("nation")), address: text("address"), issuer: text("issuer"),
    valid_from: day(text("valid_from")), valid_to: day(text("valid_to")), long_term: text("valid_to") === LONG_TERM,
    photo: picture(said.photo), wlt: said.wlt ?? "", way: reader.way, reader: clean(reader.label).slice(0, 60),
  };
  card.sex_label = { 1: "男", 2: "女" }[card.sex] ?? "";
  card.expired = Boolean(card.valid_to) && card.valid_to < today();
  card.problems = problems(card, { citizen, sex, birth });
  card.warnings = warnings(card);
  return card;
}

function problems(card, { citizen, sex, birth }) {
  const found = [];
  if (!card.number) found.push("没有读到证件号码");
  else if (CITIZENS.includes(card.kind) && !citizen) found.push("读到的证件号码不成立");
  if (citizen && birth && birth !== birthOf(card.number)) found.push("读到的出生日期与证件号码不一致");
  if (citizen && sex && sex !== String(2 - (card.number[16] % 2))) found.push("读到的性别与证件号码不一致");
  if (!card.name) found.push("没有读到姓名");
  return found;
}

function warnings(card) {
  const found = [];
  if (card.expired) found.push(`证件已于 ${card.valid_to} 过期`);
  if (/[\ue000-\uf8ff\ufffd]|[\u{10000}-\u{10ffff}]/u.test(card.name)) found.push("姓名中有生僻字，可能显示不出来，请对照证件核对");
  if (!CITIZENS.includes(card.kind)) found.push(`这是${card.kind_label}，号码不是公民身份号码`);
  return found;
}

export function validNumber(number) {
  if (!/^[1-9]\d{16}[\dX]$/.test(number) || !day(number.slice(6, 14))) return false;
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * number[place], 0);
  return "10X98765432"[sum % 11] === number[17];
}

const birthOf = (number) => day(number.slice(6, 14));

// 20260131, 2026.01.31, 2026-01-31 → 2026-01-31; "" for 长期 and for an impossible date.
export function day(text) {
  const parts = /^(\d{4})[.\-/年]?(\d{2})[.\-/月]?(\d{2})日?$/.exec(text);
  if (!parts) return "";
  const iso = `${parts[1]}-${parts[2]}-${parts[3]}`;
  const known = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(known.getTime()) && known.toISOString().startsWith(iso) ? iso : "";
}

function today() {
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(new Date());
}

function ethnicity(said) {
  if (said === "97") return "其他";
  if (/^\d\d$/.test(said)) return NATIONS[said - 1] ? `${NATIONS[said - 1]}族` : "";
  return said && !said.endsWith("族") && NATIONS.includes(said) ? `${said}族` : said;
}

// A bridge is untrusted: keep text without control characters, up to the length of a card's field.
function clean(value) {
  return String(value ?? "").replace(/[\u0000-\u001f\u007f]/g, "").trim().slice(0, 100);
}

function picture(given) {
  const data = String(given ?? "").replace(/^data:[^,]*,/, "").replace(/\s/g, "");
  if (!/^[A-Za-z0-9+/]+=*$/.test(data)) return "";
  if (data.startsWith("/9j/")) return `data:image/jpeg;base64,${data}`;
  return data.startsWith("iVBORw0KGgo") ? `data:image/png;base64,${data}` : "";
}

function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
