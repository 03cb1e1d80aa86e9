// The article view: German and translation side by side, edited in place.
//
// Segments are in chunks. A chunk far from the window is an empty box of the height it had, so
// that an article of 5,000 segments has as few elements as one of 100.

import { attempt, get, listen, report } from "./api.js";
import { button, fill, h, hush, marked, say } from "./dom.js";
import { bindKeys } from "./keys.js";
import { Panel } from "./panel.js";
import { Store } from "./store.js";

const CHUNK = 12, FRAME = 8, ROW_HEIGHT = 72, CHECK_DELAY = 350;
const IDLE = 60; // seconds without a keystroke after which a pause does not count
const STATES = {
  missing: ["○", "missing"], draft: ["◐", "draft"],
  touched: ["✎", "edited, not approved"], approved: ["✓", "approved"],
};
const OUTCOMES = {
  conflict: "Somebody else changed this text too: both versions are kept. Choose one in the panel.",
  merged: "Merged with a change from outside.",
  removed: "This text is no longer in the article. Your translation stays in the catalog as obsolete entry.",
};
const FILTERS = {
  "all": () => true,
  "to review": (entry) => entry.state !== "approved",
  "drafts": (entry) => entry.state === "draft",
  "edited": (entry) => entry.state === "touched",
  "missing": (entry) => entry.state === "missing",
  "with findings": (entry, view) => view.store.findings(entry.id).length > 0,
  "questions": (entry) => entry.remarks.question,
  "outdated": (entry) => Boolean(entry.previous),
};
const ORDERS = {
  "article order": null,
  "least confident first": (entry) => (entry.state === "draft" ? entry.confidence ?? 0 : 101),
  "findings first": (entry, view) => -view.store.findings(entry.id).length,
  "oldest first": (entry, view) => view.ages.get(entry.id) ?? Infinity,
};

export class ArticleView {
  constructor(project, article, entry) {
    this.project = project;
    this.store = new Store(article, project.name);
    this.wanted = entry;
    this.filter = "all";
    this.order = "article order";
    this.text = "";
    this.ages = new Map();
    this.times = new Map(); // entry -> seconds that it was active
    this.current = null; // the active place
    this.rows = new Map(); // place -> elements of its row
    this.chunks = [];
    this.waiting = new Map(); // chunk -> whether it shall be filled
    this.panel = new Panel(this);
  }

  /** Show the view; returns the function that ends it. */
  show(main) {
    const { store } = this;
    this.list = h("div", { class: "list", role: "list", "aria-label": "Segments" });
    this.progress = h("p", { class: "progress" });
    this.problem = h("div", { class: "problem" });
    fill(main, h("div", { class: "article" },
      h("div", { class: "column" }, this.toolbar(), this.problem, this.list),
      this.panel.element));
    this.observer = new IntersectionObserver((seen) => {
      for (const one of seen) this.waiting.set(one.target, one.isIntersecting);
      this.toggleWaiting();
    }, { rootMargin: "600px 0px" });
    store.addEventListener("entry", ({ detail }) => this.refresh(detail.id, detail.outcome));
    store.addEventListener("report", ({ detail }) => this.refresh(detail.id));
    store.addEventListener("reports", () => this.refreshAll());
    store.addEventListener("unsaved", ({ detail }) => this.failed(detail.error));
    this.layOut();
    this.showProblem();
    const first = this.places.find((place) => place.entry === this.wanted)
      ?? this.places.find((place) => this.isOpen(place)) ?? this.places[0];
    if (first) this.activate(first, { focus: Boolean(this.wanted) });
    attempt(() => store.loadReports(), "Checks");
    this.panel.loadEngines();
    const unbind = bindKeys(this);
    const leave = () => { if (document.visibilityState === "hidden") store.flushAll({ keepalive: true }); };
    document.addEventListener("visibilitychange", leave);
    window.addEventListener("pagehide", leave);
    const close = this.follow();
    if (store.restored) {
      say(`Restored unsaved text in ${store.restored} segment(s).`);
      store.flushAll();
    }
    return () => {
      unbind();
      close();
      this.observer.disconnect();
      document.removeEventListener("visibilitychange", leave);
      window.removeEventListener("pagehide", leave);
      return store.flushAll();
    };
  }

  /** Follow changes by others and the end of the server. */
  follow() {
    const { store } = this;
    return listen({ article: store.name, language: store.language }, {
      changed: ({ entries }) => {
        const changed = store.receive(entries);
        if (!changed) return;
        say(`${changed} segment(s) changed outside of this page.`);
        attempt(() => store.loadReports(), "Checks");
      },
      problem: ({ message, hint }) => say(`${message} ${hint}`, { urgent: true }),
      reload: () => this.reload(),
      run: (event) => this.panel.showRun(event),
      stopping: () => store.flushAll().catch(() => null),
      found: () => { store.flushAll(); this.reload(); },
    });
  }

  /** Load the article again; what was typed, the place and the focus stay. */
  async reload() {
    const { store } = this, active = document.activeElement?.dataset?.form;
    const article = await attempt(() => get("article", { article: store.name, language: store.language }), "Article");
    if (!article) return;
    const place = this.current, caret = document.activeElement?.selectionStart;
    store.take(article);
    this.layOut();
    this.showProblem();
    const again = this.places.find((one) => one.number === place?.number && one.entry === place?.entry)
      ?? this.places.find((one) => one.entry === place?.entry);
    if (again) {
      this.activate(again, { focus: active !== undefined, scroll: false });
      const area = this.rows.get(again)?.areas[Number(active ?? 0)];
      if (active !== undefined && caret !== undefined) area?.setSelectionRange(caret, caret);
    }
    attempt(() => store.loadReports(), "Checks");
  }

  showProblem() {
    const { article } = this.store;
    fill(this.problem, article.problem ? [article.problem, " ",
      this.project.readOnly ? null : button("Update the catalog", () => this.panel.extract())] : []);
  }

  toolbar() {
    const { article } = this.store;
    const select = (label, options, change) => h("label", {}, `${label} `,
      h("select", { onchange: (event) => change(event.target.value) },
        Object.keys(options).map((name) => h("option", {}, name))));
    return h("div", { class: "toolbar" },
      h("h1", {}, article.name, " ", h("span", { class: "language" }, article.language)),
      h("p", { class: "languages" }, this.project.languages.filter((one) => one !== article.language).map((one) => [
        h("a", { href: `#/article/${encodeURIComponent(article.name)}/${one}`, "aria-label": `The article in ${one}` }, one), " "])),
      this.progress,
      h("div", { class: "controls" },
        select("Show", FILTERS, (value) => { this.filter = value; this.layOut(); }),
        select("Order", ORDERS, (value) => this.reorder(value)),
        h("label", {}, "Find ", h("input", {
          type: "search", oninput: (event) => { this.text = event.target.value.toLowerCase(); this.layOut(); },
        })),
        this.project.readOnly ? null : button("Draft what is missing", () => this.panel.draftMissing()),
        h("a", { href: `#/preview/${encodeURIComponent(article.name)}/${article.language}` }, "Preview and build")));
  }

  async reorder(value) {
    this.order = value;
    if (value === "oldest first" && !this.ages.size) {
      const found = await attempt(() => get("ages", { article: this.store.name, language: this.store.language }), "Ages");
      this.ages = new Map(Object.entries(found?.ages ?? {}));
      if (found && !this.ages.size) say("git knows no dates of this catalog.");
    }
    this.layOut();
  }

  /** Compute the places to show, and the boxes of their chunks. */
  layOut() {
    const { store } = this;
    const places = [];
    store.article.blocks.forEach((block, at) => block.segments.forEach(([entry, source, number], index) => {
      places.push({ entry, source, number, block, at, first: index === 0 });
    }));
    this.uses = new Map();
    for (const place of places) this.uses.set(place.entry, (this.uses.get(place.entry) ?? 0) + 1);
    this.places = places.filter((place) => this.isShown(place));
    const rank = ORDERS[this.order];
    if (rank) {
      const rankOf = (place) => (place.entry ? rank(store.entries.get(place.entry), this) : Infinity);
      this.places.sort((a, b) => rankOf(a) - rankOf(b) || a.number - b.number);
    }
    this.observer.disconnect();
    this.waiting.clear();
    this.rows.clear();
    this.chunks = [];
    for (let at = 0; at < this.places.length; at += CHUNK) {
      const box = h("div", { class: "chunk", role: "presentation" });
      box.places = this.places.slice(at, at + CHUNK);
      box.places.forEach((place) => { place.box = box; });
      box.style.minHeight = `${box.places.length * ROW_HEIGHT}px`;
      this.chunks.push(box);
    }
    fill(this.list, this.chunks.length ? this.chunks : h("p", { class: "empty" }, "No segment matches."));
    this.chunks.forEach((box) => this.observer.observe(box));
    this.showProgress();
  }

  isShown(place) {
    const entry = this.store.entries.get(place.entry);
    if (!entry) return this.filter === "all" && place.source.toLowerCase().includes(this.text);
    if (place === this.current) return true;
    if (!FILTERS[this.filter](entry, this)) return false;
    const texts = [entry.source, ...this.store.targets(entry.id), ...entry.snapshot.comments];
    return !this.text || texts.some((one) => one.toLowerCase().includes(this.text));
  }

  isOpen(place) {
    const entry = this.store.entries.get(place.entry);
    return Boolean(entry) && entry.state !== "approved";
  }

  showProgress() {
    const counts = { approved: 0, touched: 0, draft: 0, missing: 0 };
    for (const entry of this.store.entries.values()) counts[entry.state] += 1;
    const total = this.store.entries.size;
    fill(this.progress, h("progress", { max: Math.max(total, 1), value: counts.approved, "aria-label": "approved" }),
      ` ${counts.approved} of ${total} approved, ${counts.touched} edited, ${counts.draft} drafts, ${counts.missing} missing`,
      total && counts.approved === total ? h("strong", { class: "done" }, " ✓ finished: preview and build it") : null);
  }

  /** Fill and empty chunks in steps of a few milliseconds, so that scrolling stays smooth. */
  toggleWaiting() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      const start = performance.now();
      for (const [box, visible] of this.waiting) {
        this.waiting.delete(box);
        this.toggle(box, visible);
        if (performance.now() - start > FRAME) break;
      }
      if (this.waiting.size) this.toggleWaiting();
    });
  }

  /** Fill or empty a chunk; the one with the active place always has its rows. */
  toggle(box, visible) {
    if (visible && !box.childElementCount) {
      box.append(...box.places.map((place) => this.row(place)));
      box.style.minHeight = "";
    } else if (!visible && box.childElementCount && box !== this.current?.box) {
      box.style.minHeight = `${box.offsetHeight}px`;
      box.places.forEach((place) => this.rows.delete(place));
      fill(box);
    }
  }

  row(place) {
    const entry = this.store.entries.get(place.entry);
    const { block } = place;
    const kind = block.kind.replaceAll(" ", "-");
    const source = h("div", { class: "source", lang: "de", dir: "ltr" });
    const badge = h("span", { class: "badge" });
    const element = h("div", {
      class: `segment ${kind}${place.first ? " first" : ""}`, role: "listitem",
      "data-number": place.number,
      onclick: (event) => { if (!event.target.closest("textarea, button")) this.activate(place); },
    }, h("div", { class: "gutter" }, h("span", { class: "number" }, place.number), badge), source);
    const row = { element, source, badge, areas: [], mirrors: [] };
    const cells = h("div", { class: "target", lang: this.store.language.replace("_", "-"), dir: this.store.article.direction });
    element.append(cells);
    if (!entry) {
      cells.append(h("em", {}, "not in the catalog yet"));
    } else {
      entry.targets.forEach((_, form) => {
        const mirror = h("div", { class: "mirror", "aria-hidden": "true" });
        const area = h("textarea", {
          rows: 1, spellcheck: "true", "data-form": form, readonly: this.project.readOnly,
          onfocus: () => this.activate(place, { focus: false }),
          oninput: () => this.typed(place, form, area.value),
          onblur: () => this.store.flush(place.entry).catch((error) => this.failed(error)),
        });
        row.areas.push(area);
        row.mirrors.push(mirror);
        cells.append(h("div", { class: "cell" }, mirror, area));
      });
    }
    this.rows.set(place, row);
    this.paint(place);
    return element;
  }

  /** Show the state and the texts of a row as they are now. */
  paint(place) {
    const row = this.rows.get(place);
    if (!row) return;
    const { store } = this, entry = store.entries.get(place.entry);
    const report = store.reports.get(place.entry);
    const marker = place.first && place.block.marker ? h("span", { class: "marker" }, `${place.block.marker} `) : null;
    const label = place.first && place.block.label ? h("span", { class: "label" }, place.block.label) : null;
    fill(row.source, label, marker, marked(place.source, [...this.termMarks(report), ...(entry?.tokens ?? []).map((token) => ({
      start: token.start, end: token.end, tag: "code", class: "token", title: token.legend,
    }))]));
    row.element.classList.toggle("active", place === this.current);
    if (!entry) return;
    const dirty = store.isDirty(entry.id);
    const state = dirty ? "touched" : entry.state;
    const [sign, name] = STATES[state];
    const sure = state === "draft" && entry.confidence !== undefined ? ` ${entry.confidence} %` : "";
    row.element.dataset.state = state;
    const findings = store.findings(entry.id);
    const worst = ["error", "warning"].find((one) => findings.some((f) => f.severity === one));
    const flags = [dirty ? "unsaved" : "", entry.previous ? "outdated" : "", entry.conflict ? "conflict" : "",
      entry.remarks.question ? "question" : "", worst ? `${findings.length} finding(s)` : ""].filter(Boolean);
    fill(row.badge, h("span", { class: "sign", title: name }, sign, sure),
      worst ? h("span", { class: `flag ${worst}`, title: findings[0].message }, worst === "error" ? "✗" : "!") : null,
      entry.remarks.question ? h("span", { class: "flag", title: "question" }, "?") : null,
      entry.previous ? h("span", { class: "flag", title: "the German changed" }, "↻") : null,
      entry.conflict ? h("span", { class: "flag error", title: "conflict" }, "⇄") : null,
      dirty ? h("span", { class: "flag", title: "not saved yet" }, "•") : null);
    row.areas.forEach((area, form) => {
      const text = store.targets(entry.id)[form];
      if (area.value !== text) {
        const [start, end] = [area.selectionStart, area.selectionEnd];
        area.value = text;
        if (document.activeElement === area) area.setSelectionRange(start, end);
      }
      const plural = entry.targets.length > 1 ? `, form ${form + 1}` : "";
      area.setAttribute("aria-label", `Translation of segment ${place.number}${plural}: ${[name + sure, ...flags].join(", ")}`);
      area.placeholder = entry.state === "missing" ? "No translation yet" : "";
      fill(row.mirrors[form], marked(text, form ? [] : this.useMarks(report, text)), "\u200b");
    });
  }

  termMarks(report) {
    return (report?.terms ?? []).map((term) => ({
      start: term.start, end: term.end, class: `term ${term.respected ? "respected" : "required"}`,
      title: `${term.term}: ${term.targets.join(" | ")}${term.note ? ` (${term.note})` : ""}`,
    }));
  }

  useMarks(report, text) {
    const spans = (name, kind) => (report?.terms ?? []).flatMap((term) => term[name].map(([start, end]) => ({ start, end, class: kind })));
    return [...spans("forbidden", "term forbidden"), ...spans("uses", "term respected")].filter(({ end }) => end <= text.length);
  }

  refresh(id, outcome = "") {
    for (const place of this.places) if (place.entry === id) this.paint(place);
    this.showProgress();
    if (id !== this.current?.entry) return;
    this.panel.show(this.current);
    if (outcome === "external") this.checkSoon();
    if (OUTCOMES[outcome]) say(OUTCOMES[outcome], { urgent: outcome !== "merged" });
  }

  refreshAll() {
    for (const place of this.rows.keys()) this.paint(place);
    if (this.current) this.panel.show(this.current);
  }

  /** Make a place the active one, and show it. */
  activate(place, { focus = true, scroll = true } = {}) {
    const before = this.current;
    if (before !== place) this.tick(before?.entry);
    this.current = place;
    if (!place.box.childElementCount) {
      this.toggle(place.box, true);
    }
    if (before !== place) {
      if (before) this.paint(before);
      this.paint(place);
      this.panel.show(place);
      this.checkSoon(0);
    }
    const row = this.rows.get(place);
    if (focus) row.areas[0]?.focus({ preventScroll: true });
    if (focus && scroll) row.element.scrollIntoView({ block: "nearest" });
  }

  typed(place, form, text) {
    if (place !== this.current) this.activate(place, { focus: false });
    hush();
    this.forced = null;
    this.tick(place.entry);
    this.store.type(place.entry, form, text);
    this.checkSoon();
  }

  checkSoon(delay = CHECK_DELAY) {
    clearTimeout(this.checkTimer);
    const id = this.current?.entry;
    if (id) this.checkTimer = setTimeout(() => attempt(() => this.store.check(id), "Checks"), delay);
  }

  /** Go to the next or previous place that meets a condition. */
  move(step, condition = () => true) {
    const at = this.places.indexOf(this.current);
    for (let next = at + step; next >= 0 && next < this.places.length; next += step) {
      if (condition(this.places[next])) {
        this.activate(this.places[next]);
        return true;
      }
    }
    say(step > 0 ? "No further segment." : "No earlier segment.");
    return false;
  }

  nextOpen() {
    const at = this.places.indexOf(this.current);
    const next = [...this.places.slice(at + 1), ...this.places.slice(0, at)].find((place) => this.isOpen(place));
    if (next) this.activate(next);
    else say("Everything shown is approved.");
  }

  /** Save the active entry as approved or as draft, then go to the next one. */
  async decide(approved) {
    const id = this.current?.entry;
    if (!id || this.project.readOnly) return;
    if (approved && !this.store.targets(id).every(Boolean)) {
      say("A translation is missing: nothing to approve.", { urgent: true });
      return;
    }
    const place = this.current, force = this.forced === id;
    try {
      const effort = approved && this.project.measure ? { seconds: this.seconds(id), draft: this.store.draft(id) } : {};
      const answer = await this.store.save(id, { approved, force, ...effort });
      if (answer.refused) {
        this.forced = id;
        say(`Not approved: ${answer.refused.map((one) => one.message).join(" ")} Approve again to accept this.`, { urgent: true });
        return;
      }
      this.forced = null;
      hush();
      const uses = this.uses.get(id);
      say(`Segment ${place.number} ${approved ? "approved" : "kept as draft"}${uses > 1 ? `, at all ${uses} places of this text` : ""}.`);
      if (answer.outcome === "conflict") { this.refresh(id, "conflict"); return; }
      if (this.current !== place) return;
      // After the last segment, go on with what is open above.
      const later = this.places.slice(this.places.indexOf(place) + 1).some((one) => one.entry !== id);
      if (later) this.move(1, (one) => one.entry !== id);
      else this.nextOpen();
    } catch (error) {
      this.failed(error);
    }
  }

  /** Count the time that an entry was active and the reviewer was not idle. */
  tick(id) {
    const now = Date.now(), known = this.times.get(id) ?? 0;
    const passed = Math.min((now - (this.lastTick ?? now)) / 1000, IDLE);
    if (!document.hidden) this.times.set(id, known + passed);
    this.lastTick = now;
  }

  seconds(id) {
    this.tick(id);
    return Math.round((this.times.get(id) ?? 0) * 10) / 10;
  }

  failed(error) {
    report(error, "Not saved");
  }

  /** Insert a text at the caret of the active translation. */
  insert(text) {
    const area = this.area();
    if (!area || this.project.readOnly) return;
    area.focus();
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
  }

  /** Replace the active translation. */
  replace(text) {
    const area = this.area();
    if (!area || this.project.readOnly) return;
    area.focus();
    area.value = text;
    area.dispatchEvent(new Event("input"));
  }

  area() {
    const areas = this.rows.get(this.current)?.areas ?? [];
    return areas.find((one) => one === document.activeElement) ?? areas[0];
  }

  async undo() {
    const id = await attempt(() => this.store.undo(), "Undo");
    const place = this.places.find((one) => one.entry === id);
    if (place) this.activate(place);
    if (id !== null) say(id ? "Undone." : "Nothing to undo.");
  }
}
