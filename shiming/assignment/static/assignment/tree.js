// 人员项目分配: tick a team or people on the left, 添加 brings them over, 移除 takes them back; nothing is saved before 确认分配.
const form = document.querySelector("[data-allot-tree]");
const chosen = form.querySelector("[data-chosen]");

form.addEventListener("change", (event) => {
  const team = event.target.closest("[data-team]");
  if (event.target.matches("[data-tick-team]")) for (const box of boxes(team)) box.checked = event.target.checked;
  else if (team) team.querySelector("[data-tick-team]").checked = boxes(team).every((box) => box.checked);
});
form.querySelector("[data-take]").addEventListener("click", () => {
  for (const box of boxes(form)) if (box.checked) take(box);
  settle();
});
form.querySelector("[data-give-back]").addEventListener("click", () => {
  for (const row of [...chosen.children]) if (row.querySelector("input[type=checkbox]").checked) giveBack(row);
  settle();
});

// Those on the left that are still there to be taken.
function boxes(part) {
  return [...part.querySelectorAll("[data-person]")].filter((box) => !box.closest("li").hidden);
}

function take(box) {
  const row = document.createElement("li");
  const label = document.createElement("label");
  const tick = Object.assign(document.createElement("input"), { type: "checkbox", className: "form-check-input" });
  const field = Object.assign(document.createElement("input"), { type: "hidden", name: "ids", value: box.value });
  label.append(tick, ` ${box.dataset.person}`);
  row.append(label, field);
  chosen.append(row);
  box.checked = false;
  box.closest("li").hidden = true;
}

function giveBack(row) {
  const box = form.querySelector(`[data-person][value="${row.querySelector("[name=ids]").value}"]`);
  box.closest("li").hidden = false;
  row.remove();
}

function settle() {
  for (const team of form.querySelectorAll("[data-team]")) {
    team.querySelector("[data-tick-team]").checked = false;
    team.hidden = !boxes(team).length;
  }
  form.querySelector("[data-chosen-count]").textContent = chosen.children.length;
  form.querySelector("[data-save]").disabled = !chosen.children.length;
}
