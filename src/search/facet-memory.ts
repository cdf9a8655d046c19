import { ATTRIBUTE_NAME } from "../catalog/filter-schema";
import { perShop } from "../shop/per-shop";
import type { FacetFacts } from "./facet-queries";

/** What products have in common. */
export interface FacetCounts {
  categories: Map<string, number>;
  least: number | null;
  most: number | null;
  /** By name and value. */
  attributes: Map<string, Map<string, number>>;
  /** Whose attributes are not counted yet, since they have variants. */
  parents: number[];
}

export const noCounts = (): FacetCounts => ({
  categories: new Map(),
  least: null,
  most: null,
  attributes: new Map(),
  parents: [],
});

/** Beyond so many values in all, or different ones, everything is forgotten: some 30 MB at most. */
const VALUES_MOST = 2_000_000;
const TEXTS_MOST = 200_000;
const LONGEST_VALUE = 64;

/**
 * What facets count, kept in columns: reading it out of the database for each search costs a hundred times as much. Every
 * product is remembered as of a version, and read again when the database says another: so it is as right as without.
 */
class FacetMemory {
  #places = new Map<number, number>();
  #versions: number[] = [];
  #categories: string[] = [];
  #prices: number[] = [];
  /** Where a product's values begin and end; before 0 where they are its variants'. */
  #starts: number[] = [];
  #ends: number[] = [];
  #values: number[] = [];
  #texts: { name: string; value: string }[] = [];
  #codes = new Map<string, number>();

  /** Those of some products, from one place in a list up to another, that are not remembered as of this version. */
  unknownOf(ids: readonly number[], versions: readonly number[], from: number, to: number): number[] {
    const unknown: number[] = [];
    for (let at = from; at < to; at++) {
      const id = ids[at] ?? 0;
      const place = this.#places.get(id);
      if (place === undefined || this.#versions[place] !== versions[at]) unknown.push(id);
    }
    return unknown;
  }

  remember(facts: FacetFacts): void {
    const place = this.#places.get(facts.id) ?? this.#places.size;
    this.#places.set(facts.id, place);
    this.#versions[place] = facts.version;
    this.#categories[place] = facts.category;
    this.#prices[place] = facts.price_minor;
    this.#starts[place] = facts.hasVariants ? -1 : this.#values.length;
    if (!facts.hasVariants) this.#values.push(...this.#codesOf(facts.attributes));
    this.#ends[place] = this.#values.length;
  }

  /** Forgets everything where it has come to be too much. */
  makeRoom(): void {
    if (this.#values.length > VALUES_MOST || this.#texts.length > TEXTS_MOST) this.#forget();
  }

  /** Adds up what is remembered of these products, and returns those of which nothing is. */
  count(ids: readonly number[], counts: FacetCounts): number[] {
    const unknown: number[] = [];
    const byCategory = new Map<string, number>();
    const byCode = new Int32Array(this.#texts.length);
    let [least, most] = [counts.least ?? Infinity, counts.most ?? -Infinity];
    for (const id of ids) {
      const place = this.#places.get(id);
      if (place === undefined) {
        unknown.push(id);
        continue;
      }
      const category = this.#categories[place] ?? "";
      byCategory.set(category, (byCategory.get(category) ?? 0) + 1);
      const price = this.#prices[place] ?? 0;
      if (price < least) least = price;
      if (price > most) most = price;
      const start = this.#starts[place] ?? 0;
      if (start < 0) counts.parents.push(id);
      const end = start < 0 ? start : (this.#ends[place] ?? start);
      for (let at = start; at < end; at++) {
        const code = this.#values[at] ?? 0;
        byCode[code] = (byCode[code] ?? 0) + 1;
      }
    }
    if (most >= least) Object.assign(counts, { least, most });
    for (const [category, products] of byCategory) add(counts.categories, category, products);
    for (const [code, products] of byCode.entries()) {
      const text = products > 0 ? this.#texts[code] : undefined;
      if (text) addValue(counts, text.name, text.value, products);
    }
    return unknown;
  }

  #codesOf(attributes: Record<string, unknown>): number[] {
    const codes: number[] = [];
    for (const [name, texts] of textsOf([attributes])) {
      for (const value of texts) {
        const key = `${name}\n${value}`;
        let code = this.#codes.get(key);
        if (code === undefined) {
          code = this.#texts.push({ name, value }) - 1;
          this.#codes.set(key, code);
        }
        codes.push(code);
      }
    }
    return codes;
  }

  #forget(): void {
    this.#places = new Map();
    for (const column of [this.#versions, this.#prices, this.#starts, this.#ends, this.#values]) column.length = 0;
    this.#categories = [];
    this.#texts = [];
    this.#codes = new Map();
  }
}

export const facetMemoryOf = perShop(() => new FacetMemory());

/** Adds the values of one product, or of all its variants: each value once, of a list each of its elements. */
export function countVariants(counts: FacetCounts, variants: readonly Record<string, unknown>[]): void {
  for (const [name, texts] of textsOf(variants)) for (const text of texts) addValue(counts, name, text, 1);
}

function textsOf(variants: readonly Record<string, unknown>[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const attributes of variants) {
    for (const [name, value] of Object.entries(attributes)) {
      if (!ATTRIBUTE_NAME.test(name)) continue;
      const texts = found.get(name) ?? new Set();
      for (const one of Array.isArray(value) ? value : [value]) {
        const text = textOf(one);
        if (text !== undefined && text.length <= LONGEST_VALUE) texts.add(text);
      }
      found.set(name, texts);
    }
  }
  return found;
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;

const add = (counts: Map<string, number>, key: string, more: number) => counts.set(key, (counts.get(key) ?? 0) + more);

function addValue({ attributes }: FacetCounts, name: string, value: string, more: number): void {
  const values = attributes.get(name) ?? new Map<string, number>();
  attributes.set(name, values);
  add(values, value, more);
}
