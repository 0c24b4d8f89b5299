// 身份证号码 says birth date and sex: they are filled in while the number is typed, and stay open to correction.
const form = () => document.querySelector("form[data-worker]");

document.addEventListener("input", (event) => {
  const here = event.target.closest("form[data-worker]");
  if (!here) return;
  if (event.target.name === "number") fillFrom(here, event.target.value.replace(/\s/g, ""));
  if (["number", "birth_date"].includes(event.target.name)) showAge(here);
});
document.addEventListener("htmx:afterSettle", () => form() && showAge(form()));
if (form()) showAge(form());

function fillFrom(here, number) {
  const parts = /^\d{6}(\d{4})(\d\d)(\d\d)\d\d(\d)[\dXx]$/.exec(number);
  if (!parts) return;
  const day = `${parts[1]}-${parts[2]}-${parts[3]}`;
  if (!Number.isNaN(Date.parse(day))) here.elements.birth_date.value = day;
  here.elements.sex.value = Number(parts[4]) % 2 ? "1" : "2";
}

function showAge(here) {
  const shown = here.querySelector("[data-age]");
  if (!shown) return;
  const born = new Date(here.elements.birth_date?.value);
  const now = new Date();
  const passed = now.getMonth() > born.getMonth()
    || (now.getMonth() === born.getMonth() && now.getDate() >= born.getDate());
  shown.textContent = Number.isNaN(born.getTime()) ? "—" : now.getFullYear() - born.getFullYear() - (passed ? 0 : 1);
}
