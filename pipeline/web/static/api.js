// Requests to the server. All addresses are relative, so that a proxy may add a prefix.

import { say } from "./dom.js";

const RECONNECT = 3000; // milliseconds

const GONE = "The server does not answer. What you type is kept in this browser; "
  + "start `translate review` again on the same port.";

/** An answer that is an error; `status` is that of HTTP. */
export class Refused extends Error {
  constructor(status, answer) {
    super([answer.error, answer.hint].filter(Boolean).join(". "));
    this.status = status;
  }
}

/** No answer: the server has stopped. */
export class Gone extends Error {
  constructor() {
    super(GONE);
  }
}

async function request(address, options) {
  let response;
  try {
    response = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Gone();
  }
  const value = await response.json().catch(() => ({ error: `status ${response.status}` }));
  if (!response.ok) throw new Refused(response.status, value);
  offline("");
  return value;
}

/** Read from the server; raises Refused or Gone. */
export function get(name, parameters = {}, options = {}) {
  return request(`api/${name}?${new URLSearchParams(parameters)}`, options);
}

/** Send JSON to the server; raises Refused or Gone. */
export function post(name, body, options = {}) {
  return request(`api/${name}`, {
    method: "POST", headers: { "content-type": "application/json" },
    body: JSON.stringify(body), ...options,
  });
}

/** Do something and tell the user why it failed; returns null then. */
export async function attempt(work, what) {
  try {
    return await work();
  } catch (error) {
    if (error.name !== "AbortError") report(error, what);
    return null;
  }
}

/** Tell the user of an error; one that is no answer of the server is a fault of the page. */
export function report(error, what) {
  if (error instanceof Gone) offline(GONE);
  else if (error instanceof Refused) say(`${what}: ${error.message}`, { urgent: true });
  else throw error;
}

/** Show that the server is gone, until it is back; "" removes the message. */
export function offline(message) {
  const region = document.getElementById("offline");
  if (region.textContent !== message) region.textContent = message;
}

/**
 * Listen to the server's events, also after it was stopped and started again; `handlers` are by
 * kind, `found` is called when the server is back. Returns a function that ends it.
 */
export function listen(parameters, handlers) {
  let source = null, lost = false, timer = 0;
  const again = () => {
    source.close();
    clearTimeout(timer);
    timer = setTimeout(open, RECONNECT);
  };
  const open = () => {
    source = new EventSource(`api/events?${new URLSearchParams(parameters)}`);
    for (const [kind, handler] of Object.entries(handlers)) {
      source.addEventListener(kind, (event) => handler(JSON.parse(event.data)));
    }
    source.addEventListener("stop", async () => {
      await handlers.stopping();
      offline("The server has stopped. Everything typed so far is saved.");
      lost = true;
      again();
    });
    source.onerror = () => {
      lost = true;
      if (!document.getElementById("offline").textContent) offline(GONE);
      // The browser connects again by itself, except after an answer that refuses the session.
      if (source.readyState === EventSource.CLOSED) again();
    };
    source.onopen = () => {
      offline("");
      if (lost) handlers.found();
      lost = false;
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
