// The panel of the active segment: findings, terms, suggestions, differences, remarks, history.

import { attempt, get, post } from "./api.js";
import { showDifference } from "./diff.js";
import { button, fill, h, say } from "./dom.js";

const CATEGORIES = ["accuracy", "fluency", "terminology", "style", "locale"];
const SEVERITIES = ["minor", "major", "critical"];
const PLACEABLES = /https?:\/\/[^\s<>"]+|[\w.+-]+@[\w-]+\.[\w.]+|%\(\w+\)[sd]|%[sd]|\{\w*\}|\d+(?:[.,:]\d+)*/g;
const NOTE_DELAY = 1000;

export class Panel {
  constructor(view) {
    this.view = view;
    this.sections = new Map();
    this.found = new Map(); // entry -> suggestions loaded for it
    this.engines = [];
    this.element = h("aside", { class: "panel", "aria-label": "Active segment" });
    for (const [name, title, open] of [
      ["state", "State", true], ["findings", "Findings", true], ["terms", "Terms", true],
      ["placeables", "Placeables", true], ["changes", "Changes", true],
      ["suggestions", "Suggestions", true], ["search", "Search translations", false],
      ["remarks", "Remarks", false], ["history", "History", false],
    ]) {
      const body = h("div", { class: "body" });
      const details = h("details", { class: `section ${name}`, open },
        h("summary", {}, h("h2", {}, title)), body);
      details.body = body;
      details.addEventListener("toggle", () => { if (details.open) this.opened(name); });
      this.sections.set(name, details);
      this.element.append(details);
    }
    this.runLine = h("div", { class: "run" });
    this.element.prepend(this.runLine);
  }

  get store() { return this.view.store; }

  get id() { return this.view.current?.entry ?? ""; }

  get entry() { return this.store.entries.get(this.id); }

  get where() { return { article: this.store.name, language: this.store.language }; }

  get readOnly() { return this.view.project.readOnly; }

  body(name) { return this.sections.get(name).body; }

  /** Show the entry of a place; parts with the focus inside stay as they are. */
  show(place) {
    const entry = this.store.entries.get(place.entry);
    this.element.classList.toggle("empty", !entry);
    if (!entry) return;
    const changed = this.shown !== entry.id;
    this.shown = entry.id;
    this.showState(place, entry);
    this.showFindings(entry);
    this.showTerms(entry);
    this.showPlaceables(place);
    this.showChanges(entry);
    this.showSuggestions(entry);
    if (changed || !this.body("remarks").contains(document.activeElement)) this.showRemarks(entry);
    if (changed) {
      fill(this.body("history"));
      if (this.sections.get("history").open) this.opened("history");
      if (!this.body("search").childElementCount) this.showSearch();
    }
  }

  showState(place, entry) {
    const uses = this.view.uses.get(entry.id);
    const { store } = this;
    const origin = entry.engine ? `Draft by ${entry.engine}${entry.model ? ` (${entry.model})` : ""}` : "";
    const sure = entry.confidence === undefined ? "" : `, confidence ${entry.confidence} %`;
    const draft = store.draft(entry.id);
    fill(this.body("state"),
      h("p", {}, h("strong", {}, `Segment ${place.number}: ${store.isDirty(entry.id) ? "edited, not saved yet" : entry.state}`)),
      origin ? h("p", {}, origin + sure) : null,
      uses > 1 ? h("p", { class: "note" },
        `This text occurs ${uses} times in the article; all are translated and approved together.`) : null,
      entry.context?.length ? h("p", { class: "context" }, entry.context.join(" · ")) : null,
      entry.previous ? h("div", { class: "outdated" }, h("p", {}, "Translated from an earlier German text:"),
        h("p", { lang: "de", class: "difference" }, showDifference(entry.previous, entry.source))) : null,
      entry.conflict ? h("div", { class: "conflict" }, h("p", {}, "Two versions of this translation:"),
        entry.conflict.map((line) => this.version(line)),
        h("p", {}, "Take one or write a third, then approve.")) : null,
      this.readOnly ? null : h("p", { class: "actions" },
        button("Approve", () => this.view.decide(true), { key: "Ctrl+Enter", class: "primary" }),
        button("Keep as draft", () => this.view.decide(false), { key: "Alt+Enter" }),
        button("Next open", () => this.view.nextOpen(), { key: "Alt+U" }),
        button("Undo", () => this.view.undo(), { key: "Alt+Z" }),
        draft && draft !== store.targets(entry.id)[0]
          ? button("Back to the draft", () => this.backToDraft(), { key: "Ctrl+Backspace" }) : null,
        button("Copy German", () => this.view.replace(place.source), { key: "Ctrl+Shift+C" }),
        button("Clear", () => this.clear()),
        ["missing", "draft"].includes(entry.state) && !store.isDirty(entry.id)
          ? button(entry.state === "missing" ? "Draft it" : "Draft again", () => this.draft()) : null));
  }

  /** A version quoted in a conflict: `ours, fuzzy: "text"`. */
  version(line) {
    const at = line.indexOf(": ");
    const quoted = line.slice(at + 2);
    let text = quoted;
    try { text = JSON.parse(quoted); } catch { /* not escaped as JSON: shown as it is */ }
    const name = { ours: "Ours", theirs: "Theirs" }[line.slice(0, at).split(/[,[]/)[0]] ?? line.slice(0, at);
    return h("p", { class: "version" }, h("strong", {}, `${name}: `), text, " ",
      this.readOnly ? null : button("Take", () => this.view.replace(text)));
  }

  showFindings(entry) {
    const findings = this.store.findings(entry.id);
    const ignored = entry.remarks.ignored;
    const { notice } = this.store;
    fill(this.body("findings"),
      findings.length ? h("ol", {}, findings.map((one, at) => h("li", { class: one.severity },
        h("strong", {}, `${one.severity}: `), one.message, " ", h("code", {}, one.check), " ",
        this.readOnly ? null : button("Ignore", () => this.ignoreFinding(at), { key: `Ctrl+I ${at + 1}` }))))
        : h("p", { class: "quiet" }, this.store.reports.has(entry.id) || this.store.header ? "No findings." : "Checking …"),
      entry.issues ? h("p", { class: "quiet" }, "When drafted: ", entry.issues.join(" ")) : null,
      ignored.length ? h("p", { class: "quiet" }, "Ignored: ", ignored.map((check) => h("span", {}, check, " ",
        this.readOnly ? null : button("Check again", () => this.remark({ ignored: ignored.filter((one) => one !== check) })), " "))) : null,
      notice ? h("p", { class: "quiet" }, notice) : null);
  }

  showTerms(entry) {
    const terms = this.store.reports.get(entry.id)?.terms ?? [];
    const unique = [...new Map(terms.map((term) => [term.term, term])).values()];
    const body = this.body("terms");
    if (body.contains(document.activeElement) && document.activeElement.tagName === "INPUT") return;
    fill(body,
      unique.length ? h("ul", {}, unique.map((term) => h("li", { class: term.respected ? "respected" : "required" },
        h("span", { lang: "de" }, term.term), " → ",
        term.targets.map((target, at) => [at ? " or " : "", this.readOnly ? target
          : button(target, () => this.view.insert(target), { title: "Insert", class: "term" })]),
        h("span", { class: "quiet" }, term.respected ? " ✓ used" : " ✗ not used", term.compound ? " (part of a word)" : "",
          term.note ? ` – ${term.note}` : "")))) : h("p", { class: "quiet" }, "No glossary terms."),
      this.readOnly ? null : this.termForm());
  }

  termForm() {
    const german = h("input", { name: "source", required: true, size: 14, "aria-label": "German term" });
    const target = h("input", { name: "target", required: true, size: 14, "aria-label": "Translation of the term" });
    const form = h("form", {
      class: "term-form", hidden: true, onsubmit: async (event) => {
        event.preventDefault();
        const done = await attempt(() => post("term", { ...this.where, source: german.value, target: target.value }), "Term");
        if (!done) return;
        say(done.added ? `Added ${german.value} → ${target.value}. The article is checked again.`
          : "The glossary has this term already.");
        this.view.area()?.focus();
        await attempt(() => this.store.loadReports(), "Checks");
        this.view.checkSoon(0);
      },
    }, german, " → ", target, " ", h("button", {}, "Add"));
    return [button("Add term", () => {
      const area = this.view.area();
      german.value = String(getSelection()).trim();
      target.value = area ? area.value.slice(area.selectionStart, area.selectionEnd) : "";
      form.hidden = false;
      (german.value ? target : german).focus();
    }), form];
  }

  showPlaceables(place) {
    const tokens = (this.entry?.tokens ?? []).map((token) => token.text);
    const plain = (this.entry?.tokens ?? []).reduceRight(
      (text, { start, end }) => `${text.slice(0, start)} ${text.slice(end)}`, place.source);
    this.placeables = [...new Set([...tokens, ...plain.match(PLACEABLES) ?? []])].slice(0, 9);
    this.sections.get("placeables").hidden = !this.placeables.length || this.readOnly;
    fill(this.body("placeables"), h("ol", { class: "inline" }, this.placeables.map((text, at) => h("li", {},
      button(text, () => this.insertPlaceable(at), { key: `Ctrl+${at + 1}`, class: "placeable" })))));
  }

  showChanges(entry) {
    const now = this.store.targets(entry.id).join("\n");
    const opened = this.store.opened.get(entry.id)?.join("\n") ?? "";
    const draft = this.store.draft(entry.id);
    const rows = [];
    if (draft && draft !== now) rows.push(["Since the machine's draft", draft]);
    if (opened && opened !== now && opened !== draft) rows.push(["Since the page was opened", opened]);
    const none = draft || opened ? "No changes."
      : entry.engine ? "The draft as the machine wrote it is not known any more." : "No earlier text.";
    fill(this.body("changes"), rows.length
      ? rows.map(([title, before]) => [h("h3", {}, title), h("p", { class: "difference" }, showDifference(before, now))])
      : h("p", { class: "quiet" }, none));
  }

  showSuggestions(entry) {
    const loaded = this.found.get(entry.id) ?? [];
    const similar = (entry.similar ?? []).map((one) => ({ ...one, text: one.target, title: `memory ${one.percent} %, ${one.file}` }));
    const second = entry.alternatives ?? [];
    const others = second.filter((one) => one.target)
      .map((one) => ({ text: one.target, title: `${one.engine}, ${one.agreement} % like the draft` }));
    const agreed = second.filter((one) => !one.target).map((one) => `${one.engine} translates the same.`);
    this.suggestions = [...others, ...similar, ...loaded].slice(0, 9);
    fill(this.body("suggestions"),
      h("ol", {}, this.suggestions.map((one, at) => h("li", {}, h("p", {}, one.text),
        one.difference ? h("p", { class: "difference quiet", lang: "de" }, marksOf(one.difference)) : null,
        h("p", { class: "quiet" }, `${one.title} `,
          this.readOnly ? null : button("Take", () => this.takeSuggestion(at), { key: `Ctrl+M ${at + 1}` }))))),
      agreed.map((text) => h("p", { class: "quiet" }, text)),
      this.suggestions.length || agreed.length ? null : h("p", { class: "quiet" }, "No similar translations."),
      h("p", {}, this.engines.map((engine) => [button(`Ask ${engine.name}`, () => this.ask(engine), { title: engine.note }), " "])));
  }

  async loadEngines() {
    const found = await attempt(() => get("engines", this.where), "Engines");
    this.engines = found?.engines ?? [];
    if (this.entry) this.showSuggestions(this.entry);
  }

  async ask(engine) {
    const { id } = this;
    say(`Asking ${engine.name} …`);
    const answer = await attempt(() => post("alternatives", { ...this.where, entry: id, engine: engine.name }), engine.name);
    if (!answer) return;
    const known = this.found.get(id) ?? [];
    const fresh = answer.alternatives.filter((one) => !known.some((other) => other.text === one.text));
    this.found.set(id, [...known, ...fresh]);
    say(fresh.length ? `${engine.name} answered.` : answer.reason || "No other translation.");
    if (this.id === id) this.showSuggestions(this.entry);
  }

  showSearch() {
    const results = h("ol", { "aria-live": "polite" });
    this.searchField = h("input", { type: "search", "aria-label": "Words to find in earlier translations" });
    fill(this.body("search"), h("form", {
      onsubmit: async (event) => {
        event.preventDefault();
        const found = await attempt(() => get("concordance", { ...this.where, text: this.searchField.value }), "Search");
        if (!found) return;
        fill(results, found.hits.length ? found.hits.map((hit) => h("li", {}, h("p", { lang: "de" }, hit.source),
          h("p", {}, hit.target, " ", this.readOnly ? null : button("Insert", () => this.view.insert(hit.target))),
          h("p", { class: "quiet" }, `${hit.percent} %, ${hit.file}`))) : h("li", {}, "Nothing found."));
      },
    }, this.searchField, " ", h("button", {}, "Search")), results);
  }

  searchSelection() {
    const area = this.view.area();
    const text = area && document.activeElement === area
      ? area.value.slice(area.selectionStart, area.selectionEnd) : String(getSelection());
    this.sections.get("search").open = true;
    if (!this.searchField) this.showSearch();
    this.searchField.value = text.trim();
    this.searchField.focus();
    if (text.trim()) this.searchField.form.requestSubmit();
  }

  showRemarks(entry) {
    const { remarks } = entry;
    const note = h("textarea", { rows: 3, readonly: this.readOnly, "aria-label": "Note to the author", oninput: () => {
      clearTimeout(this.noteTimer);
      const save = () => { clearTimeout(this.noteTimer); note.onblur = null; return this.remark({ note: note.value }, entry.id); };
      this.noteTimer = setTimeout(save, NOTE_DELAY);
      note.onblur = save;
    } });
    note.value = remarks.note;
    const selects = [CATEGORIES, SEVERITIES].map((options, at) => h("select", { "aria-label": at ? "Severity" : "Category" },
      options.map((one) => h("option", {}, one))));
    const about = h("input", { size: 16, "aria-label": "What the mark is about", placeholder: "words, reason" });
    fill(this.body("remarks"),
      h("label", { class: "check" }, h("input", { type: "checkbox", checked: remarks.question, disabled: this.readOnly,
        onchange: () => this.toggleQuestion() }), " Question to the author"),
      h("h3", {}, "Note"), note,
      h("h3", {}, "Error marks (MQM)"),
      h("ul", {}, remarks.marks.map((mark, at) => h("li", {}, `${mark.category}, ${mark.severity}`, mark.text ? `: ${mark.text} ` : " ",
        this.readOnly ? null : button("Remove", () => this.remark({ marks: remarks.marks.filter((_, other) => other !== at) }))))),
      this.readOnly ? null : h("form", {
        class: "mark-form", onsubmit: (event) => {
          event.preventDefault();
          const [category, severity] = selects.map((one) => one.value);
          this.remark({ marks: [...remarks.marks, { category, severity, text: about.value }] });
        },
      }, ...selects, about, " ", h("button", {}, "Add mark")));
  }

  /** Save other remarks of an entry. */
  async remark(change, id = this.id) {
    const entry = this.store.entries.get(id);
    if (!entry || this.readOnly) return null;
    const decide = (now) => ({ remarks: { ...now.remarks, ...change } });
    return attempt(() => this.store.save(id, decide), "Remark");
  }

  async toggleQuestion() {
    const done = this.entry && await this.remark({ question: !this.entry.remarks.question });
    if (done) say(done.entry.remarks.question ? "Marked as question." : "Question removed.");
  }

  async ignoreFinding(at) {
    const finding = this.store.findings(this.id)[at], { entry } = this;
    if (!finding) { say("No such finding."); return; }
    const done = await this.remark({ ignored: [...entry.remarks.ignored, finding.check] });
    if (!done) return;
    say(`${finding.check} is ignored here.`);
    this.view.checkSoon(0);
    this.view.area()?.focus();
  }

  insertPlaceable(at) {
    if (this.placeables?.[at]) this.view.insert(this.placeables[at]);
    else say("No such placeable.");
  }

  takeSuggestion(at) {
    if (this.suggestions?.[at]) this.view.replace(this.suggestions[at].text);
    else say("No such suggestion.");
  }

  backToDraft() {
    const draft = this.store.draft(this.id);
    if (draft) this.view.replace(draft);
    else say("The machine's draft is not known.");
  }

  async clear() {
    const { id, entry } = this;
    this.store.edits.delete(id);
    const done = await attempt(() => this.store.save(id, { targets: entry.targets.map(() => ""), approved: false }), "Clear");
    if (done) { say("Cleared. Undo brings it back."); this.view.area()?.focus(); }
  }

  async opened(name) {
    if (name === "search" && !this.body("search").childElementCount) this.showSearch();
    if (name !== "history" || !this.id || this.body("history").childElementCount) return;
    const { id } = this;
    fill(this.body("history"), h("p", { class: "quiet" }, "Reading …"));
    const found = await attempt(() => get("history", { ...this.where, entry: id }), "History");
    if (!found || this.id !== id) return;
    for (const one of found.versions) if (one.draft_digest) this.store.drafts.set(one.draft_digest, one.target);
    fill(this.body("history"), found.versions.length ? h("ol", {}, found.versions.map((one, at) => h("li", {},
      h("p", { class: "quiet" }, `${one.date}, ${one.author}: ${one.state || "removed"} (${one.commit})`),
      h("p", { class: "difference" }, showDifference(found.versions[at + 1]?.target ?? "", one.target)),
      this.readOnly || !one.target ? null : button("Take", () => this.view.replace(one.target)))))
      : h("p", { class: "quiet" }, found.reason || "No earlier versions."));
    if (this.entry) this.showChanges(this.entry);
  }

  async draft() {
    const { id, entry } = this;
    await attempt(() => post("draft", { ...this.where, entry: id, again: entry.state === "draft" }), "Draft");
  }

  async draftMissing() {
    await this.store.flushAll();
    await attempt(() => post("draft", this.where), "Draft");
  }

  async extract() {
    const done = await attempt(() => post("extract", this.where), "Catalog");
    if (done) this.view.reload();
  }

  /** Show the progress of a run that the server does. */
  showRun({ label, done, total, message, finished }) {
    fill(this.runLine, finished ? null : [h("progress", { max: Math.max(total ?? 1, 1), value: done ?? 0, "aria-label": "Drafting" }),
      ` ${label ?? ""} ${done ?? 0} of ${total ?? "?"}`]);
    if (message) say(message, { urgent: Boolean(finished && finished !== "done") });
  }
}

/** Show `[-removed-]{+added+}` as a difference. */
function marksOf(text) {
  return text.split(/(\[-.*?-\]|\{\+.*?\+\})/).map((part) => {
    if (part.startsWith("[-")) return h("del", {}, part.slice(2, -2));
    if (part.startsWith("{+")) return h("ins", {}, part.slice(2, -2));
    return part;
  });
}
