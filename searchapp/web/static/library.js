// The library: its papers and how well each was read, files that failed, and a way to add more.
import * as api from "./api.js";
import { h, icon, note, plural } from "./dom.js";
import { chooseFiles } from "./drop.js";
import { go } from "./state.js";

const MANY = 1000; // papers asked for at once
const COLUMNS = [
  ["title", "Paper"], ["year", "Year"], ["pages", "Pages"], ["sentences", "Sentences"], ["rate", "Noise"], ["added", "Added"],
];
const NARROW_OFF = new Set(["pages", "sentences", "added"]); // columns that a phone has no room for
export const node = h("div", { class: "page" });
let papers = [];
let order = { by: "title", down: false };

export async function show() {
  document.title = "Library · searchapp";
  node.replaceChildren(h("p", { class: "soft" }, "Reading the library…"));
  try {
    const [about, failed, all] = await Promise.all([api.library(), api.failures(), everyPaper()]);
    papers = all;
    const refill = fill(about, failed.failures);
    const noise = await api.noise(); // every paper is read for it: the list does not wait
    const rates = new Map(noise.papers.map((row) => [row.document, row]));
    for (const paper of all) paper.noise = rates.get(paper.document);
    if (papers === all) refill();
  } catch (problem) {
    node.replaceChildren(note(problem));
  }
}

async function everyPaper() {
  const all = [];
  for (;;) {
    const { documents, total } = await api.papers({ limit: MANY, offset: all.length });
    all.push(...documents);
    if (!documents.length || all.length >= total) return all;
  }
}

function fill(about, failures) {
  const body = h("tbody");
  const field = h("input", { class: "filter", type: "search", placeholder: "Filter the papers", "aria-label": "Filter the papers", oninput: () => rows(body, field.value) });
  const head = h("tr", {}, COLUMNS.map(([name, label]) => h("th", {
    class: name === "title" ? "" : `number${NARROW_OFF.has(name) ? " narrow-off" : ""}`, scope: "col",
  }, h("button", { type: "button", onclick: () => sortBy(name, head, body, field) }, label))));
  const size = `${(about.bytes / 1e6).toFixed(1)} MB`;
  node.replaceChildren(
    h("header", {}, h("h1", {}, about.name),
      h("p", {}, [plural(about.documents, "paper"), `${about.sentences.toLocaleString("en")} sentences`, about.model && `${about.model} ${about.precision}`, size].filter(Boolean).join(" · ")),
      h("span", { class: "gap" }), field,
      about.can_ingest && h("button", { type: "button", class: "button", onclick: chooseFiles }, icon("plus"), "Add PDFs")),
    about.unindexed ? h("p", { class: "bad" }, `${plural(about.unindexed, "paper")} can't be found yet: searchapp index build`) : "",
    h("div", { class: "scroll" }, h("table", {}, h("thead", {}, head), body)),
    failures.length ? h("section", {}, h("h2", {}, `${plural(failures.length, "file")} could not be read`),
      h("div", { class: "scroll" }, h("table", {}, h("tbody", {}, failures.map((each) => h("tr", {},
        h("td", {}, each.path.split("/").at(-1), h("small", {}, each.path)),
        h("td", {}, each.reason, each.hint && h("small", {}, each.hint)))))))) : "",
    h("section", {}, h("h2", {}, "What noise means"),
      h("p", {}, "The share of a paper's sentences that look badly read: broken words, stray numbers, running heads, " +
        "lines of a bibliography. A high share says to look at the paper before trusting what is found in it.")));
  mark(head);
  rows(body, "");
  return () => rows(body, field.value);
}

function sortBy(name, head, body, field) {
  order = { by: name, down: order.by === name ? !order.down : name !== "title" };
  mark(head);
  rows(body, field.value);
}

function mark(head) {
  COLUMNS.forEach(([name], index) => {
    const cell = head.children[index];
    if (name === order.by) cell.setAttribute("aria-sort", order.down ? "descending" : "ascending");
    else cell.removeAttribute("aria-sort");
    cell.firstChild.textContent = COLUMNS[index][1] + (name === order.by ? (order.down ? " ↓" : " ↑") : "");
  });
}

const valueOf = (paper) => (order.by === "rate" ? paper.noise?.rate ?? -1 : paper[order.by] ?? "");

function rows(body, words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = papers.filter((paper) => {
    const said = [paper.title, ...paper.authors, paper.year, paper.path].join(" ").toLowerCase();
    return wanted.every((word) => said.includes(word));
  });
  shown.sort((a, b) => {
    const [x, y] = [valueOf(a), valueOf(b)];
    const by = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
    return order.down ? -by : by;
  });
  body.replaceChildren(...shown.map(row));
  if (!shown.length) body.append(h("tr", {}, h("td", { colspan: COLUMNS.length, class: "soft" }, papers.length ? "No paper has all these words." : "No papers yet. Drop PDFs on this page.")));
}

function row(paper) {
  const q = `in:"${paper.title.replaceAll('"', " ")}" `;
  const link = h("a", { href: "/", onclick: (event) => { event.preventDefault(); ask(q); } }, paper.title);
  const about = [paper.authors.join(", "), paper.venue].filter(Boolean).join(" · ");
  return h("tr", {},
    h("td", {}, link, about && h("small", {}, about), paper.superseded_by && h("span", { class: "tag" }, "replaced by a newer version")),
    h("td", { class: "number" }, String(paper.year ?? "")), h("td", { class: "number narrow-off" }, String(paper.pages)),
    h("td", { class: "number narrow-off" }, String(paper.sentences)), h("td", { class: "number" }, paper.noise ? share(paper.noise) : ""),
    h("td", { class: "number narrow-off" }, paper.added.slice(0, 10)));
}

function share(noise) {
  const bar = h("b");
  bar.style.width = `${Math.min(100, Math.round(noise.rate * 400))}%`; // a quarter fills it: more is bad enough
  const skip = new Set(["document", "title", "path", "sentences", "noisy", "rate"]);
  const worst = Object.entries(noise).filter(([name, value]) => !skip.has(name) && value).sort((a, b) => b[1] - a[1]).slice(0, 4);
  const title = noise.sentences ? worst.map(([name, value]) => `${name} ${value}`).join(", ") || "none" : "no running text was found";
  return h("span", { class: "share", title }, `${(100 * noise.rate).toFixed(1)} %`, h("i", {}, bar));
}

// Into the search field, ready for the words to look for in this paper.
function ask(q) {
  go({ view: "search", q: "", hit: null });
  const field = document.getElementById("q");
  field.value = q;
  field.focus();
}
