import { conditionOnVariants } from "../catalog/filters";
import type { ProductFilter } from "../catalog/filter-schema";
import type { Settings } from "../shop/settings";
import { objectFrom, type Reader } from "../storage/database";
import { listOf } from "../storage/sql";

/** What the variants of these parents have that pass the filter each by itself, by their parent. */
export async function fittingVariants(
  reader: Reader,
  parentIds: readonly number[],
  filter: ProductFilter,
  settings: Pick<Settings, "minorPerMajor">,
): Promise<Map<number, Record<string, unknown>[]>> {
  if (parentIds.length === 0) return new Map();
  const { sql, values } = conditionOnVariants(reader, filter, settings);
  const parents = listOf(parentIds, values.length);
  const rows = await reader.all<{ parent_id: number; attributes: unknown; options: unknown }>(
    `SELECT v.parent_id, v.attributes, v.options FROM products v
     JOIN stock vs ON vs.product_id = v.id JOIN products p ON p.id = v.parent_id
     WHERE v.deleted_at IS NULL AND ${sql} AND v.parent_id IN ${parents.sql} ORDER BY v.id`,
    [...values, ...parents.values],
  );
  const byParent = Map.groupBy(rows, (row) => row.parent_id);
  return new Map(
    [...byParent].map(([parent, variants]) => [
      parent,
      variants.map(({ attributes, options }) => ({ ...objectFrom(attributes), ...objectFrom(options) })),
    ]),
  );
}

/** What facets count of a product. */
export interface FacetFacts {
  id: number;
  version: number;
  category: string;
  price_minor: number;
  attributes: Record<string, unknown>;
  /** What has variants is counted by these, which change without it. */
  hasVariants: boolean;
}

/** What facets count of these products. */
export async function findFacetFacts(reader: Reader, productIds: readonly number[]): Promise<FacetFacts[]> {
  const ids = listOf(productIds);
  const rows = await reader.all<Omit<FacetFacts, "hasVariants"> & { attributes: unknown; option_names: unknown }>(
    `SELECT id, version, category, price_minor, attributes, option_names FROM products WHERE id IN ${ids.sql}`,
    ids.values,
  );
  return rows.map(({ option_names, ...row }) => ({
    ...row,
    attributes: objectFrom(row.attributes),
    hasVariants: option_names !== null,
  }));
}
