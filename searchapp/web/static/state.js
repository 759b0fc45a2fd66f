// What is shown is what the address says: state comes from it and goes to it, so links and the back button work.

export const FIELDS = ["year", "author", "section", "kind"];
export const MODES = ["hybrid", "dense", "lexical"];
export const UNITS = ["sentence", "paragraph", "paper"];
const VIEWS = { "/": "search", "/library": "library", "/map": "map", "/models": "models" };
const PATHS = { search: "/", library: "/library", map: "/map", models: "/models" };

const listeners = [];
export let state = read();

export function read() {
  const said = new URLSearchParams(location.search);
  const one = (name, known) => (known.includes(said.get(name)) ? said.get(name) : known[0]);
  return {
    view: VIEWS[location.pathname] || "search",
    q: said.get("q") || "",
    mode: one("mode", MODES),
    unit: one("unit", UNITS),
    filters: Object.fromEntries(FIELDS.map((field) => [field, said.getAll(field)])),
    hit: /^\d{1,15}$/.test(said.get("hit") || "") ? Number(said.get("hit")) : null,
  };
}

export function addressOf(wanted) {
  const said = new URLSearchParams();
  if (wanted.view === "search") {
    if (wanted.q) said.set("q", wanted.q);
    if (wanted.mode !== MODES[0]) said.set("mode", wanted.mode);
    if (wanted.unit !== UNITS[0]) said.set("unit", wanted.unit);
    for (const field of FIELDS) for (const value of wanted.filters[field]) said.append(field, value);
    if (wanted.hit !== null) said.set("hit", wanted.hit);
  }
  const text = said.toString();
  return PATHS[wanted.view] + (text ? `?${text}` : "");
}

// Change the state; `replace` keeps the number of steps that the back button has.
export function go(changes, { replace = false } = {}) {
  const before = state;
  state = { ...state, ...changes };
  const address = addressOf(state);
  if (address !== location.pathname + location.search) history[replace ? "replaceState" : "pushState"](null, "", address);
  for (const listener of listeners) listener(state, before);
}

// Whether a query is still being written: asked as it is, it would only be an error.
export function unfinished(q) {
  if ((q.match(/["“”„«»]/g) || []).length % 2) return true;
  if (/(^|\s)-?(author|year|section|in|kind|like|unlike|collection|tag):(\s|$)/i.test(q)) return true;
  const bare = q.replace(/-?(author|year|section|in|kind|collection|tag):("[^"]*"|\S+)/gi, "").replace(/(^|\s)-("[^"]*"|\S+)/g, " ");
  return !bare.trim() || /(^|\s)-?(kind|year):\S*$/i.test(q);
}

export function toggled(filters, field, value) {
  const has = filters[field].includes(value);
  return { ...filters, [field]: has ? filters[field].filter((each) => each !== value) : [...filters[field], value] };
}

export function listen(listener) {
  listeners.push(listener);
}

addEventListener("popstate", () => {
  const before = state;
  state = read();
  for (const listener of listeners) listener(state, before);
});
