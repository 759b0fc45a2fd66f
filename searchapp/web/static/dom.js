// Nodes from plain values. Text is always text: nothing that came from a paper is ever read as HTML.

export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

// A button that shows an icon; `label` is what it is called, and its tooltip.
export function iconButton(name, label, onclick, more = {}) {
  return h("button", { type: "button", class: "quiet", title: label, "aria-label": label, onclick, ...more }, icon(name));
}

// Wrap the spans of a text, which count code points, in <mark>.
export function marked(text, spans) {
  if (!spans.length) return [text];
  const letters = Array.from(text);
  const parts = [];
  let at = 0;
  for (const [start, end] of spans) {
    if (start < at) continue;
    parts.push(letters.slice(at, start).join(""), h("mark", {}, letters.slice(start, end).join("")));
    at = end;
  }
  parts.push(letters.slice(at).join(""));
  return parts;
}

export function names(authors) {
  if (authors.length <= 3) return authors.join(", ");
  return `${authors[0]} and ${authors.length - 1} others`;
}

// "Cole & Déry, 2020" as in a text; the file's name when nobody is named.
export function shortSource(hit) {
  const last = (hit.authors || []).map((name) => name.split(" ").at(-1));
  const who = last.length > 2 ? `${last[0]} et al.` : last.join(" & ");
  return [who || hit.title, hit.year].filter(Boolean).join(", ");
}

export function plural(count, one, many = `${one}s`) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

export function say(text) {
  document.getElementById("said").textContent = text;
}

export function toast(title, ...lines) {
  const close = iconButton("close", "Close", () => node.remove());
  const body = h("div", {}, ...lines);
  const node = h("div", { class: "toast", role: "status" }, h("header", {}, h("span", {}, title), close), body);
  document.getElementById("toasts").append(node);
  return { node, body, title: node.querySelector("header span") };
}

export function note(problem) {
  const shown = h("div", { class: "note", role: "alert" }, h("h2", {}, problem.detail || problem.title || "That failed"));
  if (problem.query !== undefined && problem.query.trim()) {
    shown.append(h("pre", {}, `${problem.query}\n${" ".repeat(problem.position)}^`), h("br"));
  }
  if (problem.hint) shown.append(h("p", {}, problem.hint));
  return shown;
}
