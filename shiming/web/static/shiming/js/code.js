// A code that counts down and reloads itself; offline it shows a notice instead of a stale code.
import { fresh } from "./find.js";

export function refresh(root) {
  for (const panel of fresh(root, "[data-countdown]")) prepare(panel);
}

function prepare(panel) {
  const span = Number(panel.dataset.countdown);
  let end = Date.now() + span * 1000;
  const renew = async () => {
    end = Date.now() + span * 1000;
    await renewImage(panel);
  };
  panel.querySelector("[data-refresh-now]")?.addEventListener("click", renew);
  const clock = setInterval(() => {
    if (!panel.isConnected) return clearInterval(clock);
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    panel.querySelector("[data-seconds]").textContent = left;
    panel.querySelector("progress").value = left;
    if (left === 0 && !document.hidden) renew();
  }, 500);
}

async function renewImage(panel) {
  const image = panel.querySelector("[data-code-image]");
  try {
    const answer = await fetch(panel.dataset.refresh || image.src, { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status);
    const url = URL.createObjectURL(await answer.blob());
    image.addEventListener("load", () => URL.revokeObjectURL(url), { once: true });
    image.src = url;
    panel.classList.remove("is-late");
  } catch {
    panel.classList.add("is-late");
  }
}
