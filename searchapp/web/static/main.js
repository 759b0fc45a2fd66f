// Ties it together: the search field, the views, the keys, the theme, and PDFs that are dropped.
import { install as installDrop } from "./drop.js";
import { go, listen, state, unfinished } from "./state.js";
import * as search from "./search.js";

const QUIET = 140; // ms without a letter before it is asked
const content = document.getElementById("content");
const field = document.getElementById("q");
const LAZY = { library: () => import("./library.js"), map: () => import("./map.js"), models: () => import("./models.js") };
let shown = "";
let timer = 0;
let typing = false;

async function render(now, before) {
  for (const link of document.querySelectorAll(".views a")) {
    if (link.dataset.view === now.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (!typing && now.view === "search") field.value = now.q;
  if (now.view === "search") {
    if (shown !== "search") content.replaceChildren(search.node);
    shown = "search";
    search.show(now);
    return;
  }
  if (shown === now.view && before) return;
  shown = now.view;
  const view = await LAZY[now.view]();
  if (shown !== now.view) return;
  content.replaceChildren(view.node);
  view.show();
}

// While one types the address follows without new steps; the first letter makes one, and so does Enter.
field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (field.value.trim() && unfinished(field.value)) return; // until it is whole, or Enter asks
    const first = state.view !== "search" || !state.q;
    typing = true;
    go({ view: "search", q: field.value, hit: null }, { replace: !first });
    typing = false;
  }, QUIET);
});

document.getElementById("search").addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  if (state.q !== field.value || state.view !== "search") go({ view: "search", q: field.value, hit: null });
  search.enter();
});

for (const link of document.querySelectorAll("[data-view]")) {
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const start = link.classList.contains("brand");
    if (start) field.value = "";
    go({ view: link.dataset.view, ...(start ? { q: "", hit: null, filters: { year: [], author: [], section: [], kind: [] } } : {}) });
    scrollTo({ top: 0 });
  });
}

const keys = document.getElementById("keys");
const help = () => (keys.open ? keys.close() : keys.showModal());
document.getElementById("help").addEventListener("click", help);

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || keys.open) return;
  const writing = event.target.matches("input, textarea, select");
  if (writing) {
    if (event.key === "Escape" && event.target === field) { field.blur(); event.preventDefault(); }
    if (event.key === "ArrowDown" && event.target === field && search.enter()) event.preventDefault();
    return;
  }
  if (event.key === "/") { field.focus(); field.select(); event.preventDefault(); return; }
  if (event.key === "?") { help(); event.preventDefault(); return; }
  if (state.view === "search" && search.keyPressed(event)) event.preventDefault();
});

document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = root.dataset.theme || (dark ? "dark" : "light");
  root.dataset.theme = now === "dark" ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch { /* storage is off: it lasts as long as the page */ }
  dispatchEvent(new Event("themechange"));
});

installDrop(() => {
  search.renew();
  if (shown !== "search") { const view = shown; shown = ""; render({ ...state, view }, null); }
});

listen(render);
field.value = state.q;
render(state, null);
if (!state.q && state.view === "search" && state.hit === null && !("ontouchstart" in window)) field.focus();
