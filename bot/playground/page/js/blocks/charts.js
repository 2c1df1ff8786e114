/** `data_visualization`, plainly: a drawing without colour codes to learn, and its numbers. */

import { h, svg } from "../dom.js";

const WIDE = 420;
const HIGH = 160;
const EDGE = 28;

/** A chart with its title and a table of its numbers. */
export function dataVisualization(block) {
  const { chart } = block;
  const drawing = chart.type === "pie" ? pie(chart.segments) : plot(chart);
  return h("figure", { class: "block chart" }, h("figcaption", null, block.title), drawing, numbers(chart));
}

function numbers(chart) {
  const rows = chart.type === "pie"
    ? chart.segments.map((part) => [part.label, part.value])
    : chart.axis_config.categories.map((label) => [label, ...chart.series.map((one) => valueAt(one, label))]);
  const heads = chart.type === "pie" ? ["", "Value"] : [chart.axis_config.x_label ?? "", ...chart.series.map((one) => one.name)];
  return h("details", null, h("summary", null, "Numbers"), h("table", null,
    h("tr", null, heads.map((head) => h("th", { scope: "col" }, head))),
    rows.map(([label, ...values]) => h("tr", null, h("th", { scope: "row" }, label), values.map((value) => h("td", { class: "right" }, String(value)))))));
}

const valueAt = (series, label) => series.data.find((point) => point.label === label)?.value ?? 0;

function pie(segments) {
  const total = segments.reduce((sum, part) => sum + part.value, 0);
  return h("ul", { class: "pie" }, segments.map((part, index) => {
    const share = Math.round((100 * part.value) / total);
    const bar = svg("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("rect", { class: `series-${index % 6}`, width: share, height: 8 }));
    return h("li", null, h("span", null, `${part.label} ${share} %`), bar);
  }));
}

function plot(chart) {
  const labels = chart.axis_config.categories;
  const all = chart.series.flatMap((one) => one.data.map((point) => point.value));
  const scale = { low: Math.min(0, ...all), high: Math.max(1, ...all), step: (WIDE - EDGE) / labels.length };
  const marks = chart.series.map((one, index) => {
    const values = labels.map((label) => valueAt(one, label));
    return chart.type === "bar" ? bars(values, index, chart.series.length, scale) : line(values, index, scale, chart.type === "area");
  });
  const label = `${chart.type} chart: ${chart.series.map((one) => one.name).join(", ")}`;
  const legend = h("ul", { class: "legend" }, chart.series.map((one, index) => h("li", { class: `series-${index % 6}` }, one.name)));
  return h("div", null, svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH + 20}`, role: "img", "aria-label": label }, axis(labels, scale), marks), legend);
}

const yOf = (value, { low, high }) => HIGH - ((value - low) / (high - low)) * (HIGH - 12);
const xOf = (index, { step }) => EDGE + step * (index + 0.5);

function axis(labels, scale) {
  const floor = yOf(0, scale);
  return svg("g", { class: "axis" },
    svg("line", { x1: EDGE, x2: WIDE, y1: floor, y2: floor }),
    svg("text", { x: EDGE - 4, y: yOf(scale.high, scale) + 4, "text-anchor": "end" }, String(scale.high)),
    labels.map((label, index) => svg("text", { x: xOf(index, scale), y: HIGH + 15, "text-anchor": "middle" }, label)));
}

function bars(values, index, of, scale) {
  const wide = (scale.step * 0.7) / of;
  const floor = yOf(0, scale);
  return values.map((value, at) => {
    const top = yOf(value, scale);
    const x = EDGE + scale.step * (at + 0.15) + wide * index;
    return svg("rect", { class: `series-${index % 6}`, x, y: Math.min(top, floor), width: wide - 1, height: Math.max(1, Math.abs(floor - top)) });
  });
}

function line(values, index, scale, filled) {
  const points = values.map((value, at) => `${xOf(at, scale)},${yOf(value, scale)}`);
  const floor = yOf(0, scale);
  const area = [`${xOf(0, scale)},${floor}`, ...points, `${xOf(values.length - 1, scale)},${floor}`].join(" ");
  return [
    filled && svg("polygon", { class: `series-${index % 6} area`, points: area }),
    svg("polyline", { class: `series-${index % 6} line`, points: points.join(" ") }),
    values.map((value, at) => svg("circle", { class: `series-${index % 6}`, cx: xOf(at, scale), cy: yOf(value, scale), r: 3 })),
  ];
}
