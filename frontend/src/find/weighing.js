/*
 * Weigh what was found by its words, as the full-text index of the server does: MiniSearch weighs
 * each word for itself, by which the rarest of those that begin so would come first.
 *
 * Source: BM25 in SQLite, https://www.sqlite.org/fts5.html#the_bm25_function
 */

const K = 1.2;
const B = 0.75;
const LEAST = 1e-6;

/** Return a function that tells whether a word is what is *asked* for, or begins so. */
const fits = ({ queries: [word], prefix }) =>
  (prefix ? (each) => each.startsWith(word) : (each) => each === word);

/** Return a function that weighs a thing for *query*; *count* says how many have a word. */
export const weigher = (query, { total, average, boosts, count }) => {
  const rarities = new Map();
  const rarity = (asked) => {
    if (!rarities.has(asked)) {
      const having = count(asked);
      rarities.set(asked, Math.max(Math.log((total - having + 0.5) / (having + 0.5)), LEAST));
    }
    return rarities.get(asked);
  };
  return ({ having }) => {
    const length = having.reduce((sum, words) => sum + words.length, 0);
    const slack = K * (1 - B + (B * length) / average);
    /** What a word weighs here, or the words of a question do that is fulfilled; else null. */
    const weight = (asked) => {
      if (asked.combineWith) {
        const parts = asked.queries.map(weight);
        const met = parts.filter((each) => each !== null);
        const enough = asked.combineWith === "AND" ? met.length === parts.length : met.length > 0;
        return enough ? met.reduce((sum, each) => sum + each, 0) : null;
      }
      const often = having.reduce(
        (sum, words, field) => sum + boosts[field] * words.filter(fits(asked)).length, 0,
      );
      return often ? (rarity(asked) * often * (K + 1)) / (often + slack) : null;
    };
    return weight(query) ?? 0;
  };
};
