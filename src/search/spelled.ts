import { type Language, stemsOf } from "../search-index/stem";
import type { Spelling, Term } from "../search-index/terms";

/** A word in its own spellings, which so many products have, and in others that count as it. */
export const termOf = (spellings: readonly Spelling[], products: number, also: readonly Spelling[]): Term => ({
  spellings: [...spellings, ...also],
  // Where a word has synonyms, some product is taken to have it.
  products: Math.max(products, also.length),
});

/** How a word stands in the index. */
export const spelled = (word: string, languages: readonly Language[]): Spelling[] =>
  stemsOf(word, languages).map((stem) => ({ stems: [stem] }));
