/*
 * Write what people type as questions to the index, each wider than the one before: all words as
 * beginnings of words, then words spelt nearly so, then some of the words. The rules are those of
 * pkgraph.search.questions.
 */

import { singular } from "./wording.js";

/** How many spellings are taken for one word, at most. */
const SPELLINGS = 8;
const PART = 4;
const HALF = 3;
const ONE_EDIT = 4;
const TWO_EDITS = 7;

const begins = (word) => ({ queries: [word], prefix: true });
const is = (word) => ({ queries: [word], prefix: false });
const all = (queries) => ({ combineWith: "AND", queries });
const any = (queries) => ({ combineWith: "OR", queries });

/** Return how many letters are to be changed, left out, put in or swapped to make one of the other. */
export const edits = (one, other) => {
  let [earlier, last] = [[], [...Array(other.length + 1).keys()]];
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row];
    for (let at = 1; at <= other.length; at += 1) {
      const same = one[row - 1] === other[at - 1];
      next[at] = Math.min(last[at] + 1, next[at - 1] + 1, last[at - 1] + (same ? 0 : 1));
      if (row > 1 && at > 1 && one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1]) {
        next[at] = Math.min(next[at], earlier[at - 2] + 1);
      }
    }
    [earlier, last] = [last, next];
  }
  return last[other.length];
};

/** Return those of *known* that are at most *most* edits from *word*, the nearest first. */
const near = (word, known, most) =>
  known
    .filter((each) => Math.abs(each.length - word.length) <= most)
    .map((each) => [each, edits(word, each)])
    .filter(([, distance]) => distance <= most)
    .sort((one, other) => one[1] - other[1])
    .slice(0, SPELLINGS);

/** Return the words of *vocabulary* that are spelt nearly as *word* is, or that have it in them. */
const spellings = (vocabulary, word) => {
  if (/\p{N}/u.test(word) || word.length < ONE_EDIT) return [];
  const known = vocabulary.words.filter((each) => each.length >= HALF && !/[0-9]/.test(each));
  const nearest = near(word, known, word.length >= TWO_EDITS ? 2 : 1);
  if (nearest.length) {
    return nearest.filter(([, distance]) => distance === nearest[0][1]).map(([each]) => each);
  }
  // As one types, the end of the word is not there yet.
  const begun = [...new Set(known.map((each) => each.slice(0, word.length)))];
  const beginnings = near(word, begun, 1).map(([each]) => each);
  const found = known.filter((each) => beginnings.some((start) => each.startsWith(start)));
  if (word.length >= PART) found.push(...known.filter((each) => each.includes(word)));
  return found.slice(0, SPELLINGS);
};

/** Return the pairs of words that *word* is when taken apart. */
const halves = (vocabulary, word) => {
  const pairs = [];
  for (let place = HALF; place <= word.length - HALF; place += 1) {
    const pair = [word.slice(0, place), word.slice(place)];
    if (pair.every((each) => vocabulary.has(each))) pairs.push(pair);
  }
  return pairs;
};

/** Return the question for all words; two may be written as one, and short ones are whole ones. */
const forAll = (vocabulary, wanted) => {
  const taken = [...wanted];
  const each = wanted.map((word, place) => {
    const one = singular(word);
    if (one) taken.push(one);
    if (word.length < HALF && place < wanted.length - 1) {
      taken[place] = `${word} `;
      return is(word);
    }
    return one ? any([begins(word), is(one)]) : begins(word);
  });
  const ways = [all(each)];
  for (let place = 0; place < wanted.length - 1; place += 1) {
    const joined = wanted[place] + wanted[place + 1];
    if (vocabulary.has(joined)) {
      ways.push(all([...each.slice(0, place), begins(joined), ...each.slice(place + 2)]));
      taken.push(joined);
    }
  }
  return { query: any(ways), words: taken, how: "all" };
};

/** Return the question for words spelt nearly so, if each is, or is a word itself. */
const forNear = (vocabulary, wanted) => {
  const each = [];
  const taken = [];
  for (const word of wanted) {
    if (vocabulary.begins(word)) {
      each.push(begins(word));
      taken.push(word);
      continue;
    }
    const spelt = spellings(vocabulary, word);
    const pairs = halves(vocabulary, word);
    if (!spelt.length && !pairs.length) return null;
    each.push(any([...spelt.map(is), ...pairs.map((pair) => all(pair.map(is)))]));
    taken.push(...spelt, ...pairs.flat());
  }
  return { query: all(each), words: [...new Set(taken)], how: "near" };
};

/** Yield what to ask for the words *wanted*, one after the other. */
export function* questions(vocabulary, wanted) {
  if (!wanted.length) return;
  yield forAll(vocabulary, wanted);
  const nearly = forNear(vocabulary, wanted);
  if (nearly) yield nearly;
  const known = wanted.filter((each) => each.length >= HALF && vocabulary.begins(each));
  if (known.length && wanted.length > 1) {
    yield { query: any(known.map(begins)), words: known, how: "some" };
  }
}
