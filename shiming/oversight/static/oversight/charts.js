// Draws each [data-chart]: {labels, series: [{name, values, unit}], shape: bar | line | across}.
// The simple build of ECharts has neither legend nor tooltip: the page names the series, the table has the values.
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
    grid: { left: 8, right: 36, top: 14, bottom: 8, containLabel: true },
    ...axes(chart, font),
    series: chart.series.map((one) => series(one, chart)),
  });
  new ResizeObserver(() => picture.resize()).observe(element);
}

document.querySelectorAll("[data-chart]").forEach(draw);
