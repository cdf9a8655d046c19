import { toMinor } from "../base/money";
import type { Settings } from "../shop/settings";
import type { Value } from "../storage/database";
import { listOf } from "../storage/sql";
import type { ProductFilter } from "./filter-schema";

/** SQL for the `id`s of listed products, whose placeholders come after `before` others. */
export interface Source {
  sql: (before: number) => string;
  values: readonly Value[];
  /** Whether it finds what fits the whole condition, each once, and nothing else. */
  isExact: boolean;
  /** Whether it may find a product more than once: by several of its variants, or of its values. */
  repeats: boolean;
  /** Whether the condition by itself leads to the same index. */
  isImplied?: true;
  /** Whether it is what has some value, of which there is no order to walk in. */
  isAttribute?: true;
}

/** Longer values of attributes are not in product_attributes. */
export const LONGEST_INDEXED_VALUE = 200;

export function sourcesOf(
  { min_price, max_price, in_stock, attributes = {} }: ProductFilter,
  settings: Pick<Settings, "minorPerMajor">,
  { categories, isShared }: { categories: readonly string[] | undefined; isShared: boolean },
): Omit<Source, "isExact">[] {
  const sources: Omit<Source, "isExact">[] = [];
  if (categories) {
    sources.push({
      sql: (before) =>
        `SELECT id FROM products WHERE category IN ${listOf(categories, before).sql} AND deleted_at IS NULL AND parent_id IS NULL`,
      values: listOf(categories).values,
      repeats: false,
      isImplied: true,
    });
  }
  const bounds = [
    ...(min_price === undefined ? [] : [{ sign: ">=", minor: toMinor(min_price, settings) }]),
    ...(max_price === undefined ? [] : [{ sign: "<=", minor: toMinor(max_price, settings) }]),
  ];
  if (bounds.length > 0) {
    sources.push({
      sql: (before) =>
        `SELECT COALESCE(parent_id, id) AS id FROM products WHERE deleted_at IS NULL${bounds
          .map(({ sign }, at) => ` AND price_minor ${sign} $${before + at + 1}`)
          .join("")}`,
      values: bounds.map(({ minor }) => minor),
      repeats: isShared,
    });
  }
  if (in_stock === false) {
    sources.push({
      sql: () =>
        `SELECT COALESCE(v.parent_id, v.id) AS id FROM sold_out o CROSS JOIN products v
         WHERE v.id = o.product_id AND v.deleted_at IS NULL`,
      values: [],
      repeats: isShared,
    });
  }
  for (const [name, value] of Object.entries(attributes)) {
    const wanted = valuesIn(value);
    if (wanted.some((text) => text.length > LONGEST_INDEXED_VALUE)) continue;
    sources.push({
      sql: (before) =>
        `SELECT product_id AS id FROM product_attributes
         WHERE name = $${before + 1} AND value IN ${listOf(wanted, before + 1).sql}`,
      values: [name, ...listOf(wanted).values],
      repeats: isShared || wanted.length > 1,
      isAttribute: true,
    });
  }
  return sources;
}

/** Whether some value is so long that only the product itself has it. */
export const sourcesMiss = ({ attributes = {} }: ProductFilter): boolean =>
  Object.values(attributes).some((value) => valuesIn(value).some((text) => text.length > LONGEST_INDEXED_VALUE));

/** `red,blue` asks for either; a value that has a comma of its own is also taken whole. */
export function valuesIn(text: string): string[] {
  const several = text.split(",").map((value) => value.trim());
  return [...new Set([text, ...several.filter((value) => value !== "")])].slice(0, VALUES_MOST);
}
const VALUES_MOST = 50;
