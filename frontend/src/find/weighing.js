/*
 * Weigh what was found by its words, as the full-text index of the server does: MiniSearch weighs
 * each word for itself, by which the rarest of those that begin so would come first.
 *
 * Source: BM25 in SQLite, https://www.sqlite.org/fts5.html#the_bm25_function
 */

const K = 1.2;
const B = 0.75;
const LEAST = 1e-6;

/** Return the words that *query* asks for, each with whether it may go on. */
const asked = (query) => (query.combineWith ? query.queries.flatMap(asked) : [query]);

/** Return a function that weighs a thing for *query*; *count* says how many have a word. */
export const weigher = (query, { total, average, boosts, count }) => {
  const terms = asked(query).map((each) => {
    const having = count(each);
    const rarity = Math.log((total - having + 0.5) / (having + 0.5));
    return { word: each.queries[0], prefix: each.prefix, rarity: Math.max(rarity, LEAST) };
  });
  return ({ having }) => {
    const length = having.reduce((sum, words) => sum + words.length, 0);
    const slack = K * (1 - B + (B * length) / average);
    return terms.reduce((sum, { word, prefix, rarity }) => {
      const fits = prefix ? (each) => each.startsWith(word) : (each) => each === word;
      const weight = having.reduce(
        (most, words, field) => most + boosts[field] * words.filter(fits).length, 0,
      );
      return sum + (rarity * weight * (K + 1)) / (weight + slack);
    }, 0);
  };
};
