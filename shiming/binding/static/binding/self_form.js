// The number says birthday, sex and age: filled in while it is typed, and the worker may still correct them.
const PLACES = { birth: 14, sex: 17 };

document.addEventListener("input", ({ target }) => {
  if (target.name !== "id_number" || !target.form) return;
  const typed = narrow(target.value);
  const number = /^[0-9]{15}$/.test(typed) ? `${typed.slice(0, 6)}19${typed.slice(6)}` : typed;
  if (!/^[0-9]{14,17}[0-9X]?$/.test(number)) return;
  const born = dayOf(number.slice(6, PLACES.birth));
  if (!born) return;
  set(target.form.elements.birth_date, born);
  target.form.querySelector("[data-age]").textContent = age(born);
  if (number.length >= PLACES.sex) {
    const sex = Number(number[PLACES.sex - 1]) % 2 ? "1" : "2";
    for (const choice of target.form.querySelectorAll("[name=sex]")) choice.checked = choice.value === sex;
  }
});

document.addEventListener("input", ({ target }) => {
  if (target.name !== "birth_date" || !target.value) return;
  const shown = target.form?.querySelector("[data-age]");
  if (shown) shown.textContent = age(target.value);
});

function narrow(text) {
  return text.normalize("NFKC").toUpperCase().replace(/[\s\p{Cf}\p{Pd}_]/gu, "");
}

// 19850312 as 1985-03-12; nothing for a day that no calendar has.
function dayOf(digits) {
  const text = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
  const day = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text || day > new Date() ? "" : text;
}

function age(born) {
  const [year, month, day] = born.split("-").map(Number);
  const now = new Date();
  const before = now.getMonth() + 1 < month || (now.getMonth() + 1 === month && now.getDate() < day);
  return now.getFullYear() - year - (before ? 1 : 0);
}

function set(field, value) {
  if (field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
