// Hits on the page: grouped by paper in the order of their best, each with its sentence, context and place.
import { h, icon, marked, names, plural } from "./dom.js";

const FEW = 7; // values of a facet that are shown before one asks for the rest
const FIRST = 3; // hits of one paper that are shown before one asks for the rest

// Holds the groups; `acts` are what a hit's buttons do: open, why, similar, copy; `link` its address.
export class HitList {
  constructor(acts) {
    this.acts = acts;
    this.node = h("div", { class: "hits", id: "hits" });
    this.clear();
  }

  clear() {
    this.groups = new Map();
    this.bySentence = new Map();
    this.node.replaceChildren();
    this.best = 0;
  }

  // Add a page of hits; one that is there already is left out.
  append(hits) {
    for (const hit of hits) {
      if (this.bySentence.has(hit.sentence)) continue;
      if (!this.best) this.best = hit.score;
      this.bySentence.set(hit.sentence, hit);
      let group = this.groups.get(hit.document);
      if (!group) this.groups.set(hit.document, (group = this.addGroup(hit)));
      group.hits.push(hit);
      const row = this.row(hit);
      row.hidden = group.hits.length > FIRST && !group.whole;
      group.list.append(row);
      this.count(group);
    }
  }

  addGroup(hit) {
    const list = h("ol");
    const more = h("button", { type: "button", class: "more", hidden: true, onclick: () => this.unfold(hit.document) });
    const about = [names(hit.authors), hit.year].filter(Boolean).join(" · ");
    const node = h("article", { class: "paper" },
      h("header", {}, h("h2", {}, hit.title), about && h("p", {}, about)), list, more);
    this.node.append(node);
    return { node, list, more, hits: [], whole: false };
  }

  count(group) {
    const rest = group.hits.length - FIRST;
    group.more.hidden = group.whole || rest <= 0;
    group.more.textContent = `${plural(rest, "more sentence")} of this paper`;
  }

  unfold(document) {
    const group = this.groups.get(document);
    if (!group || group.whole) return;
    group.whole = true;
    const first = [...group.list.children].find((row) => row.hidden);
    for (const row of group.list.children) row.hidden = false;
    group.more.hidden = true;
    if (window.document.activeElement === group.more || window.document.activeElement === window.document.body) {
      first?.querySelector("a").focus({ preventScroll: true });
    }
  }

  row(hit) {
    const share = Math.max(0, Math.min(1, hit.score / (this.best || 1)));
    const score = h("span", { class: "score", title: "Against the best hit" }, hit.score.toFixed(3));
    score.style.setProperty("--share", `${Math.round(share * 100)}%`);
    const copies = hit.copies.length ? h("span", { class: "kind" }, `+${plural(hit.copies.length, "copy", "copies")}`) : null;
    const link = h("a", {
      href: this.acts.link(hit),
      onclick: (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
        event.preventDefault();
        this.acts.open(hit);
      },
    },
      hit.before && h("p", { class: "around before" }, hit.before),
      h("p", { class: "text" }, ...marked(hit.text, hit.matches)),
      hit.after && h("p", { class: "around" }, hit.after),
      h("p", { class: "where" }, score, h("span", {}, `p. ${hit.page}`),
        hit.kind !== "body" && h("span", { class: "kind" }, hit.kind),
        hit.ocr && h("span", { class: "kind" }, "recognised"), copies,
        h("span", { class: "place" }, hit.section)));
    const act = (name, label, key) => h("button", {
      type: "button", class: "quiet", title: `${label} (${key})`, onclick: () => this.acts[name](hit), tabindex: "-1",
    }, label);
    const acts = h("div", { class: "acts" }, act("why", "Why", "w"), act("similar", "Similar", "s"), act("copy", "Copy", "c"));
    return h("li", { class: "hit", "data-sentence": hit.sentence }, h("div", { class: "said" }, link, acts));
  }

  rowOf(sentence) {
    return this.node.querySelector(`[data-sentence="${sentence}"]`);
  }

  // The hits in the order in which they stand on the page.
  inOrder() {
    return [...this.groups.values()].flatMap((group) => group.hits);
  }

  of(document) {
    return this.groups.get(document)?.hits || [];
  }

  markOpen(sentence) {
    this.node.querySelector(".hit[aria-current]")?.removeAttribute("aria-current");
    const hit = this.bySentence.get(sentence);
    if (!hit) return;
    const group = this.groups.get(hit.document);
    if (group.hits.indexOf(hit) >= FIRST) this.unfold(hit.document);
    const row = this.rowOf(sentence);
    row.setAttribute("aria-current", "true");
    row.scrollIntoView({ block: "nearest" });
  }

  // The next or previous visible hit from the one that has the focus gets it; false at the end.
  step(by) {
    const rows = [...this.node.querySelectorAll(".hit:not([hidden])")];
    const at = rows.findIndex((row) => row.contains(document.activeElement) || row === document.activeElement);
    const current = at < 0 ? rows.findIndex((row) => row.hasAttribute("aria-current")) : at;
    const next = rows[current < 0 ? 0 : current + by];
    if (!next) return false;
    next.querySelector("a").focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  focused() {
    const row = document.activeElement?.closest?.(".hit");
    return row ? this.bySentence.get(Number(row.dataset.sentence)) : null;
  }
}

// Why a hit is where it is: what each way of searching gave it, by which words, and what they add up to.
export function whyPanel(hit, mode) {
  const told = hit.explanation;
  const line = (label, value, share, ...more) => {
    const bar = h("i");
    bar.style.width = `${Math.round(Math.max(0, Math.min(1, share)) * 100)}%`;
    return [h("dt", {}, label), h("dd", { class: "gauge" }, bar), h("dd", {}, h("b", {}, value), " ", ...more)];
  };
  const place = (rank) => (told && rank !== null ? `, ${ordinal(rank)} of ${told.compared}` : "");
  const lines = [];
  if (hit.dense !== null) lines.push(...line("Meaning", hit.dense.toFixed(3), hit.dense, `cosine with the query${place(told?.dense_rank)}`));
  if (told && told.in_context !== null) lines.push(...line("In context", told.in_context.toFixed(3), told.in_context, "in the light of its paper"));
  if (hit.lexical !== null) {
    const most = told?.ceiling || hit.lexical + 8;
    lines.push(...line("Words", hit.lexical.toFixed(2), hit.lexical / most, `BM25${told ? ` of at most ${told.ceiling.toFixed(1)}` : ""}${place(told?.lexical_rank)}`));
  }
  const parts = told && told.weight !== null
    ? `${told.dense_part.toFixed(3)} by meaning + ${told.lexical_part.toFixed(3)} by words${Math.abs(told.adjustment) < 0.0005 ? "" : ` ${signed(told.adjustment)} from its paper`}`
    : mode === "hybrid" ? "both together" : "what it is ranked by";
  lines.push(...line("Score", hit.score.toFixed(3), mode === "lexical" ? hit.lexical / (told?.ceiling || hit.lexical + 8) : hit.score, parts));
  return h("div", { class: "why" }, h("dl", {}, ...lines), words(hit, told), told?.tokens.length ? heat(hit, told.tokens) : null);
}

function words(hit, told) {
  const letters = Array.from(hit.text);
  const shared = told
    ? told.words.map(([word, worth]) => `${word} (${worth.toFixed(2)})`)
    : [...new Set(hit.matches.map(([start, end]) => letters.slice(start, end).join("").toLowerCase()))];
  return h("p", {}, shared.length ? `Shares with the query: ${shared.join(", ")}.` : "Shares no word with the query: it was found by its meaning.");
}

// The sentence with each token shaded by its share of the cosine.
function heat(hit, tokens) {
  const letters = Array.from(hit.text);
  const most = Math.max(...tokens.map(([, , share]) => share), 1e-9);
  const parts = [];
  let at = 0;
  for (const [start, end, share] of tokens) {
    if (end <= start || start < at) continue;
    const node = h("span", { title: `${signed(share)} of the cosine` }, letters.slice(start, end).join(""));
    node.style.setProperty("--heat", `${Math.round(Math.max(0, share / most) * 100)}%`);
    parts.push(letters.slice(at, start).join(""), node);
    at = end;
  }
  parts.push(letters.slice(at).join(""));
  return h("p", { class: "heat", title: "Shaded by what each part gives to the cosine" }, ...parts);
}

const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;

function ordinal(number) {
  const last = number % 10, teens = Math.floor((number % 100) / 10) === 1;
  return number + (teens ? "th" : ["th", "st", "nd", "rd"][last] || "th");
}

export function facetList(facets, filters, toggle) {
  const titles = { year: "Year", author: "Author", section: "Section", kind: "Kind" };
  const nodes = Object.entries(titles).map(([field, title]) => {
    const values = [...facets[field]];
    for (const chosen of filters[field]) {
      if (!values.some((each) => each.value === chosen)) values.unshift({ value: chosen, count: 0 });
    }
    if (!values.length) return null;
    const rows = values.map(({ value, count }, index) =>
      h("li", { hidden: index >= FEW && !filters[field].includes(value) }, h("button", {
        type: "button", class: "facet", "aria-pressed": String(filters[field].includes(value)), title: value,
        onclick: () => toggle(field, value),
      }, h("span", {}, value), h("i", {}, String(count)))));
    const hidden = rows.filter((row) => row.hidden);
    const rest = hidden.length ? h("button", {
      type: "button", class: "rest",
      onclick: () => { for (const row of hidden) row.hidden = false; rest.remove(); hidden[0].firstChild.focus(); },
    }, `${hidden.length} more`) : null;
    return h("section", {}, h("h3", {}, title), h("ul", {}, rows), rest);
  });
  return nodes.filter(Boolean);
}

export function chips(filters, toggle) {
  return Object.entries(filters).flatMap(([field, values]) => values.map((value) =>
    h("button", { type: "button", class: "chip", title: `Remove ${field}: ${value}`, onclick: () => toggle(field, value) },
      h("span", {}, value), icon("close"))));
}
