// The keys of the article view, and the dialog that lists them.

import { button, h, say } from "./dom.js";

export const KEYS = [
  ["Ctrl+Enter", "Approve, and go to the next segment"],
  ["Alt+Enter", "Keep as draft, and go to the next segment"],
  ["Alt+↓", "Next segment"],
  ["Alt+↑", "Previous segment"],
  ["Alt+U", "Next segment that is not approved"],
  ["Ctrl+1 … 9", "Insert a placeable: markup, number, address"],
  ["Ctrl+M, then 1 … 9", "Take a suggestion"],
  ["Ctrl+I, then 1 … 9", "Ignore a finding, and go on"],
  ["Ctrl+Shift+C", "Copy the German text"],
  ["Ctrl+Backspace", "Back to the machine's draft"],
  ["Alt+Z", "Undo the last saved change"],
  ["Alt+Q", "Question to the author: on or off"],
  ["Alt+S", "Search earlier translations for the selected words"],
  ["Esc", "Close a message or dialog"],
  ["?", "This list (outside of text fields), also Ctrl+/"],
];

/** Show the list of keys. */
export function showKeys() {
  if (document.querySelector("dialog[open]")) return;
  const back = document.activeElement;
  const dialog = h("dialog", { "aria-labelledby": "keys-title", onclose: () => { dialog.remove(); back?.focus(); } },
    h("h2", { id: "keys-title" }, "Keys"),
    h("table", {}, h("tbody", {}, KEYS.map(([key, text]) => h("tr", {},
      h("th", { scope: "row" }, h("kbd", {}, key)), h("td", {}, text))))),
    button("Close", () => dialog.close()));
  document.body.append(dialog);
  dialog.showModal();
}

/** Bind the keys to a view; returns the function that ends it. */
export function bindKeys(view) {
  let chord = "";
  const actions = {
    "Ctrl+Enter": () => view.decide(true),
    "Alt+Enter": () => view.decide(false),
    "Alt+ArrowDown": () => view.move(1),
    "Alt+ArrowUp": () => view.move(-1),
    "Alt+u": () => view.nextOpen(),
    "Ctrl+Shift+c": () => view.replace(view.current.source),
    "Ctrl+Backspace": () => view.panel.backToDraft(),
    "Alt+z": () => view.undo(),
    "Alt+q": () => view.panel.toggleQuestion(),
    "Alt+s": () => view.panel.searchSelection(),
  };
  const listener = (event) => {
    if (document.querySelector("dialog[open]") || !view.current) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const name = `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}`
      + `${event.shiftKey && event.key !== "?" ? "Shift+" : ""}${key}`;
    const digit = /^[1-9]$/.test(key) ? Number(key) - 1 : /^Digit[1-9]$/.test(event.code) ? Number(event.code[5]) - 1 : -1;
    let action = actions[name];
    if (chord && digit >= 0) {
      const at = chord;
      action = () => (at === "m" ? view.panel.takeSuggestion(digit) : view.panel.ignoreFinding(digit));
    } else if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && digit >= 0) {
      action = () => view.panel.insertPlaceable(digit);
    } else if (name === "Ctrl+m" || name === "Ctrl+i") {
      event.preventDefault();
      chord = key;
      say(key === "m" ? "Take which suggestion? 1 … 9" : "Ignore which finding? 1 … 9");
      return;
    }
    if (!["Control", "Alt", "Shift", "Meta"].includes(event.key)) chord = "";
    if (!action) return;
    event.preventDefault();
    action();
  };
  document.addEventListener("keydown", listener);
  return () => document.removeEventListener("keydown", listener);
}
