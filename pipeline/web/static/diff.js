// Differences between two texts, word by word.

import { h } from "./dom.js";

const WORDS = /\s+|[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu;
const LIMIT = 400_000; // products of lengths in words; longer texts are shown as replaced

/** Return [kind, text] pairs with kind "same", "removed" or "added". */
export function difference(before, after) {
  const a = before.match(WORDS) ?? [], b = after.match(WORDS) ?? [];
  let start = 0, end = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const left = a.slice(start, a.length - end), right = b.slice(start, b.length - end);
  const middle = left.length * right.length > LIMIT
    ? [["removed", left.join("")], ["added", right.join("")]] : align(left, right);
  const parts = [["same", a.slice(0, start).join("")], ...middle,
    ["same", end ? a.slice(-end).join("") : ""]];
  return join(parts.filter(([, text]) => text));
}

/** Align two lists of words by their longest common subsequence. */
function align(a, b) {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = a[i] === b[j] ? lengths[(i + 1) * width + j + 1] + 1
        : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  const parts = [];
  let i = 0, j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      parts.push(["same", a[i]]);
      i += 1;
      j += 1;
    } else if (j === b.length
      || (i < a.length && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])) {
      parts.push(["removed", a[i]]);
      i += 1;
    } else {
      parts.push(["added", b[j]]);
      j += 1;
    }
  }
  return parts;
}

/** Join parts of the same kind; a space between two changes is part of both. */
function join(parts) {
  const joined = [];
  let removed = "", added = "", space = "";
  const flush = () => {
    if (removed) joined.push(["removed", removed]);
    if (added) joined.push(["added", added]);
    if (space) joined.push(["same", space]);
    removed = added = space = "";
  };
  for (const [kind, text] of parts) {
    if (kind === "same" && !text.trim() && (removed || added)) {
      space += text;
    } else if (kind === "same") {
      flush();
      joined.push(["same", text]);
    } else {
      if (removed) removed += space;
      if (added) added += space;
      space = "";
      if (kind === "removed") removed += text;
      else added += text;
    }
  }
  flush();
  return joined;
}

/** Show a difference with `del` and `ins`. */
export function showDifference(before, after) {
  const tags = { same: "span", removed: "del", added: "ins" };
  return difference(before, after).map(([kind, text]) => h(tags[kind], {}, text));
}
