// The page: its views by the part of the address after `#`, which is sent to no server.

import { attempt, get } from "./api.js";
import { ArticleView } from "./article.js";
import { button, fill, h, hush } from "./dom.js";
import { showKeys } from "./keys.js";
import { Overview } from "./overview.js";
import { Preview } from "./preview.js";

const main = document.getElementById("content");
let project = null, leave = () => null, turn = 0;

/** The parts of the address after `#`; what is no address is the overview. */
function address() {
  try {
    return location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  } catch {
    return [];
  }
}

/** Show the view of the address; the last address wins if it changes meanwhile. */
async function route() {
  const mine = turn += 1;
  const [view = "", name = "", language = "", entry = ""] = address();
  const left = leave();
  leave = () => null;
  await left;
  if (mine !== turn) return;
  hush();
  if (view === "article" || view === "preview") {
    fill(main, h("p", { class: "loading" }, "Loading …"));
    const article = await attempt(() => get("article", { article: name, language }), name);
    if (mine !== turn) return;
    if (!article) { fill(main, h("p", {}, h("a", { href: "#/" }, "Back to the overview"))); return; }
    document.title = `${name} (${language}) – ${project.name}`;
    const shown = view === "article" ? new ArticleView(project, article, entry) : new Preview(project, article);
    leave = shown.show(main);
  } else {
    document.title = `Review – ${project.name}`;
    leave = new Overview(project).show(main);
  }
  if (!main.contains(document.activeElement)) main.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("textarea, input, select");
  if ((event.key === "?" && !typing) || (event.key === "/" && event.ctrlKey)) { event.preventDefault(); showKeys(); }
  if (event.key === "Escape") hush();
});

project = await attempt(() => get("project"), "Project");
if (project) {
  fill(document.getElementById("bar"), h("nav", { "aria-label": "Page" }, h("a", { href: "#/" }, `Review of ${project.name}`)),
    project.readOnly ? h("strong", { class: "read-only" }, "read-only") : null, button("Keys", showKeys, { key: "?" }));
  window.addEventListener("hashchange", route);
  await route();
}
