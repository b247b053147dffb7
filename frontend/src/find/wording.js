/*
 * Take what is looked for and what is found apart into words. The rules are those of
 * pkgraph.search.wording, by which the server searches.
 */

const WORD = /[\p{L}\p{N}]+/gu;
/** A word as it is printed: letters, digits and what is set above or below them. */
const PRINTED = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
/** Words that tell nothing where there are others. */
const EMPTY = new Set(
  "a an and are as at by for from in is of on or the to was with".split(" "),
);
const PLURAL = 4;

/** Return *text* as it is compared where case, accents and spacing do not count. */
export const fold = (text) =>
  text.normalize("NFKD").toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ")
    .normalize("NFKD").replace(/\p{M}/gu, "").trim().replace(/\s+/gu, " ");

/** Return the words of *text* as they are compared. */
export const words = (text) => fold(text).match(WORD) ?? [];

/** Return the words to look for, each once: those that tell something, if any do. */
export const wanted = (text) => {
  const found = [...new Set(words(text))];
  const telling = found.filter((each) => !EMPTY.has(each));
  return telling.length ? telling : found;
};

/** Return the singular that the plural *word* may be of, if it may be one. */
export const singular = (word) => {
  if (word.length < PLURAL || !word.endsWith("s") || word.endsWith("ss")) return null;
  return word.endsWith("ies") ? `${word.slice(0, -3)}y` : word.slice(0, -1);
};

/**
 * Return *text* in parts, each with whether it is a word that begins with one of *beginnings*; one
 * that ends with a space is a whole word.
 */
export const marked = (text, beginnings) => {
  const parts = [];
  let before = 0;
  for (const { 0: word, index } of text.matchAll(PRINTED)) {
    const whole = `${fold(word)} `;
    if (!beginnings.some((each) => whole.startsWith(each))) continue;
    if (index > before) parts.push([text.slice(before, index), false]);
    parts.push([word, true]);
    before = index + word.length;
  }
  if (before < text.length) parts.push([text.slice(before), false]);
  return parts;
};
