// A candidate number is inserted only when the user taps it.
document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-fill]");
  if (!chip) return;
  const input = document.getElementById(chip.dataset.fill);
  input.value = chip.dataset.value;
  input.classList.remove("is-invalid");
  for (const other of document.querySelectorAll("[data-fill]")) other.setAttribute("aria-pressed", other === chip);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.focus();
});
