// The checks of a photographed page, on a PC and on a phone; returns the faults as sentences.
() => {
  const faults = [];
  const phone = window.innerWidth < 600;
  const box = (one) => one.getBoundingClientRect();
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && box(one).width > 2;
  const name = (one) => one.innerText || one.value || one.getAttribute("aria-label") || one.tagName;
  const called = (one) => name(one).trim().slice(0, 20);
  const all = (what) => [...document.querySelectorAll(what)].filter(shown);

  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (phone && wide > 1) {
    const over = all("body *").filter((one) => box(one).right > window.innerWidth + 1).slice(-1);
    const culprits = over.map((one) => `${one.tagName.toLowerCase()}.${one.classList}`).join();
    faults.push(`390 像素时要左右拖动：宽出 ${wide} 像素（${culprits}）`);
  }

  const buttons = all("button, .btn, input[type=submit], [role=button]");
  for (const text of buttons.map(called)) {
    if (/[A-Za-z]/.test(text) && !/[^\x00-\x7f]/.test(text)) faults.push(`按钮没有中文：${text}`);
  }

  if (phone) {
    const inText = (one) => one.matches("a:not(.btn)") && getComputedStyle(one).display === "inline";
    const reach = (one) => (one.matches("input[type=checkbox], input[type=radio]") && one.closest("label")) || one;
    const small = all("a, button, summary, input:not([type=hidden]), select")
      .filter((one) => !inText(one) && !one.closest(".visually-hidden") && box(reach(one)).height < 43.5);
    const names = [...new Set(small.map((one) => `${called(one)} ${Math.round(box(reach(one)).height)}`))];
    if (names.length) faults.push(`手指点不准，不到 44 像素：${names.slice(0, 6).join("、")}`);
  }

  const words = document.body.innerText;
  const raw = words.match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|\bNone\b|\bTrue\b|\bFalse\b|\{\{|\d{4}-\d\d-\d\dT/g);
  if (raw) faults.push(`程序里的字样：${[...new Set(raw)].slice(0, 3).join("、")}`);

  const cut = all("body *").filter((one) => {
    const style = getComputedStyle(one);
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const hides = style.overflowX === "hidden" || style.overflowX === "clip";
    return own && hides && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 4;
  });
  if (cut.length) faults.push(`文字被切掉：${cut.slice(0, 3).map(called).join("、")}`);
  return { faults, title: document.title };
}
