// 我的建设码: the codes of the next ten minutes are fetched ahead, so that a lost signal does not break the code.
const panel = document.querySelector("[data-my-code]");
const image = panel.querySelector("[data-code-image]");
const late = panel.querySelector("[data-late]");
const FETCH_WHEN_LEFT = 14; // codes: fetch again when three minutes are used up

let codes = [];
let step = 30;
let fetchedAt = 0; // performance.now(), which does not follow changes of the clock
let serverTime = 0;
let fetching = false;

// The server's time, slightly behind rather than ahead: a code of the future is refused.
const now = () => serverTime + (performance.now() - fetchedAt) / 1000;

async function fetchAhead() {
  if (fetching) return;
  fetching = true;
  try {
    const answer = await fetch(panel.dataset.myCode, { cache: "no-store", signal: AbortSignal.timeout(8000) });
    if (answer.redirected) return location.reload();
    const given = await answer.json();
    [codes, step, serverTime, fetchedAt] = [given.codes, given.step, given.now, performance.now()];
  } catch {
    // no signal: the codes fetched ahead stay valid
  } finally {
    fetching = false;
  }
}

function show() {
  if (!codes.length) return;
  const time = now();
  const current = codes.find((each) => each.from <= time && time < each.from + step);
  const left = codes.filter((each) => each.from > time).length;
  const seconds = current ? Math.max(1, Math.ceil(current.from + step - time)) : 0;
  if (current && image.src !== current.image) image.src = current.image;
  panel.querySelector("[data-seconds]").textContent = seconds;
  panel.querySelector("progress").value = seconds;
  panel.classList.toggle("is-late", !current);
  late.hidden = left >= FETCH_WHEN_LEFT - 2 && Boolean(current);
  panel.querySelector("[data-late-say]").textContent = current
    ? late.dataset.left.replace("%", Math.max(1, Math.round((left * step) / 60)))
    : late.dataset.over;
  if (left < FETCH_WHEN_LEFT && !document.hidden) fetchAhead();
}

panel.querySelector("[data-again]").addEventListener("click", (event) => {
  event.preventDefault();
  fetchAhead().then(show);
});
document.addEventListener("visibilitychange", () => !document.hidden && fetchAhead().then(show));
window.addEventListener("online", () => fetchAhead().then(show));
navigator.wakeLock?.request("screen").catch(() => {});
fetchAhead().then(show);
setInterval(show, 500);
