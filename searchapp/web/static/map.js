// The library as a map: a point a sentence, coloured by cluster; hover shows it, a click opens it on its page.
import * as api from "./api.js";
import { h, note } from "./dom.js";
import { go } from "./state.js";

const LIGHT = ["#2f55c8", "#c2541b", "#1f7a4d", "#8a3fa8", "#b3872b", "#0f8296", "#b5305f", "#5c6b1e", "#6b5bd2", "#8c5a3c", "#3f7fbf", "#6d6f78"];
const DARK = ["#93aeff", "#f0995f", "#6fd3a0", "#d3a0ea", "#e5c169", "#67cfe0", "#f28bb0", "#bccb6b", "#b5aaff", "#d5a382", "#8fc3f2", "#b4b7c2"];
const NEAR = 14; // pixels within which a point is meant
const MARGIN = 34; // pixels around the points
const SHOWN = 6; // sentences that stand for a cluster in the list

const canvas = h("canvas", { "aria-label": "Map of the library; the list beside it holds the same", role: "img" });
const names = h("div", { class: "cluster-names", "aria-hidden": "true" });
const tip = h("div", { class: "tip", hidden: true });
const chart = h("div", { class: "chart" }, canvas, names, tip);
const side = h("aside", { "aria-label": "Clusters" });
export const node = h("div", { class: "atlas" }, chart, side);
let drawing = null; // the answer
let chosen = -1;
let under = null; // the point that is hovered
let cells = new Map();

export async function show() {
  document.title = "Map · searchapp";
  side.replaceChildren(h("h1", {}, "Map"), h("p", {}, "Laying out the sentences. The first time takes some seconds…"));
  try {
    drawing = await api.map();
  } catch (problem) {
    side.replaceChildren(h("h1", {}, "Map"), note(problem));
    return;
  }
  fill();
  draw();
}

function fill() {
  const { clusters, points, total } = drawing;
  const sample = points.length < total ? `${points.length.toLocaleString("en")} of ${total.toLocaleString("en")} sentences` : `${total.toLocaleString("en")} sentences`;
  side.replaceChildren(h("h1", {}, "Map"),
    h("p", {}, points.length ? `${sample}, near where they mean the like. Groups are named by their own words.` : "There are too few sentences for a map."),
    ...clusters.map((cluster, index) => {
      const dot = h("span", { class: "dot" });
      dot.style.flex = "none";
      dot.style.background = colours()[index % colours().length];
      return h("div", {}, h("button", { type: "button", class: "cluster", "aria-pressed": String(index === chosen), onclick: () => choose(index) },
        dot, h("span", {}, cluster.name), h("i", {}, String(cluster.size))), index === chosen && members(index));
    }));
}

// The sentences nearest to the cluster's middle.
function members(index) {
  const { x, y } = drawing.clusters[index];
  const near = drawing.points.filter((point) => point[2] === index && point[5].length > 40)
    .map((point) => [Math.hypot(point[0] - x, point[1] - y), point]).sort((a, b) => a[0] - b[0]).slice(0, SHOWN);
  return h("div", { class: "members" }, near.map(([, point]) => h("a", {
    href: `/?hit=${point[4]}`, onclick: (event) => { event.preventDefault(); open(point); },
  }, point[5])));
}

function choose(index) {
  chosen = chosen === index ? -1 : index;
  fill();
  side.querySelectorAll(".cluster")[index]?.focus();
  draw();
}

function open(point) {
  go({ view: "search", q: "", hit: point[4], filters: { year: [], author: [], section: [], kind: [] } });
}

const isDark = () => getComputedStyle(document.documentElement).colorScheme === "dark";
const colours = () => (isDark() ? DARK : LIGHT);

function place([x, y]) {
  return [MARGIN + x * (chart.clientWidth - 2 * MARGIN), MARGIN + y * (chart.clientHeight - 2 * MARGIN)];
}

function draw() {
  if (!drawing || !chart.clientWidth) return;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = chart.clientWidth * ratio;
  canvas.height = chart.clientHeight * ratio;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  const palette = colours();
  cells = new Map();
  const size = drawing.points.length > 1200 ? 2.6 : 3.4;
  for (const point of drawing.points) {
    const [x, y] = place(point);
    const cell = `${Math.floor(x / NEAR)},${Math.floor(y / NEAR)}`;
    if (!cells.has(cell)) cells.set(cell, []);
    cells.get(cell).push([x, y, point]);
    pen.globalAlpha = chosen < 0 ? 0.72 : point[2] === chosen ? 0.95 : 0.1;
    pen.fillStyle = palette[point[2] % palette.length];
    pen.beginPath();
    pen.arc(x, y, size, 0, 7);
    pen.fill();
  }
  if (under) {
    const [x, y] = place(under);
    pen.globalAlpha = 1;
    pen.fillStyle = palette[under[2] % palette.length];
    pen.beginPath();
    pen.arc(x, y, size + 3, 0, 7);
    pen.fill();
  }
  label();
}

// Names where they do not cover each other, the largest clusters first.
function label() {
  const taken = [];
  names.replaceChildren(...drawing.clusters.map((cluster, index) => {
    if (chosen >= 0 && index !== chosen) return null;
    const [x, y] = place([cluster.x, cluster.y]);
    const wide = cluster.name.length * 7 + 10;
    const left = Math.max(wide / 2 + 4, Math.min(chart.clientWidth - wide / 2 - 4, x));
    const box = [left - wide / 2, y - 11, left + wide / 2, y + 11];
    if (taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) return null;
    taken.push(box);
    const name = h("b", {}, cluster.name);
    name.style.left = `${left}px`;
    name.style.top = `${y}px`;
    return name;
  }).filter(Boolean));
}

function nearest(event) {
  const frame = canvas.getBoundingClientRect();
  const x = event.clientX - frame.left, y = event.clientY - frame.top;
  let best = null, least = NEAR;
  const column = Math.floor(x / NEAR), row = Math.floor(y / NEAR);
  for (let i = column - 1; i <= column + 1; i += 1) for (let j = row - 1; j <= row + 1; j += 1) {
    for (const [px, py, point] of cells.get(`${i},${j}`) || []) {
      const far = Math.hypot(px - x, py - y);
      if (far < least) [least, best] = [far, point];
    }
  }
  return [best, x, y];
}

canvas.addEventListener("pointermove", (event) => {
  const [point, x, y] = nearest(event);
  if (point !== under) {
    under = point;
    draw();
    canvas.style.cursor = point ? "pointer" : "crosshair";
    tip.hidden = !point;
    if (point) tip.replaceChildren(point[5].length > 320 ? `${point[5].slice(0, 320)}…` : point[5], h("small", {}, drawing.papers[point[3]]));
  }
  if (!point) return;
  const wide = tip.offsetWidth, high = tip.offsetHeight;
  tip.style.left = `${Math.max(6, x + 16 + wide > chart.clientWidth ? x - wide - 16 : x + 16)}px`;
  tip.style.top = `${Math.max(6, Math.min(y + 14, chart.clientHeight - high - 8))}px`;
});
canvas.addEventListener("pointerleave", () => { under = null; tip.hidden = true; draw(); });
canvas.addEventListener("click", (event) => { const [point] = nearest(event); if (point) open(point); });
new ResizeObserver(draw).observe(chart);
const recolour = () => { if (drawing && node.isConnected) { fill(); draw(); } };
addEventListener("themechange", recolour);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
