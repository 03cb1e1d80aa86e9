// The article on the page: entries as the server has them, and what was typed since.
//
// Each keystroke is journaled in the browser until the server has saved it, so that neither a
// stopped server nor a closed tab loses one. A save sends the version that was seen; the server
// merges it with what others did meanwhile.

import { get, Gone, post } from "./api.js";

const AUTOSAVE = 1000; // milliseconds after the last keystroke
const RETRY = 5000; // milliseconds until a save is tried again: no server, or a locked catalog

export class Store extends EventTarget {
  constructor(article, prefix) {
    super();
    this.name = article.name;
    this.language = article.language;
    this.prefix = `translate ${prefix} ${article.name} ${article.language} `;
    this.opened = new Map(); // id -> translations when the page was opened
    this.drafts = new Map(); // digest of a machine's draft -> its text
    this.edits = new Map(); // id -> {seen, targets, timer}
    this.saving = new Map(); // id -> promise of the last save
    this.undoable = [];
    this.reports = new Map(); // id -> {findings, terms}
    this.take(article);
    for (const entry of this.entries.values()) this.opened.set(entry.id, entry.targets);
    this.restored = this.restoreJournal();
  }

  /** Take an article as the server has it now; what was typed stays. */
  take(article) {
    this.article = article;
    this.entries = new Map(Object.entries(article.entries));
    for (const entry of this.entries.values()) this.complete(entry);
  }

  /** Set the fields that the server leaves out, and keep the machine's draft. */
  complete(entry) {
    entry.remarks ??= { note: "", question: false, marks: [], ignored: [] };
    this.rememberDraft(entry);
    return entry;
  }

  rememberDraft(entry) {
    if (entry.state === "draft") this.drafts.set(entry.draft_digest, entry.targets[0]);
  }

  /** The texts of an entry, with what was typed. */
  targets(id) {
    return this.edits.get(id)?.targets ?? this.entries.get(id)?.targets ?? [""];
  }

  isDirty(id) {
    return this.edits.has(id);
  }

  /** The machine's draft of an entry, "" if it is not known. */
  draft(id) {
    return this.drafts.get(this.entries.get(id)?.draft_digest) ?? "";
  }

  /** Note a keystroke; it is saved after a pause. */
  type(id, form, text) {
    const entry = this.entries.get(id);
    const edit = this.edits.get(id) ?? { seen: entry.snapshot, targets: [...entry.targets] };
    edit.targets[form] = text;
    this.edits.set(id, edit);
    clearTimeout(edit.timer);
    if (edit.targets.every((one, at) => one === entry.targets[at])) {
      this.edits.delete(id);
      this.forget(id);
    } else {
      this.journal(id, edit);
      // Half a deletion is no decision: an empty text is saved when the reviewer says so.
      if (edit.targets.some(Boolean)) this.flushLater(id, edit);
    }
    this.changed(id);
  }

  /** Save what was typed into an entry after a pause; without a server, again and again. */
  flushLater(id, edit, delay = AUTOSAVE) {
    clearTimeout(edit.timer);
    edit.timer = setTimeout(async () => {
      try {
        await this.flush(id);
      } catch (error) {
        this.dispatchEvent(new CustomEvent("unsaved", { detail: { id, error } }));
        const mayPass = error instanceof Gone || error.status === 503 || error.status === 401;
        if (mayPass && this.edits.has(id)) this.flushLater(id, edit, RETRY);
      }
    }, delay);
  }

  /** Save what was typed into an entry, if anything was. */
  async flush(id, options = {}) {
    const edit = this.edits.get(id);
    if (!edit || !edit.targets.some(Boolean)) return null;
    return this.save(id, {}, options);
  }

  async flushAll(options = {}) {
    await Promise.all([...this.edits.keys()].map((id) => this.flush(id, options).catch(() => null)));
    await Promise.all(this.saving.values());
  }

  /** Save an entry; saves of the same entry wait for each other. Returns the answer. */
  save(id, decision = {}, options = {}) {
    const before = this.saving.get(id) ?? Promise.resolve();
    const work = before.catch(() => null).then(() => this.send(id, decision, options));
    const settled = work.catch(() => null);
    this.saving.set(id, settled);
    settled.then(() => { if (this.saving.get(id) === settled) this.saving.delete(id); });
    return work;
  }

  async send(id, wanted, options) {
    const entry = this.entries.get(id), edit = this.edits.get(id);
    // A decision that depends on the entry is made when the saves before it are done.
    const decision = typeof wanted === "function" ? wanted(entry) : wanted;
    const seen = edit?.seen ?? entry.snapshot;
    const targets = [...this.targets(id)];
    if (edit) clearTimeout(edit.timer);
    const approved = entry.state === "approved" && !edit;
    const body = { article: this.name, language: this.language, entry: id, seen, targets, approved, ...decision };
    const answer = await post("save", body, options);
    if (answer.refused) return answer;
    this.accept(id, answer, targets, seen, decision);
    return answer;
  }

  /** Take the saved entry; what was typed during the save stays typed. */
  accept(id, answer, sent, seen, decision) {
    const edit = this.edits.get(id);
    this.entries.set(id, this.complete(answer.entry));
    if (edit && edit.targets.every((text, at) => text === sent[at])) {
      this.edits.delete(id);
      this.forget(id);
    } else if (edit) {
      edit.seen = answer.entry.snapshot;
      this.journal(id, edit);
      this.flushLater(id, edit);
    }
    if (!decision.restore) this.noteUndo(id, seen, answer.entry.snapshot, Boolean(decision.approved));
    this.changed(id, answer.outcome);
  }

  noteUndo(id, before, after, decided) {
    const last = this.undoable.at(-1);
    if (last && last.id === id && !last.decided) Object.assign(last, { after, decided });
    else if (JSON.stringify(before) !== JSON.stringify(after)) {
      this.undoable.push({ id, before, after, decided });
    }
  }

  /** Take back the last saved change; returns its entry's id, "" if there is none. */
  async undo() {
    await this.flushAll();
    const last = this.undoable.pop();
    if (!last) return "";
    try {
      await this.save(last.id, { seen: last.after, restore: last.before });
    } catch (error) {
      this.undoable.push(last);
      throw error;
    }
    return last.id;
  }

  /** Take what others changed in the catalog; returns how many entries that were. */
  receive(entries) {
    let changed = 0;
    for (const entry of entries) {
      const known = this.entries.get(entry.id);
      // A save of this page is answered with the entry; its text is not news.
      if (!known || this.saving.has(entry.id)) continue;
      if (JSON.stringify(known.snapshot) === JSON.stringify(entry.snapshot)) continue;
      this.entries.set(entry.id, this.complete(entry));
      this.changed(entry.id, "external");
      changed += 1;
    }
    return changed;
  }

  changed(id, outcome = "") {
    this.dispatchEvent(new CustomEvent("entry", { detail: { id, outcome } }));
  }

  /** Check an entry with what was typed; the last request wins. */
  async check(id) {
    this.checking?.abort();
    this.checking = new AbortController();
    try {
      const body = { article: this.name, language: this.language, entry: id, targets: this.targets(id) };
      this.reports.set(id, await post("check", body, { signal: this.checking.signal }));
      this.dispatchEvent(new CustomEvent("report", { detail: { id } }));
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  /** Load the findings and terms of all entries. */
  async loadReports() {
    const found = await get("findings", { article: this.name, language: this.language });
    for (const [id, report] of Object.entries(found.entries)) {
      if (!this.isDirty(id)) this.reports.set(id, report);
    }
    this.notice = found.notice;
    this.header = found.header;
    this.dispatchEvent(new CustomEvent("reports"));
  }

  findings(id) {
    const ignored = this.entries.get(id)?.remarks.ignored ?? [];
    return (this.reports.get(id)?.findings ?? []).filter((one) => !ignored.includes(one.check));
  }

  journal(id, { seen, targets }) {
    try {
      localStorage.setItem(this.prefix + id, JSON.stringify({ seen, targets }));
    } catch { /* the browser stores nothing: the page itself still has the text */ }
  }

  forget(id) {
    try {
      localStorage.removeItem(this.prefix + id);
    } catch { /* as above */ }
  }

  /** Restore what an earlier page could not save; returns how many entries that were. */
  restoreJournal() {
    let restored = 0;
    try {
      for (const key of Object.keys(localStorage).filter((one) => one.startsWith(this.prefix))) {
        const id = key.slice(this.prefix.length), entry = this.entries.get(id);
        const { seen, targets } = JSON.parse(localStorage.getItem(key));
        if (!entry || targets.length !== entry.targets.length) continue;
        if (targets.every((text, at) => text === entry.targets[at])) {
          this.forget(id);
        } else {
          this.edits.set(id, { seen, targets });
          restored += 1;
        }
      }
    } catch { /* as above */ }
    return restored;
  }
}

