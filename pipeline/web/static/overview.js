// The overview: articles and languages with their progress, search, and the next segment.

import { attempt, get } from "./api.js";
import { button, fill, h, say } from "./dom.js";

const PARTS = [
  ["approved", "approved"], ["touched", "edited"], ["sure", "confident drafts"],
  ["unsure", "unsure drafts"], ["missing", "missing"],
];
const COLUMNS = ["Article", "Language", "Progress", "Left", "Words left", "Findings", "Remarks"];
const EFFORT = [
  "Engine", "Language", "Approvals", "Words", "Words edited", "Approved as drafted", "Words an hour",
];
const NUMBERS = ["Left", "Words left", "Findings"];
const DELAY = 250;

export class Overview {
  constructor(project) {
    this.project = project;
    this.offset = 0;
    this.query = { text: "", language: "", unfinished: "" };
  }

  show(main) {
    this.table = h("tbody");
    this.count = h("p", { role: "status" });
    this.pages = h("p", { class: "pages" });
    this.hits = h("section", { "aria-label": "Search results" });
    const languages = ["", ...this.project.languages];
    fill(main, h("div", { class: "overview" },
      h("h1", {}, this.project.name),
      h("div", { class: "controls" },
        button("Review the next segment", () => this.next(), { class: "primary" }),
        h("label", {}, "Articles ", h("input", { type: "search", oninput: (event) => this.change({ text: event.target.value }) })),
        h("label", {}, "Language ", h("select", { onchange: (event) => this.change({ language: event.target.value }) },
          languages.map((one) => h("option", { value: one }, one || "all")))),
        h("label", {}, h("input", {
          type: "checkbox", onchange: (event) => this.change({ unfinished: event.target.checked ? "1" : "" }),
        }), " Unfinished only"),
        h("form", { role: "search", onsubmit: (event) => { event.preventDefault(); this.search(event.target.elements.text.value); } },
          h("label", {}, "Text ", h("input", { type: "search", name: "text", placeholder: "German, translation, comment" })), " ",
          h("button", {}, "Search"))),
      this.hits, this.count,
      h("div", { class: "scroll" }, h("table", { class: "articles" }, h("thead", {}, h("tr", {},
        COLUMNS.map((name) => h("th", { scope: "col", class: NUMBERS.includes(name) ? "number" : null }, name)))),
      this.table)), this.pages, this.effort = h("section", { "aria-label": "Effort" })));
    if (this.project.measure) this.showEffort();
    this.load();
    return () => clearTimeout(this.timer);
  }

  change(query) {
    Object.assign(this.query, query);
    this.offset = 0;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), DELAY);
  }

  async load() {
    const asked = this.asked = {};
    const found = await attempt(() => get("overview", { ...this.query, offset: this.offset }), "Overview");
    if (!found || asked !== this.asked) return;
    fill(this.table, found.rows.map((row) => this.row(row)));
    const last = this.offset + found.rows.length;
    const total = found.total ?? "more";
    fill(this.count, last ? `${this.offset + 1}–${last} of ${total} catalogs` : "No article matches.");
    fill(this.pages,
      this.offset ? button("Previous page", () => this.page(-1)) : null,
      found.total === null || last < found.total ? button("Next page", () => this.page(1)) : null);
    this.size = found.rows.length;
    for (const row of found.rows) {
      if (asked !== this.asked) return;
      if (!row.problem) await this.count_findings(row);
    }
  }

  page(step) {
    this.offset = Math.max(0, this.offset + step * 100);
    this.load();
  }

  row(row) {
    const link = `#/article/${encodeURIComponent(row.article)}/${row.language}`;
    if (row.problem) {
      return h("tr", {}, h("th", { scope: "row" }, row.article), h("td", {}, row.language),
        h("td", { colspan: 5, class: "error" }, row.problem));
    }
    const left = row.segments - row.approved;
    const summary = PARTS.filter(([part]) => row[part]).map(([part, name]) => `${row[part]} ${name}`).join(", ") || "no segments";
    const bar = h("div", { class: "bar", role: "img", "aria-label": summary, title: summary });
    for (const [part] of PARTS) {
      if (!row[part]) continue;
      const piece = h("span", { class: part });
      piece.style.flexGrow = row[part];
      bar.append(piece);
    }
    const remarks = [[row.outdated, "outdated"], [row.conflicts, "in conflict"], [row.questions, "question(s)"]]
      .filter(([number]) => number).map(([number, name]) => `${number} ${name}`).join(", ");
    row.cell = h("td", { class: "number" }, "…");
    return h("tr", {},
      h("th", { scope: "row" }, h("a", { href: link }, row.article)), h("td", {}, row.language),
      h("td", {}, bar), h("td", { class: "number" }, left), h("td", { class: "number" }, row.words_left),
      row.cell, h("td", {}, remarks, remarks ? " " : "", left ? null : h("span", { class: "done" }, "✓ finished")));
  }

  async count_findings(row) {
    const found = await get("count", { article: row.article, language: row.language }).catch(() => null);
    const counted = Object.entries(found?.findings ?? {}).map(([severity, number]) =>
      `${number} ${severity}${number > 1 && severity !== "info" ? "s" : ""}`);
    fill(row.cell, found ? counted.join(", ") || "none" : "unknown");
  }

  /** What drafts were worth, where the project measures it. */
  async showEffort() {
    const found = await attempt(() => get("effort"), "Effort");
    if (!found?.engines.length) return;
    fill(this.effort, h("h2", {}, "What drafts are worth"), h("div", { class: "scroll" }, h("table", { class: "articles" },
      h("thead", {}, h("tr", {}, EFFORT.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, found.engines.map((one) => h("tr", {},
        h("th", { scope: "row" }, `${one.engine} ${one.model}`),
        [one.language, one.approvals, one.words, `${one.edit_rate} %`, `${one.unedited} %`, one.words_per_hour]
          .map((value) => h("td", {}, value))))))));
  }

  async next() {
    const found = await attempt(() => get("next", { language: this.query.language }), "Next");
    if (found?.article) location.hash = `#/article/${encodeURIComponent(found.article)}/${found.language}/${found.entry}`;
    else if (found) say("Everything with a translation is approved.");
  }

  async search(text) {
    if (!text.trim()) { fill(this.hits); return; }
    const found = await attempt(() => get("search", { text, language: this.query.language }), "Search");
    if (!found) return;
    fill(this.hits, h("h2", {}, `${found.hits.length} found`), h("ol", { class: "hits" }, found.hits.map((hit) => h("li", {},
      h("a", { href: `#/article/${encodeURIComponent(hit.article)}/${hit.language}/${hit.entry}` }, `${hit.article} (${hit.language})`),
      h("p", { lang: "de" }, hit.source), h("p", { lang: hit.language.replace("_", "-"), dir: "auto" }, hit.target)))));
  }
}
