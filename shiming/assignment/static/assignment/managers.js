// 管理人员: 添加人员 → 弹窗勾选 → 分配 → 关闭 → 保存信息. What is chosen stays on the page until it is saved.
const form = document.querySelector("[data-managers]");
const dialog = document.getElementById("dialog");

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-allot]")) allot(event.target.closest("[data-offer]"));
  if (event.target.closest("[data-drop]")) drop(event.target.closest("[data-drop]"));
});
document.addEventListener("htmx:afterSettle", hideChosen);

function allot(offer) {
  const places = [...form.querySelectorAll("[data-position]")];
  const place = places.find((each) => each.dataset.position === offer.dataset.offer);
  for (const box of offer.querySelectorAll("input:checked")) {
    place.querySelector("[data-chosen]").append(chip(offer.dataset.offer, box.value, box.dataset.name));
  }
  dialog.close();
  count();
}

function chip(position, employment, name) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "chip chip--new", textContent: `${name} ×` });
  button.setAttribute("aria-label", `不分配${name}`);
  button.dataset.drop = employment;
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "manager", value: `${position}|${employment}` });
  button.append(field);
  return button;
}

function drop(button) {
  button.remove();
  count();
}

// One person holds one position: people chosen for another position are not offered.
function hideChosen() {
  const chosen = new Set([...form.querySelectorAll("[data-drop]")].map((each) => each.dataset.drop));
  for (const box of dialog.querySelectorAll("[data-offer] input")) box.closest("li").hidden = chosen.has(box.value);
}

function count() {
  form.querySelector("[data-save]").disabled = !form.querySelector("[data-drop]");
}
