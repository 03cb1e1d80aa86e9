// Building of elements. Text is always set as text: nothing is ever parsed as HTML.

/** Create an element: `properties` are attributes, or listeners named `onclick`; nothing for null. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** Replace the children of an element. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** Create a button with a visible name, and its key as `aria-keyshortcuts` and tooltip. */
export function button(name, onclick, { key = "", title = "", ...rest } = {}) {
  const hint = [title, key].filter(Boolean).join(" – ");
  return h("button", {
    type: "button", onclick, title: hint || null,
    "aria-keyshortcuts": key ? key.replace("Ctrl", "Control").replaceAll(" ", "") : null, ...rest,
  }, name);
}

/** Tell the user something, through a live region; `urgent` stays until the next message. */
export function say(message, { urgent = false } = {}) {
  const region = document.getElementById(urgent ? "alert" : "status");
  fill(region, message);
  region.classList.toggle("shown", Boolean(message));
  clearTimeout(region.timer);
  const close = () => { region.classList.remove("shown"); if (urgent) fill(region); };
  if (urgent) region.append(" ", button("Close", close));
  else region.timer = setTimeout(close, 6000);
}

/** Remove the urgent message. */
export function hush() {
  const region = document.getElementById("alert");
  fill(region);
  region.classList.remove("shown");
}

/** Cut a text into nodes, with `marks` ({start, end, class, …attributes}) as elements. */
export function marked(text, marks) {
  const nodes = [];
  let at = 0;
  for (const { start, end, tag = "mark", ...attributes } of
    [...marks].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (start < at || end > text.length) continue;
    nodes.push(text.slice(at, start), h(tag, attributes, text.slice(start, end)));
    at = end;
  }
  return [...nodes, text.slice(at)];
}
