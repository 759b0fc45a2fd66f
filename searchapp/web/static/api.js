// The HTTP API as functions. An answer that is an error is thrown as a `Problem`.

export class Problem extends Error {
  constructor(body) {
    super(body.detail || body.title || "That failed");
    Object.assign(this, body);
  }
}

let running = 0;

function busy(step) {
  running += step;
  const bar = document.getElementById("busy");
  if (running) setTimeout(() => { bar.hidden = !running; }, 150);
  else bar.hidden = true;
}

async function ask(address, options = {}) {
  busy(1);
  try {
    const response = await fetch(address, { headers: { accept: "application/json" }, ...options });
    if (response.ok) return await response.json();
    throw await problemOf(response);
  } catch (error) {
    if (error instanceof TypeError) throw new Problem({ detail: "The server does not answer.", hint: "Is searchapp serve still running?" });
    throw error;
  } finally {
    busy(-1);
  }
}

async function problemOf(response) {
  try { return new Problem(await response.json()); } catch { return new Problem({ title: `Status ${response.status}` }); }
}

function query(values) {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null && each !== "") said.append(name, each);
    }
  }
  return said;
}

export const search = (values, signal) => ask(`/api/search?${query(values)}`, { signal });
export const similar = (sentence, limit) => ask(`/api/similar?${query({ sentence, limit })}`);
export const sentence = (number) => ask(`/api/sentences/${number}`);
export const paper = (document) => ask(`/api/documents/${document}`);
export const papers = (values) => ask(`/api/documents?${query(values)}`);
export const library = () => ask("/api/library");
export const failures = () => ask("/api/failures");
export const noise = () => ask("/api/noise");
export const map = () => ask("/api/map");
export const models = () => ask("/api/models");
export const pageImage = (document, page, scale) => `/api/documents/${document}/pages/${page}/image?scale=${scale}`;

// Send PDFs; `told` gets each line of progress, the last one is given back.
export async function ingest(files, told) {
  const form = new FormData();
  for (const file of files) form.append("files", file, file.name);
  const response = await fetch("/api/ingest", { method: "POST", body: form });
  if (!response.ok) throw await problemOf(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "", last = null;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) told(last = JSON.parse(line));
  }
  return last;
}
