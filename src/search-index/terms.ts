import type { Field } from "./documents";

/** One word that is asked for, in every spelling that counts as it. */
export interface Term {
  /** The best spelling first. */
  spellings: Spelling[];
  /** How many products have it, counted up to COMMON_FROM_PRODUCTS: a rare word tells more than a common one. */
  products: number;
}

/** Several stems are a phrase: one right after the other. */
export interface Spelling {
  stems: string[];
  /** Also every word that begins like the last stem. */
  unfinished?: boolean;
  /** The only fields in which it counts. */
  fields?: readonly Field[];
  /** What it counts beside the word itself, which is 1. */
  weight?: number;
}

/** Terms that a product must all have. */
export type Reading = Term[];

/** What is looked up. */
export interface Query {
  /** Products fit that fit any of the readings (`smart watch` is read as two words, and as `smartwatch`). */
  readings: Reading[];
  /** No product fits that has any of these. */
  without?: readonly Spelling[];
}

/** A word that more products have than this is simply common; it is not counted on. */
export const COMMON_FROM_PRODUCTS = 2_000;

/** A query for one spelling alone. */
export const only = (spelling: Spelling): Query => ({ readings: [[{ spellings: [spelling], products: 0 }]] });

/** A query for one reading alone. */
export const one = (reading: Reading): Query => ({ readings: [reading] });
