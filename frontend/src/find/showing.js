/* Make the parts of the page of what was found; all that is not ours gets into them as text. */

import { fitting } from "./finding.js";
import { marked } from "./wording.js";

/** How many things of each kind are shown where all kinds are, and of one kind at a time. */
const OF_EACH = 5;
const PAGE = 20;
/** How much of a long text is shown, in characters, and how much of it before what fits. */
const EXCERPT = 200;
const BEFORE = 60;
const MOST_WORDS = 4;

/** Return an element with *attributes* that has *children*, which are elements and texts. */
const element = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const number = (count) => count.toLocaleString("en");
const isolated = (text) => element("bdi", {}, `“${text}”`);
const parts = (text) => text.map(([part, fits]) => (fits ? element("mark", {}, part) : part));

/** Return what is said of the *hits* for *text*. */
export const said = ({ found, how, words }, text) => {
  const things = `${number(found.length)} thing${found.length === 1 ? "" : "s"}`;
  if (!found.length) {
    return [
      "Nothing is called ", isolated(text),
      ", or nearly so. Try fewer words, or another spelling.",
    ];
  }
  if (how === "near") {
    const few = words.length <= MOST_WORDS;
    return [
      "Nothing has ", isolated(text), ` as it is written. ${things} with words spelt nearly so`,
      few ? `: ${words.join(", ")}.` : ".",
    ];
  }
  if (how === "some") {
    return ["Nothing has all the words of ", isolated(text), `. ${things} with some of them.`];
  }
  return [`${things} found for `, isolated(text), ", the likeliest first."];
};

/** Return how many of the things *found* are of each of the *kinds*, those with none left out. */
const counted = (found, kinds) =>
  kinds
    .map((kind) => [kind, found.filter((thing) => thing.kind === kind)])
    .filter(([, things]) => things.length);

/** Return the links to each kind of what was found; *address* gives that of a kind. */
export const kinds = ({ found }, all, wanted, address) => {
  if (!found.length) return [];
  const link = (name, label, count) => {
    const current = (wanted?.name ?? "") === name ? { "aria-current": "page" } : {};
    const shown = element("span", { class: "kind" }, number(count));
    const attributes = { href: address(name), "data-kind": name, ...current };
    return element("li", {}, element("a", attributes, `${label} `, shown));
  };
  const links = counted(found, all).map(([kind, things]) => link(kind.name, kind.label, things.length));
  const list = element("ul", { class: "inline" }, link("", "All", found.length), ...links);
  return [element("nav", { class: "kinds", "aria-label": "Kinds of things found" }, list)];
};

/** Return the part of *text* that fits, where it is long. */
const excerpt = (text, words) => {
  if (text.length <= EXCERPT) return text;
  let before = 0;
  for (const [part, fits] of marked(text, words)) {
    if (fits) break;
    before += part.length;
  }
  const from = Math.max(before - BEFORE, 0);
  const start = from ? text.lastIndexOf(" ", from - 1) + 1 : 0;
  let end = text.lastIndexOf(" ", start + EXCERPT - 1);
  if (end <= start) end = start + EXCERPT;
  return `${start ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
};

/** Return the line of a *thing*: a link to it, and the text by which it was found. */
const line = (thing, text, { words }, href) => {
  const by = fitting(thing, text, words);
  const link = element("a", { href: href(thing), dir: "auto" }, ...parts(marked(thing.label, words)));
  if (by === thing.label) return element("li", {}, link);
  const shown = parts(marked(excerpt(by, words), words));
  return element("li", {}, link, " ", element("span", { class: "by", dir: "auto" }, ...shown));
};

/** Return the button that adds the rest of *lines* to *list*, some at a time. */
const more = (list, lines, label) => {
  const rest = () => lines.length - list.children.length;
  const told = () => `Show ${number(Math.min(PAGE, rest()))} more of the ${label.toLowerCase()}`;
  const button = element("button", { type: "button", class: "second" }, told());
  button.addEventListener("click", () => {
    const shown = list.children.length;
    list.append(...lines.slice(shown, shown + PAGE).map((each) => each()));
    list.children[shown].querySelector("a").focus();
    if (rest()) button.textContent = told();
    else button.remove();
  });
  return button;
};

/** Return what was found by kind: that of what is likeliest first, and what is of none last. */
export const groups = ({ hits, kinds: all, wanted, text, href, address }) => {
  if (wanted && !hits.found.some((thing) => thing.kind === wanted)) {
    const none = `There are none among the ${wanted.label.toLowerCase()}.`;
    return hits.found.length ? [element("p", {}, none)] : [];
  }
  const places = new Map(hits.found.map((thing, place) => [thing.kind, place]).reverse());
  const place = ([kind]) => (kind === all.at(-1) ? Infinity : places.get(kind));
  return counted(hits.found, wanted ? [wanted] : all)
    .sort((one, other) => place(one) - place(other))
    .map(([kind, things]) => {
      const lines = things.map((thing) => () => line(thing, text, hits, href));
      const shown = wanted ? PAGE : OF_EACH;
      const list = element("ol", {}, ...lines.slice(0, shown).map((each) => each()));
      const id = `kind-${kind.name}`;
      const total = element("span", { class: "kind" }, number(things.length));
      const heading = element("h2", { id }, `${kind.label} `, total);
      const section = element("section", { class: "found", "aria-labelledby": id }, heading, list);
      if (things.length > shown && wanted) {
        section.append(element("p", {}, more(list, lines, kind.label)));
      } else if (things.length > shown) {
        const label = `All ${number(things.length)} ${kind.label.toLowerCase()}`;
        const link = { href: address(kind.name), "data-kind": kind.name };
        section.append(element("p", {}, element("a", link, label)));
      }
      return section;
    });
};
