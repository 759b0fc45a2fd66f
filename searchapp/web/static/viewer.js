// A paper's pages with the open sentence marked on them, scrolled to it; its outline and what is similar beside it.
import * as api from "./api.js";
import { h, icon, iconButton, names, note, say } from "./dom.js";

const ZOOMS = [0.5, 0.67, 0.8, 0.9, 1, 1.15, 1.35, 1.6, 2, 2.5]; // of the width that there is
const SCALES = [1, 2, 3, 4]; // pixels a point that the server draws

export class Viewer {
  // `acts`: close, step, copy, show(hit), hitsOf(document), whyPanel(hit).
  constructor(acts) {
    this.acts = acts;
    this.known = new Map(); // hits that came from elsewhere than the list
    this.hit = null;
    this.paper = null;
    this.zoom = ZOOMS.indexOf(innerWidth < 600 ? 1.6 : 1); // on a phone a column, else the page
    this.drawerKind = "";
    this.title = h("h2");
    this.about = h("p");
    this.place = h("span", { class: "place" });
    this.pageAt = h("span", { class: "place" });
    this.outlineButton = this.toggle("list", "Outline (o)", "outline");
    this.similarButton = this.toggle("near", "Similar sentences (s)", "similar");
    this.sheets = h("div", { class: "sheets", tabindex: "0", "aria-label": "Pages" });
    this.drawer = h("div", { class: "drawer", hidden: true });
    this.quote = h("p");
    this.why = h("div", { hidden: true });
    this.whyButton = iconButton("help", "Why this hit (w)", () => this.toggleWhy(), { "aria-expanded": "false" });
    this.node = h("aside", { class: "viewer", "aria-label": "The paper" },
      h("header", {},
        h("div", { class: "title" }, h("div", {}, this.title, this.about), iconButton("close", "Close (Esc)", () => acts.close())),
        h("div", { class: "row" },
          iconButton("up", "Previous hit (p)", () => acts.step(-1)), iconButton("down", "Next hit (n)", () => acts.step(1)), this.place,
          h("span", { class: "gap" }), this.pageAt,
          iconButton("minus", "Smaller", () => this.zoomBy(-1)), iconButton("plus", "Larger", () => this.zoomBy(1)),
          this.outlineButton, this.similarButton)),
      h("div", { class: "stage" }, this.sheets, this.drawer),
      h("footer", {}, h("div", { class: "said" }, this.quote, this.why), this.whyButton, iconButton("copy", "Copy with its source (c)", () => acts.copy(this.hit))));
    this.seen = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) this.draw(entry.target);
    }, { root: this.sheets, rootMargin: "80% 0px" });
    this.sheets.addEventListener("scroll", () => this.tellPage(), { passive: true });
    new ResizeObserver(() => this.fit()).observe(this.sheets);
  }

  toggle(name, label, kind) {
    return iconButton(name, label, () => (this.drawerKind === kind ? this.closeDrawer() : this.openDrawer(kind)), { "aria-expanded": "false" });
  }

  async open(hit, { at, of }) {
    const sameHit = this.hit?.sentence === hit.sentence;
    this.hit = hit;
    this.title.textContent = hit.title;
    this.title.title = hit.title;
    this.about.textContent = [names(hit.authors), hit.year].filter(Boolean).join(" · ");
    this.place.textContent = at < 0 ? "" : `${at + 1} of ${of}`;
    this.quote.textContent = hit.text;
    if (this.paper?.document !== hit.document) {
      this.paper = null;
      this.sheets.replaceChildren();
      this.seen.disconnect();
      try {
        const paper = await api.paper(hit.document);
        if (this.hit !== hit) return;
        this.paper = paper;
        this.lay();
      } catch (problem) {
        this.sheets.replaceChildren(note(problem));
        return;
      }
    }
    this.mark();
    if (!sameHit) this.toggleWhy(false);
    if (!sameHit || !this.scrolled) this.scrollToHit();
    say(`Page ${hit.page} of ${this.paper.pages}: ${hit.text}`);
    if (this.drawerKind && !(sameHit && this.drawerKind === this.drawnKind)) this.openDrawer(this.drawerKind);
  }

  toggleWhy(open = this.why.hidden) {
    this.why.hidden = !open;
    this.whyButton.setAttribute("aria-expanded", String(open));
    if (open) this.why.replaceChildren(this.acts.whyPanel(this.hit));
  }

  hide() {
    this.node.remove();
    this.closeDrawer();
    this.hit = null;
    this.scrolled = false;
  }

  // One empty sheet a page, of the page's shape, so that everything has its place before it is drawn.
  lay() {
    this.sheets.replaceChildren(...this.paper.page_sizes.map(([width, height], index) => {
      const sheet = h("div", { class: "sheet", "data-page": index + 1 });
      sheet.style.aspectRatio = `${width} / ${height}`;
      this.seen.observe(sheet);
      return sheet;
    }));
    this.fit();
  }

  fit() {
    if (!this.paper) return;
    const style = getComputedStyle(this.sheets);
    const room = this.sheets.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const width = Math.max(120, Math.floor(room * ZOOMS[this.zoom]));
    if (width === this.width) return;
    const [top, left] = this.width ? [this.sheets.scrollTop / this.width, this.sheets.scrollLeft / this.width] : [0, 0];
    this.width = width;
    for (const sheet of this.sheets.children) sheet.style.width = `${width}px`;
    this.sheets.scrollTo({ top: top * width, left: left * width }); // what was seen stays in sight
    for (const sheet of this.sheets.querySelectorAll(".sheet:has(img)")) this.draw(sheet);
  }

  zoomBy(step) {
    this.zoom = Math.max(0, Math.min(ZOOMS.length - 1, this.zoom + step));
    this.fit();
    this.scrollToHit();
  }

  draw(sheet) {
    if (!this.paper) return;
    const page = Number(sheet.dataset.page);
    const [width] = this.paper.page_sizes[page - 1];
    const wanted = (this.width * (window.devicePixelRatio || 1)) / width;
    const scale = SCALES.find((each) => each >= wanted * 0.9) || SCALES.at(-1);
    if (Number(sheet.dataset.scale) >= scale) return;
    sheet.dataset.scale = scale;
    const image = h("img", { alt: `Page ${page}`, draggable: "false", src: api.pageImage(this.paper.document, page, scale) });
    image.addEventListener("load", () => {
      for (const old of sheet.querySelectorAll("img, .failed")) if (old !== image) old.remove();
    });
    image.addEventListener("error", () => {
      image.remove();
      sheet.append(h("p", { class: "failed" }, "This page could not be drawn: the file has moved or changed. Ingest it again."));
    });
    sheet.prepend(image);
  }

  // Rectangles on the sheets: the open sentence, and faintly the paper's other hits.
  mark() {
    for (const box of this.sheets.querySelectorAll(".box")) box.remove();
    for (const other of this.acts.hitsOf(this.hit.document)) {
      if (other.sentence !== this.hit.sentence) this.boxes(other, "other", () => this.acts.show(other));
    }
    this.boxes(this.hit, "now", null);
  }

  boxes(hit, kind, onclick) {
    hit.boxes.forEach(([x0, y0, x1, y1], index) => {
      const page = hit.box_pages[index];
      const sheet = this.sheets.children[page - 1];
      if (!sheet) return;
      const [width, height] = this.paper.page_sizes[page - 1];
      const box = onclick
        ? h("button", { type: "button", class: `box ${kind}`, title: hit.text, onclick, tabindex: "-1", "aria-hidden": "true" })
        : h("div", { class: `box ${kind}` });
      box.style.left = `${(x0 / width) * 100}%`;
      box.style.top = `${(y0 / height) * 100}%`;
      box.style.width = `${((x1 - x0) / width) * 100}%`;
      box.style.height = `${((y1 - y0) / height) * 100}%`;
      sheet.append(box);
    });
  }

  scrollToHit() {
    const first = this.sheets.querySelector(".box.now");
    if (!first) { this.scrollToPage(this.hit.page, 0); return; }
    const frame = this.sheets.getBoundingClientRect(), box = first.getBoundingClientRect();
    const lines = [...this.sheets.querySelectorAll(".box.now")].slice(0, 3).map((each) => each.getBoundingClientRect().left);
    this.sheets.scrollTo({
      top: this.sheets.scrollTop + box.top - frame.top - frame.height * 0.3,
      left: this.sheets.scrollLeft + Math.min(...lines) - frame.left - 12, // of no effect where the whole page is seen
    });
    this.scrolled = true;
    this.tellPage();
  }

  scrollToPage(page, top) {
    const sheet = this.sheets.children[page - 1];
    if (!sheet) return;
    const [, height] = this.paper.page_sizes[page - 1];
    const frame = this.sheets.getBoundingClientRect(), at = sheet.getBoundingClientRect();
    this.sheets.scrollTo({ top: this.sheets.scrollTop + at.top - frame.top + (top / height) * at.height - 16 });
  }

  tellPage() {
    if (!this.paper) return;
    const middle = this.sheets.getBoundingClientRect().top + this.sheets.clientHeight * 0.4;
    const sheet = [...this.sheets.children].findLast((each) => each.getBoundingClientRect().top <= middle);
    this.pageAt.textContent = `p. ${sheet?.dataset.page || 1} / ${this.paper.pages}`;
  }

  openDrawer(kind) {
    this.drawerKind = kind;
    this.drawer.hidden = false;
    this.outlineButton.setAttribute("aria-expanded", String(kind === "outline"));
    this.similarButton.setAttribute("aria-expanded", String(kind === "similar"));
    if (!this.paper || !this.hit) return;
    this.drawnKind = kind;
    if (kind === "outline") this.fillOutline();
    else this.fillSimilar();
  }

  // Gives whether there was one to close.
  closeDrawer() {
    if (!this.drawerKind) return false;
    this.drawerKind = this.drawnKind = "";
    this.drawer.hidden = true;
    for (const button of [this.outlineButton, this.similarButton]) button.setAttribute("aria-expanded", "false");
    return true;
  }

  fillDrawer(title, ...nodes) {
    this.drawer.replaceChildren(h("div", { class: "title" }, h("h3", {}, title),
      iconButton("close", "Close (Esc)", () => this.closeDrawer())), ...nodes);
  }

  fillOutline() {
    const entries = this.paper.outline.map((entry) => h("a", {
      href: "#", class: `level${Math.min(entry.level, 3)}`,
      onclick: (event) => {
        event.preventDefault();
        this.scrollToPage(entry.page, entry.top);
        if (matchMedia("(max-width: 760px)").matches) this.closeDrawer();
      },
    }, h("span", {}, [entry.number, entry.text].filter(Boolean).join(" ")), h("i", {}, String(entry.page))));
    this.fillDrawer("Outline", entries.length ? h("nav", { class: "outline" }, entries) : h("p", { class: "soft" }, "No headings were found."));
  }

  async fillSimilar() {
    const hit = this.hit;
    if (this.similarTo !== hit.sentence) this.fillDrawer("Similar sentences");
    try {
      const { hits } = await api.similar(hit.sentence, 12);
      if (this.hit !== hit || this.drawerKind !== "similar") return;
      this.similarTo = hit.sentence;
      for (const each of hits) this.known.set(each.sentence, each);
      this.fillDrawer("Similar sentences", ...hits.map((each) => h("a", {
        href: `/?hit=${each.sentence}`,
        onclick: (event) => { event.preventDefault(); this.acts.show(each); },
      }, each.text, h("small", {}, `${each.document === hit.document ? "This paper" : each.title}, p. ${each.page}`))));
    } catch (problem) {
      this.fillDrawer("Similar sentences", note(problem));
    }
  }
}
