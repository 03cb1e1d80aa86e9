// The preview of the built article, and building from there.
//
// The article is in a sandboxed frame, in which no script runs and which loads nothing from
// elsewhere. This page reaches into it to make segments clickable.

import { attempt, get, post } from "./api.js";
import { button, fill, h, say } from "./dom.js";

const NAMES = { approved: "approved", touched: "edited, not approved", draft: "draft", missing: "missing", outdated: "outdated" };
const POLICIES = [
  ["approved", "only if everything is approved"],
  ["allow-missing", "approved translations, the rest German"],
  ["draft", "with drafts"],
];

export class Preview {
  constructor(project, article) {
    this.project = project;
    this.article = article;
    this.where = { article: article.name, language: article.language };
  }

  show(main) {
    this.result = h("div", { role: "status" });
    this.summary = h("p");
    this.frame = h("iframe", {
      title: `Preview of ${this.article.name} in ${this.article.language}`, sandbox: "allow-same-origin",
      src: `preview?${new URLSearchParams(this.where)}`, onload: () => this.loaded(),
    });
    const policy = h("select", { "aria-label": "What to build" }, POLICIES.map(([value, text]) => h("option", { value }, text)));
    fill(main, h("div", { class: "preview" },
      h("h1", {}, this.article.name, " ", h("span", { class: "language" }, this.article.language)),
      h("div", { class: "controls" },
        h("a", { href: this.link() }, "Back to the segments"),
        this.project.readOnly ? null : [
          h("label", {}, "Build ", policy),
          button("Build", () => this.build(policy.value), { class: "primary" }),
        ],
        button("Download", () => this.download())),
      this.summary, this.result, this.frame));
    return () => null;
  }

  link(entry = "") {
    return `#/article/${encodeURIComponent(this.article.name)}/${this.article.language}/${entry}`;
  }

  /** Mark the segments in the frame, and make them lead to the editor. */
  async loaded() {
    const found = await attempt(() => get("preview", this.where), "Preview");
    const page = this.frame.contentDocument;
    if (!found || !page?.body) return;
    page.documentElement.lang = this.article.language.replace("_", "-");
    page.documentElement.dir = this.article.direction;
    const counts = {};
    for (const [, state] of found.segments) counts[state] = (counts[state] ?? 0) + 1;
    const summary = Object.entries(counts).map(([state, number]) => `${number} ${NAMES[state]}`).join(", ");
    fill(this.summary, `${summary}. A click on a segment opens it.`);
    const seen = new Set();
    for (const element of page.querySelectorAll("[data-segment]")) {
      const [entry, state] = found.segments[Number(element.dataset.segment)] ?? ["", "missing"];
      element.dataset.state = state;
      element.title = NAMES[state];
      if (!entry) continue;
      if (!seen.has(element.dataset.segment)) {
        element.tabIndex = 0;
        element.setAttribute("role", "link");
      }
      seen.add(element.dataset.segment);
      const open = (event) => { event.preventDefault(); location.hash = this.link(entry); };
      element.addEventListener("click", open);
      element.addEventListener("keydown", (event) => { if (event.key === "Enter") open(event); });
    }
    // A link of the article leads nowhere from here.
    page.addEventListener("click", (event) => { if (event.target.closest("a, area")) event.preventDefault(); });
    if (found.rejected.length) {
      fill(this.result, h("p", { class: "error" }, "These stay German:"),
        h("ul", {}, found.rejected.map(([text, reason]) => h("li", {}, `${text} – ${reason}`))));
    }
  }

  async build(policy, outdated = false) {
    const done = await attempt(() => post("build", { ...this.where, policy, outdated }), "Build");
    if (!done) return;
    const gaps = done.gaps.map(([text, line, state]) => h("li", {}, `line ${line}, ${NAMES[state] ?? state}: ${text}`));
    fill(this.result,
      h("p", { class: done.built ? "" : "error" }, done.built ? "Built." : `Refused: ${gaps.length} segment(s) are not approved.`),
      gaps.length ? h("details", { open: !done.built },
        h("summary", {}, done.built ? "These are German:" : "Review these first:"), h("ul", {}, gaps)) : null,
      done.rejected.length ? h("ul", { class: "error" },
        done.rejected.map(([text, reason]) => h("li", {}, `${text} – ${reason}`))) : null,
      !done.built && done.gaps.some((gap) => gap[2] === "outdated") && !outdated
        ? button("Build with outdated translations", () => this.build(policy, true)) : null);
    say(done.built ? "Built." : "Not built.");
  }

  async download() {
    const response = await fetch(`api/download?${new URLSearchParams(this.where)}`);
    if (!response.ok) {
      say((await response.json()).error, { urgent: true });
      return;
    }
    const link = h("a", { href: URL.createObjectURL(await response.blob()), download: this.article.name });
    link.click();
    URL.revokeObjectURL(link.href);
  }
}
