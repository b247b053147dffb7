/*
 * Look for things in an index that is made here of the file that pkgraph.publication.finding
 * writes. The order is that of pkgraph.search.finding: whole names first, and what is spelt nearly
 * so last. MiniSearch finds the words.
 */

import MiniSearch from "minisearch";
import { questions } from "./questions.js";
import { weigher } from "./weighing.js";
import { fold, wanted, words } from "./wording.js";

const LAYOUT = 1;
/** The longest text that is looked for, and the most words, as the server has it. */
const MAX_CHARACTERS = 2000;
const MAX_WORDS = 64;
const NAMES = new Set(["label", "name"]);

/** A text that is not looked for, and why. */
export class Refused extends Error {}

/** The things that can be found, and the index of their words. */
export class Index {
  #things;
  #fields;
  #boosts;
  #average;
  #forms = new Map();
  #words;
  #vocabulary;

  /** Make the index of what the *file* has. */
  constructor(file) {
    if (file.layout !== LAYOUT) throw new Error(`it is laid out as ${file.layout}, not ${LAYOUT}`);
    this.kinds = file.kinds.map(([name, label, states]) => ({ name, label, states }));
    this.#fields = file.fields.map(([name]) => name);
    this.#boosts = file.fields.map(([, boost]) => boost);
    this.#things = file.things.map(([address, kind, label, ...others], id) => {
      const texts = [[label], ...others];
      const having = texts.map((each) => each.flatMap(words));
      return { id, address, label, kind: this.kinds[kind], texts, having };
    });
    this.#words = new MiniSearch({
      fields: this.#fields,
      extractField: (thing, name) =>
        (name === "id" ? thing.id : thing.having[this.#fields.indexOf(name)] ?? []),
      stringifyField: (value) => value, // the words, which are not to be taken apart again
      tokenize: (value) => (typeof value === "string" ? [value] : value),
      processTerm: (word) => word,
    });
    this.#words.addAll(this.#things);
    const all = this.#things.flatMap((thing) => thing.having.flat());
    this.#average = all.length / this.#things.length;
    const known = new Set(all);
    const sorted = [...known].sort();
    this.#vocabulary = {
      words: sorted,
      has: (word) => known.has(word),
      begins: (word) => sorted.some((each) => each.startsWith(word)),
    };
    for (const thing of this.#things) this.#name(thing);
  }

  /** Note the names of *thing*, and the parts of its address, in the form in which they compare. */
  #name(thing) {
    const path = thing.address.slice(1);
    thing.forms = new Map([[path.split("/").at(-1), null], [path, null]]);
    const names = thing.texts.filter((_, place) => NAMES.has(this.#fields[place])).flat();
    for (const name of names.reverse()) thing.forms.set(fold(name), name);
    for (const form of thing.forms.keys()) {
      if (!this.#forms.has(form)) this.#forms.set(form, []);
      this.#forms.get(form).push(thing);
    }
  }

  /**
   * Return the things that *text* may mean, the likeliest first, what words that fit begin with,
   * and how they were found: by all words, by words spelt near-ly so, or by some words.
   */
  look(text) {
    if (text.length > MAX_CHARACTERS) {
      throw new Refused(`A text of more than ${MAX_CHARACTERS} characters is not looked for.`);
    }
    const folded = fold(text);
    const looked = wanted(text);
    if (looked.length > MAX_WORDS) {
      throw new Refused(`At most ${MAX_WORDS} words are looked for at once.`);
    }
    const whole = folded ? [folded, text.trim()].flatMap((each) => this.#forms.get(each) ?? []) : [];
    for (const question of questions(this.#vocabulary, looked)) {
      const scores = new Map(whole.map((thing) => [thing.id, 0]));
      const weigh = weigher(question.query, {
        total: this.#things.length,
        average: this.#average,
        boosts: this.#boosts,
        count: (each) => this.#words.search(each).length,
      });
      for (const { id } of this.#words.search(question.query)) {
        scores.set(id, weigh(this.#things[id]));
      }
      if (scores.size) {
        return { ...question, found: this.#ordered(scores, folded, text.trim(), looked) };
      }
    }
    const scores = new Map(whole.map((thing) => [thing.id, 0]));
    return { how: "all", words: looked, found: this.#ordered(scores, folded, text.trim(), looked) };
  }

  /** Return the things that have *scores* in the order in which they are shown. */
  #ordered(scores, folded, path, looked) {
    const ranked = [...scores].map(([id, score]) => {
      const thing = this.#things[id];
      return { thing, score, rank: this.#rank(thing, folded, path, looked) };
    });
    const least = (one, other) => (one < other ? -1 : Number(one > other));
    return ranked
      .sort((one, other) =>
        one.rank - other.rank
        || other.score - one.score
        || one.thing.label.length - other.thing.label.length
        || least(one.thing.label, other.thing.label)
        || least(one.thing.address, other.thing.address))
      .map(({ thing }) => thing);
  }

  /**
   * Return how well *thing* fits, 0 best: a whole label, another whole name, an address, whole words
   * that a name begins with, the beginning of a name, all words in a name, in any text, and words
   * that begin so.
   */
  #rank(thing, folded, path, looked) {
    const whole = [folded, path].filter((each) => thing.forms.has(each));
    if (whole.length) {
      const names = whole.map((each) => thing.forms.get(each));
      return Math.min(...names.map((name) => (name === null ? 2 : Number(name !== thing.label))));
    }
    if (!thing.kind.states) {
      const begun = [...thing.forms].filter(([form, name]) => name && form.startsWith(folded));
      if (begun.length) return begun.some(([form]) => form[folded.length] === " ") ? 3 : 4;
    }
    const have = (fields) => looked.every((word) => fields.some((has) => has.includes(word)));
    if (have(thing.having.filter((_, place) => NAMES.has(this.#fields[place])))) return 5;
    return have(thing.having) ? 6 : 7;
  }
}

/** Return that text of *thing* which has the most of what was looked for, the first if several do. */
export const fitting = (thing, text, beginnings) => {
  const folded = fold(text);
  const misfits = thing.texts.flat().map((each, place) => {
    const form = fold(each);
    const having = words(form).map((word) => `${word} `);
    const met = beginnings.filter((start) => having.some((word) => word.startsWith(start))).length;
    const misfit = [form !== folded, !form.includes(folded), -met, met ? form.length : 0, place];
    return { each, misfit };
  });
  const before = (one, other) => {
    const at = one.findIndex((value, place) => value !== other[place]);
    return at >= 0 && one[at] < other[at];
  };
  return misfits.reduce((best, next) => (before(next.misfit, best.misfit) ? next : best)).each;
};
