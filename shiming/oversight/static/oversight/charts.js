// Draws each [data-chart]: {labels, series: [{name, values, unit}], shape: bar | line | across}.
// The tooltip is drawn on the canvas (richText): its usual form needs inline styles, which our pages forbid.
const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(name).trim();
const COLOURS = [colour("--ink-600"), colour("--safety-bright")];
const STILL = matchMedia("(prefers-reduced-motion: reduce)").matches;
const LINES = { lineStyle: { color: colour("--line") } };

function axes(chart, font) {
  const words = {
    type: "category",
    data: chart.labels,
    axisTick: { show: false },
    axisLine: LINES,
    axisLabel: { ...font, ...(chart.shape === "across" ? { width: 130, overflow: "truncate" } : {}) },
    inverse: chart.shape === "across",
  };
  const numbers = { type: "value", minInterval: 1, splitLine: LINES, axisLabel: font };
  return chart.shape === "across" ? { xAxis: numbers, yAxis: words } : { xAxis: words, yAxis: numbers };
}

function series(one, chart) {
  const line = chart.shape === "line";
  return {
    name: one.name,
    type: line ? "line" : "bar",
    data: one.values,
    showSymbol: false,
    areaStyle: line ? { opacity: 0.12 } : undefined,
    barMaxWidth: 22,
    label: { show: chart.shape === "across", position: "right", color: colour("--text") },
    tooltip: { valueFormatter: (value) => `${value} ${one.unit}` },
  };
}

function draw(element) {
  const chart = JSON.parse(element.dataset.chart);
  const font = { color: colour("--text-soft"), fontFamily: colour("--font"), fontSize: 12 };
  const picture = window.echarts.init(element, null, { renderer: "canvas" });
  picture.setOption({
    animation: !STILL,
    color: COLOURS,
    textStyle: font,
    grid: { left: 8, right: 36, top: chart.series.length > 1 ? 34 : 14, bottom: 8, containLabel: true },
    legend: { show: chart.series.length > 1, top: 0, right: 0, textStyle: font },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true },
    ...axes(chart, font),
    series: chart.series.map((one) => series(one, chart)),
  });
  new ResizeObserver(() => picture.resize()).observe(element);
}

document.querySelectorAll("[data-chart]").forEach(draw);
