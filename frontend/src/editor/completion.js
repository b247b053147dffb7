/*
 * What can be written next: prefixes, classes, properties and values of lists, from what the server
 * says of its ontology; things, by the names that it finds; variables that are in the query already.
 * A name whose prefix is not declared yet brings the declaration with it.
 */

import { syntaxTree } from "@codemirror/language";

const KEYWORDS = (
  "ASK BIND CONSTRUCT COUNT DESCRIBE DISTINCT EXISTS FILTER GRAPH GROUP BY HAVING LIMIT MINUS " +
  "OFFSET OPTIONAL ORDER BY PREFIX SELECT UNION VALUES WHERE"
).replaceAll(" BY", "_BY").split(" ").map((word) => word.replace("_", " "));
const NAME = /[A-Za-z][\w-]*(?::[\w.-]*)?/;
const VARIABLE = /[?$]\w*/;
const DECLARATION = /^\s*PREFIX\s+[\w-]*$/i;
/** How much has to be written before the server is asked for things. */
const LEAST = 2;

const asked = async (address, query) => {
  const answer = await fetch(`${address}${query ? `?${new URLSearchParams(query)}` : ""}`);
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
  return answer.json();
};

/** Whether what is written at *position* is a remark, a text or an IRI, in which nothing is named. */
const isText = (state, position) => {
  const name = syntaxTree(state).resolveInner(position, -1).name;
  return name === "Comment" || name === "String" || name === "IriRef";
};

/** Where a declaration of another prefix goes in *doc*: after the last, else after the remarks. */
const placeOfPrefix = (doc) => {
  let place = 0;
  let first = true;
  for (let number = 1; number <= doc.lines; number += 1) {
    const line = doc.line(number);
    if (/^\s*PREFIX\b/i.test(line.text)) place = Math.min(line.to + 1, doc.length);
    else if (first && line.text.startsWith("#")) place = Math.min(line.to + 1, doc.length);
    else first = false;
  }
  return place;
};

/** Write *name* from *from* to *to*, with the declaration of its prefix if there is none yet. */
const writing = (name, prefixes) => (view, _, from, to) => {
  const { doc } = view.state;
  const prefix = name.split(":", 1)[0];
  const changes = [{ from, to, insert: name }];
  const declared = new RegExp(`^\\s*PREFIX\\s+${prefix}:`, "im").test(doc.toString());
  let anchor = from + name.length;
  if (!declared && prefixes[prefix]) {
    const insert = `PREFIX ${prefix}: <${prefixes[prefix]}>\n`;
    changes.push({ from: placeOfPrefix(doc), insert });
    anchor += insert.length;
  }
  view.dispatch({ changes, selection: { anchor }, userEvent: "input.complete" });
};

const variables = (context, word) => {
  const found = context.state.doc.toString().match(/[?$]\w+/g) ?? [];
  const names = [...new Set(found)].filter((each) => each !== word.text);
  return { from: word.from, options: names.map((label) => ({ label, type: "variable" })) };
};

/** Return the source of completions that asks the two addresses of *dataset*. */
export const completions = ({ vocabulary, names }) => {
  let known = null;
  const ontology = () => {
    known ??= asked(vocabulary).catch((error) => {
      known = null; // to be asked for again
      throw error;
    });
    return known;
  };

  return async (context) => {
    if (isText(context.state, context.pos)) return null;
    const variable = context.matchBefore(VARIABLE);
    if (variable) return variables(context, variable);
    const word = context.matchBefore(NAME);
    if (!word && !context.explicit) return null;
    const from = word ? word.from : context.pos;
    const text = word ? word.text : "";
    const { base, prefixes, terms } = await ontology();
    const line = context.state.doc.lineAt(context.pos);
    if (DECLARATION.test(line.text.slice(0, context.pos - line.from))) {
      const declarations = Object.entries(prefixes).map(([name, space]) => ({
        label: `${name}:`,
        detail: space,
        apply: `${name}: <${space}>`,
      }));
      return { from, options: declarations };
    }
    const isName = text.includes(":");
    const options = terms.map(([name, label, kind, info]) => ({
      label: name,
      detail: `${kind}: ${label}`,
      info: info || undefined,
      apply: writing(name, prefixes),
    }));
    if (!isName) {
      options.push(...KEYWORDS.map((label) => ({ label, type: "keyword", boost: 1 })));
      options.push(...Object.entries(prefixes).map(([name, space]) => ({
        label: `${name}:`, detail: space, boost: 2,
      })));
    }
    const [prefix, local] = isName ? text.split(":") : ["", text];
    // All of the ontology is known; of the things those that fit are asked for.
    const isTerm = isName && terms.some(([name]) => name.startsWith(`${prefix}:`));
    const isForeign = isName && !prefixes[prefix]?.startsWith(base);
    const isShort = !isName && local.length < LEAST;
    const things = isTerm || isForeign || isShort
      ? []
      : await asked(names, { prefix, text: local });
    if (context.aborted) return null;
    // Those of the ontology are filtered as ever; the server found the things by their labels too.
    const written = text.toLowerCase();
    const fitting = options.filter(({ label, detail }) => label.toLowerCase().startsWith(written)
      || (!isName && written && detail?.toLowerCase().includes(`: ${written}`)));
    const found = things.map(([name, label]) => ({
      label: name, detail: label, apply: writing(name, prefixes),
    }));
    return { from, options: [...fitting, ...found], filter: false };
  };
};
