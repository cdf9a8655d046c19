/** One word that somebody asked for, in every spelling that counts as it. */
export interface Term {
  /** The best spelling first. */
  spellings: Spelling[];
  /** How many products have it, counted up to COMMON: a rare word tells more than a common one. */
  products: number;
}

/** Several stems are a phrase: one right after the other. */
export interface Spelling {
  stems: string[];
  /** Also every word that begins like the last stem. */
  unfinished?: boolean;
}

/** Terms that a product must all have. */
export type Reading = Term[];

/** What is looked up: products that fit any of the readings (`smart watch` is read as two words, and as `smartwatch`). */
export type Query = Reading[];

/** A word that more products have than this is simply common; nobody counts on. */
export const COMMON = 2_000;

/** A query for one spelling alone. */
export const only = (spelling: Spelling): Query => [[{ spellings: [spelling], products: 0 }]];
