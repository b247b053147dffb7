/* What is wrong with a query: as far as its grammar tells while it is written, and what the server
 * said of the one that was sent. */

import { syntaxTree } from "@codemirror/language";

const MOST = 5;

/** The places at which the text of *view* cannot be read on. */
export const faults = (view) => {
  const found = [];
  if (!view.state.doc.toString().trim()) return found;
  syntaxTree(view.state).iterate({
    enter: (node) => {
      if (!node.type.isError || found.length === MOST) return;
      const line = view.state.doc.lineAt(node.from);
      found.push({
        from: Math.max(line.from, node.from - (node.from === node.to ? 1 : 0)),
        to: Math.max(node.to, node.from),
        severity: "error",
        message: `Line ${line.number}: this is not SPARQL, or something is missing before it.`,
      });
    },
  });
  return found;
};

/** The fault that the *element* tells of, with the line and column of it in *doc*. */
export const told = (element, doc) => {
  const number = Number(element?.dataset.line);
  if (!number || number > doc.lines) return null;
  const line = doc.line(number);
  const from = Math.min(line.from + Math.max(Number(element.dataset.column) - 1, 0), line.to);
  return { from, to: line.to, severity: "error", message: element.textContent.trim() };
};
