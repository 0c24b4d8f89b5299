// Typed card data: the ID number fills the empty date of birth and sex.
document.addEventListener("change", (event) => {
  const { form, name, value } = event.target;
  if (name !== "number" || !form?.elements.birth_date || !form.elements.sex) return;
  const number = value.normalize("NFKC").replace(/[\s-]/g, "");
  if (!/^\d{17}[\dXx]$/.test(number)) return;
  const { birth_date, sex } = form.elements;
  if (!birth_date.value) birth_date.value = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  if (!sex.value) sex.value = number[16] % 2 ? "1" : "2";
});
