// The preview of the built article, and building from there.

import { attempt, get, post } from "./api.js";
import { button, fill, h, say } from "./dom.js";

export class Preview {
  constructor(project, article) {
    this.project = project;
    this.article = article;
  }

  show(main) {
    fill(main, h("h1", {}, this.article.name));
    return () => null;
  }
}
