// The trained models: what each was measured to gain, whether it is in use, and the report of its training.
import * as api from "./api.js";
import { h, note, plural } from "./dom.js";

export const node = h("div", { class: "page" });

export async function show() {
  document.title = "Models · searchapp";
  try {
    const [{ models }, about] = await Promise.all([api.models(), api.library()]);
    fill(models, about);
  } catch (problem) {
    node.replaceChildren(note(problem));
  }
}

function fill(models, about) {
  node.replaceChildren(
    h("header", {}, h("h1", {}, "Models"), h("p", {}, about.model ? `This library is searched with ${about.model}` : "This library has no vectors yet")),
    ...models.map(card));
  if (!models.length) {
    node.append(h("div", { class: "note" }, h("h2", {}, "No model has been trained here"),
      h("p", {}, "searchapp train tunes the encoder on your papers and keeps it only if it proves better on papers that it has not seen.")));
  }
}

function card(model) {
  const verdict = model.verdict || {};
  const state = model.problem ? h("span", { class: "bad" }, model.problem)
    : model.promoted ? h("span", { class: "well" }, "in use for new libraries") : verdict.passed === false ? h("span", { class: "soft" }, "no proven gain: not promoted") : null;
  const facts = [model.recipe?.summary, Object.entries(model.pairs || {}).map(([name, count]) => `${count.toLocaleString("en")} pairs (${name})`).join(", "),
    model.papers && `${plural(model.papers.length, "paper")} trained on, ${model.held_out?.length ?? 0} held out`, model.steps && plural(model.steps, "step"), model.made?.slice(0, 10)];
  return h("article", { class: "model" },
    h("header", {}, h("h2", {}, model.name), state, h("span", { class: "soft" }, facts.filter(Boolean).join(" · "))),
    model.rows?.length ? h("div", { class: "scroll" }, table(model.rows)) : null,
    model.has_report && report(model));
}

function table(rows) {
  const head = ["Task", "Queries", "Base", "This model", "Gain", "95 % interval"];
  return h("table", {}, h("thead", {}, h("tr", {}, head.map((name, index) => h("th", { class: index ? `number${index === 1 ? " narrow-off" : ""}` : "", scope: "col" }, name)))),
    h("tbody", {}, rows.map((row) => {
      const proven = row.low > 0 ? "well" : row.high < 0 ? "bad" : "";
      return h("tr", {}, h("td", {}, row.task, h("small", {}, `${row.role === "guard" ? "guard, " : ""}${row.measure}`)),
        h("td", { class: "number narrow-off" }, row.queries.toLocaleString("en")), h("td", { class: "number" }, row.base.toFixed(3)),
        h("td", { class: "number" }, row.candidate.toFixed(3)), h("td", { class: `number ${proven}` }, signed(row.gain)),
        h("td", { class: "number" }, `${signed(row.low)} to ${signed(row.high)}`));
    })));
}

const signed = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(4);

// The report is a page of its own, shown in a frame that may run nothing.
function report(model) {
  const details = h("details", {}, h("summary", {}, "Training report"));
  details.addEventListener("toggle", () => {
    if (details.open && !details.querySelector("iframe")) {
      details.append(h("iframe", { class: "report", title: `Training report of ${model.name}`, sandbox: "", src: `/api/models/${encodeURIComponent(model.name)}/report` }));
    }
  }, { once: false });
  return details;
}
