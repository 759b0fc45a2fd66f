// PDFs that are dropped on the page, or chosen, are sent, and what becomes of them is told while it happens.
import * as api from "./api.js";
import { h, plural, toast } from "./dom.js";

const STAGES = { look: "Looking at the files", read: "Reading", index: "Encoding" };
let after = () => {};

export function install(done) {
  after = done;
  const cover = document.getElementById("drop");
  let depth = 0;
  const has = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  addEventListener("dragenter", (event) => { if (has(event)) { depth += 1; cover.hidden = false; event.preventDefault(); } });
  addEventListener("dragleave", (event) => { if (has(event) && --depth <= 0) { depth = 0; cover.hidden = true; } });
  addEventListener("dragover", (event) => { if (has(event)) event.preventDefault(); });
  addEventListener("drop", (event) => {
    if (!has(event)) return;
    event.preventDefault();
    depth = 0;
    cover.hidden = true;
    add([...event.dataTransfer.files]);
  });
}

export function chooseFiles() {
  const field = h("input", { type: "file", accept: "application/pdf,.pdf", multiple: true });
  field.addEventListener("change", () => add([...field.files]));
  field.click();
}

export async function add(files) {
  if (!files.length) return;
  const line = h("p", {}, "Sending"), bar = h("i"), refused = [];
  const shown = toast(`Adding ${files.length === 1 ? files[0].name : plural(files.length, "file")}`, line, h("div", { class: "meter" }, bar));
  try {
    const last = await api.ingest(files, (told) => {
      if (told.refused) refused.push(told);
      if (!told.stage) return;
      line.textContent = `${STAGES[told.stage]}: ${told.done} of ${told.total}`;
      bar.style.width = `${Math.round((100 * told.done) / Math.max(1, told.total))}%`;
    });
    if (last?.problem) throw new api.Problem(last.problem);
    const failed = [...refused.map((each) => `${each.refused}: ${each.reason}`),
      ...last.report.failed.map((each) => `${each.path.split("/").at(-1)}: ${each.reason}`)];
    shown.title.textContent = failed.length ? "Added, but not all" : "Added";
    const fresh = last.report.new.length + last.report.updated.length;
    const known = last.report.unchanged.length + last.report.duplicate.length + last.report.renamed.length;
    shown.body.replaceChildren(
      h("p", {}, [fresh && plural(fresh, "new paper"), known && `${known} here already`].filter(Boolean).join(", ")),
      ...failed.map((each) => h("p", { class: "bad" }, each)));
    if (!failed.length) setTimeout(() => shown.node.remove(), 8000);
    after();
  } catch (problem) {
    shown.title.textContent = "Not added";
    shown.body.replaceChildren(h("p", { class: "bad" }, problem.message), h("p", { class: "soft" }, problem.hint || ""));
  }
}
