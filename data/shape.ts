/** What a demo product may say of itself beside its name: plain values, so that filters and facets can use them. */
export type Trait = string | number | boolean;

export type Diet = "vegan" | "vegetarian" | "egg" | "non-vegetarian";

export type SeasonName = "summer" | "monsoon" | "winter" | "diwali" | "holi" | "ganesh";

/** One kind of thing on the shelf ("Assam CTC Tea"). Brands and pack sizes make products of it. */
export interface Kind<Traits = Record<string, Trait>> {
  /** Unique in the whole shop. */
  name: string;
  about: string;
  /** Pack size to price in whole rupees, the usual pack first. */
  packs: Readonly<Record<string, number>>;
  /** Days until a household that uses it buys it again. */
  every: number;
  /** How many like it, from 1 (a few) to 10 (everybody). */
  appeal: number;
  season?: SeasonName;
  origin?: string;
  diet?: Diet;
  storage?: string;
  shelf_life_days?: number;
  traits: Traits;
}

/** One aisle. Every kind in it has the same traits, of the same types. */
export interface Category<Traits = Record<string, Trait>> {
  name: string;
  brands: readonly string[];
  /** What further brands call their variations, with what that does to the price. */
  varieties: Readonly<Record<string, number>>;
  /** Only food has one. */
  diet?: Diet;
  storage: string;
  shelf_life_days: number;
  /** Bought by few households, and by those again and again: nobody without a baby buys nappies. */
  niche?: true;
  kinds: readonly Kind<Traits>[];
}

/** Holds every kind of a category to the same traits. */
export const category = <Traits extends Record<string, Trait>>(aisle: Category<Traits>): Category => aisle;
