// Requests to the server. All addresses are relative, so that a proxy may add a prefix.

import { hush, say } from "./dom.js";

export class Refused extends Error {
  constructor(status, answer) {
    super([answer.error, answer.hint].filter(Boolean).join(". "));
    this.status = status;
  }
}

async function answer(response) {
  const value = await response.json().catch(() => ({ error: `status ${response.status}` }));
  if (!response.ok) throw new Refused(response.status, value);
  return value;
}

/** Read from the server; raises Refused, or TypeError if it is gone. */
export async function get(name, parameters = {}, options = {}) {
  return answer(await fetch(`api/${name}?${new URLSearchParams(parameters)}`, options));
}

/** Send JSON to the server. */
export async function post(name, body, options = {}) {
  return answer(await fetch(`api/${name}`, {
    method: "POST", headers: { "content-type": "application/json" },
    body: JSON.stringify(body), ...options,
  }));
}

/** Do something and tell the user why it failed. */
export async function attempt(work, what) {
  try {
    return await work();
  } catch (error) {
    if (error.name !== "AbortError") say(`${what}: ${describe(error)}`, { urgent: true });
    return null;
  }
}

export function describe(error) {
  return error instanceof Refused ? error.message
    : "The server does not answer. Start `translate review` again; your text is kept here.";
}

/** Listen to the server's events; returns a function that ends it. `handlers` are by kind. */
export function listen(parameters, handlers) {
  const source = new EventSource(`api/events?${new URLSearchParams(parameters)}`);
  let lost = false;
  for (const [kind, handler] of Object.entries(handlers)) {
    source.addEventListener(kind, (event) => handler(JSON.parse(event.data), source));
  }
  source.onerror = () => {
    if (!lost && handlers.lost) handlers.lost();
    lost = true;
  };
  source.onopen = () => {
    if (lost && handlers.found) handlers.found();
    if (lost) hush();
    lost = false;
  };
  return () => source.close();
}
