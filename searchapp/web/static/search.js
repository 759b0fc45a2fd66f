// The search view: asks while one types, shows hits and filters, opens a hit in the viewer.
import * as api from "./api.js";
import { h, icon, note, plural, say, shortSource, toast } from "./dom.js";
import { HitList, chips, facetList, whyPanel } from "./hits.js";
import { FIELDS, MODES, UNITS, addressOf, go, state, toggled } from "./state.js";
import { Viewer } from "./viewer.js";

const PAGE = 60; // hits asked for at once
const DEPTH = 2000; // hits that can be scrolled through
const LABELS = { hybrid: "Both", dense: "Meaning", lexical: "Words", sentence: "Sentences", paragraph: "Paragraphs", paper: "Papers" };
const TITLES = {
  hybrid: "By meaning and words", dense: "By meaning alone", lexical: "By words alone",
  sentence: "Rank sentences", paragraph: "Rank paragraphs, each shown by its best sentence", paper: "Rank papers, each shown by its best sentence",
};

const list = new HitList({
  open: (hit) => go({ hit: hit.sentence }, { replace: state.hit !== null }),
  link: (hit) => addressOf({ ...state, hit: hit.sentence }),
  why, similar: (hit) => { go({ hit: hit.sentence }, { replace: state.hit !== null }); viewer.openDrawer("similar"); }, copy,
});
const viewer = new Viewer({
  close: () => close(),
  step: (by) => step(by),
  copy,
  show: (hit) => go({ hit: hit.sentence }, { replace: true }),
  whyPanel: (hit) => explained(hit),
  hitsOf: (document) => list.of(document),
});

const choice = (name, values) => h("div", { class: "choice", role: "group", "aria-label": name === "mode" ? "Search by" : "Show" },
  values.map((value) => h("button", {
    type: "button", "data-value": value, title: TITLES[value], onclick: () => go({ [name]: value, hit: null }),
  }, LABELS[value])));
const modes = choice("mode", MODES);
const units = choice("unit", UNITS);
const count = h("span", { class: "count" });
const chosen = h("div", { class: "chips" });
const filtersButton = h("button", {
  type: "button", class: "quiet", id: "filters", "aria-expanded": "false",
  onclick: () => filtersButton.setAttribute("aria-expanded", String(facets.classList.toggle("shown"))),
}, icon("filter"), "Filters");
const facets = h("aside", { class: "facets", "aria-label": "Filters" });
const end = h("p", { class: "end", hidden: true });
const controls = h("div", { class: "controls" }, modes, units, filtersButton, chosen, count);
const column = h("div", {}, list.node, end);
const finder = h("div", { class: "finder" }, controls, facets, column);
export const node = h("div", {}, finder);

let asked = ""; // the query that the hits on the page answer
let running = null;
let next = 0; // the offset of the next page, -1 when there is none
let loading = false;

const key = (s) => JSON.stringify([s.q.trim(), s.mode, s.unit, s.filters]);

export function show(now) {
  document.title = now.q ? `${now.q} · searchapp` : "searchapp";
  for (const [group, value] of [[modes, now.mode], [units, now.unit]]) {
    for (const button of group.children) button.setAttribute("aria-pressed", String(button.dataset.value === value));
  }
  chosen.replaceChildren(...chips(now.filters, toggle));
  if (!now.q.trim()) {
    asked = "";
    running?.abort();
    list.clear();
    if (now.hit === null) { viewer.hide(); finder.classList.remove("open"); start(); return; }
    node.replaceChildren(finder);
    facets.replaceChildren();
    count.textContent = "";
  } else {
    node.replaceChildren(finder);
    if (key(now) !== asked) ask(now);
  }
  openHit(now);
}

async function ask(now) {
  asked = key(now);
  running?.abort();
  running = new AbortController();
  list.node.classList.add("stale");
  try {
    const answer = await api.search({ ...filled(now), limit: PAGE }, running.signal);
    list.node.classList.remove("stale");
    list.clear();
    scrollTo({ top: 0 });
    take(answer);
    if (!answer.hits.length) {
      const narrowed = FIELDS.some((field) => now.filters[field].length);
      list.node.append(h("div", { class: "note" }, h("h2", {}, "Nothing found"),
        h("p", {}, narrowed ? "Take a filter away, or ask in other words." : "Ask in other words, or by meaning alone.")));
    }
    facets.replaceChildren(...facetList(answer.facets, now.filters, toggle));
    openHit(now);
  } catch (problem) {
    if (problem.name === "AbortError") return;
    list.node.classList.remove("stale");
    list.clear();
    end.hidden = true;
    count.textContent = "";
    facets.replaceChildren();
    list.node.append(note(problem));
  }
}

const filled = (now) => ({ q: now.q, mode: now.mode, unit: now.unit, ...now.filters });

function take(answer) {
  const first = answer.depth !== DEPTH;
  list.append(answer.hits.map((hit) => ({ ...hit, depth: answer.depth })));
  next = first && answer.more ? 0 : answer.more ? answer.offset + answer.limit : -1;
  const hits = list.bySentence.size, papers = list.groups.size;
  const text = `${hits}${next < 0 ? "" : "+"} ${hits === 1 ? "sentence" : "sentences"} in ${plural(papers, "paper")}`;
  count.textContent = !first ? text : `${text} · ${Math.max(1, Math.round(answer.seconds * 1000))} ms`;
  if (first) say(text);
  end.hidden = next >= 0 || !hits;
  end.textContent = "That is all.";
}

// The next page, when the end of this one comes near.
async function more() {
  if (loading || next < 0 || !asked) return;
  loading = true;
  const of = asked;
  try {
    // All deeper pages are of one depth, from its top: what stands on the first page already is left out.
    const answer = await api.search({ ...filled(state), limit: PAGE * 4, offset: next, depth: DEPTH });
    if (of === asked) take(answer);
  } catch (problem) {
    next = -1;
    if (problem.status !== 400) toast("The next hits did not come", h("p", {}, problem.message));
  } finally {
    loading = false;
  }
  if (of === asked && near()) more();
}

const near = () => column.isConnected && list.node.getBoundingClientRect().bottom < innerHeight * 2.4;
let waiting = false;
addEventListener("scroll", () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; if (near()) more(); });
}, { passive: true });

async function openHit(now) {
  if (now.hit === null) {
    if (viewer.node.isConnected) close(false);
    return;
  }
  let hit = list.bySentence.get(now.hit) || viewer.known.get(now.hit);
  if (!hit) {
    if (running && key(now) === asked && list.node.classList.contains("stale")) return; // comes again with the hits
    try {
      hit = { ...(await api.sentence(now.hit)), score: 0 };
    } catch (problem) {
      toast("This sentence is not in the library", h("p", {}, problem.message));
      go({ hit: null }, { replace: true });
      return;
    }
    if (state.hit !== now.hit) return;
    viewer.known.set(hit.sentence, hit);
  }
  if (!viewer.node.isConnected) { finder.classList.add("open"); finder.append(viewer.node); }
  facets.classList.remove("shown");
  filtersButton.setAttribute("aria-expanded", "false");
  const order = list.inOrder();
  viewer.open(hit, { at: order.indexOf(hit), of: order.length });
  list.markOpen(hit.sentence);
}

function close(back = true) {
  const sentence = viewer.hit?.sentence;
  viewer.hide();
  finder.classList.remove("open");
  list.node.querySelector(".hit[aria-current]")?.removeAttribute("aria-current");
  if (back) go({ hit: null });
  const row = sentence === undefined ? null : list.rowOf(sentence);
  row?.scrollIntoView({ block: "nearest" });
  row?.querySelector("a").focus({ preventScroll: true });
}

function step(by) {
  const order = list.inOrder();
  const at = order.findIndex((hit) => hit.sentence === state.hit);
  const hit = order[at < 0 ? 0 : at + by];
  if (hit) go({ hit: hit.sentence }, { replace: true });
  if (at + by >= order.length - 5) more();
}

function toggle(field, value) {
  go({ filters: toggled(state.filters, field, value), hit: null });
}

function why(hit) {
  const row = list.rowOf(hit.sentence);
  const there = row?.querySelector(".why");
  if (there) there.remove();
  else row?.append(explained(hit));
}

// What the hit itself tells at once, and the server's explanation of it when that has come.
function explained(hit) {
  const panel = whyPanel(hit, state.mode);
  if (hit.explanation || !hit.depth) return panel;
  api.search({ ...filled(state), offset: hit.rank - 1, limit: 1, depth: hit.depth, explain: hit.sentence }).then(({ hits }) => {
    const told = hits.find((each) => each.sentence === hit.sentence)?.explanation;
    if (!told) return;
    hit.explanation = told;
    panel.replaceWith(whyPanel(hit, state.mode));
  }, () => { /* what is there already has to do */ });
  return panel;
}

async function copy(hit) {
  try {
    await navigator.clipboard.writeText(`“${hit.text}” (${shortSource(hit)}, p. ${hit.page})`);
    const shown = toast("Copied with its source");
    setTimeout(() => shown.node.remove(), 1600);
  } catch {
    toast("The browser did not let it be copied");
  }
}

// What one sees before the first query: what is here, and where one could begin.
async function start() {
  const body = h("div", { class: "start" });
  node.replaceChildren(body);
  try {
    const [about, papers] = await Promise.all([api.library(), api.papers({ limit: 6 })]);
    if (!body.isConnected) return;
    body.append(h("h1", {}, about.sentences ? `${plural(about.sentences, "sentence")} of ${plural(about.documents, "paper")}` : "No papers yet"),
      h("p", {}, about.sentences
        ? "Ask in your own words: answers are sentences, each with its paper, its page and its place on the page."
        : "Drop PDFs on this page, or run searchapp ingest."));
    if (papers.documents.length) {
      body.append(h("h2", {}, "Begin with a paper"), h("ul", {}, papers.documents.map((paper) => h("li", {},
        h("a", { href: `/?q=${encodeURIComponent(paper.title)}`, onclick: (event) => { event.preventDefault(); begin(paper.title); } },
          paper.title, h("small", {}, [paper.authors.join(", "), paper.year].filter(Boolean).join(" · ")))))));
    }
  } catch (problem) {
    body.append(note(problem));
  }
}

function begin(q) {
  document.getElementById("q").value = q;
  go({ q });
}

// Keys, when no field is written in; true if the key meant something.
export function keyPressed(event) {
  const hit = list.focused() || viewer.hit;
  if (event.key === "Escape") {
    if (viewer.closeDrawer()) return true;
    if (viewer.node.isConnected) { close(); return true; }
    return false;
  }
  const inViewer = viewer.node.contains(document.activeElement);
  if (event.key === "j" || (event.key === "ArrowDown" && !inViewer)) return list.step(1);
  if (event.key === "k" || (event.key === "ArrowUp" && !inViewer)) {
    if (!list.step(-1)) document.getElementById("q").focus();
    return true;
  }
  if (event.key === "n" || event.key === "p") { step(event.key === "n" ? 1 : -1); return true; }
  if (event.key === "m") { go({ mode: MODES[(MODES.indexOf(state.mode) + 1) % MODES.length], hit: null }); return true; }
  if (event.key === "o" && viewer.node.isConnected) { viewer.openDrawer("outline"); return true; }
  if (!hit) return false;
  if (event.key === "w") { why(hit); return true; }
  if (event.key === "c") { copy(hit); return true; }
  if (event.key === "s") {
    if (state.hit !== hit.sentence) go({ hit: hit.sentence }, { replace: state.hit !== null });
    viewer.openDrawer("similar");
    return true;
  }
  return false;
}

// From the search field down to the first hit.
export function enter() {
  return list.step(1);
}

// After papers were added: the same query again.
export function renew() {
  asked = "";
  viewer.known.clear();
  if (node.isConnected) show(state);
}
