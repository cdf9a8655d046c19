import { turns } from "../base/turns";
import type { Reader } from "../storage/database";
import { countUpTo, listOf } from "../storage/sql";
import type { Bind, OrderFilter, Term } from "./condition-queries";
import { type Base, FROM, PLACE, type Place, SEARCHED_AT_ONCE, testsOf, whereOf } from "./base-queries";
import { findCoded, findFamily, findOrdersWith } from "./sold-queries";

/**
 * The orders with the product or code that a filter names: undefined where it names none, where they are more than `most`, and
 * where the base leads to fewer.
 */
export async function soldOrders(
  reader: Reader,
  { product_id, sku, ...filter }: OrderFilter,
  base: Base,
  most = Number.POSITIVE_INFINITY,
): Promise<number[] | undefined> {
  if (product_id === undefined && sku === undefined) return undefined;
  const products = product_id === undefined ? await findCoded(reader, sku ?? "") : await findFamily(reader, product_id);
  return findOrdersWith(reader, products, Math.min(most, await sizeOf(reader, filter, base)));
}

/** How many orders a base leads to, as far as they are counted. */
async function sizeOf(reader: Reader, filter: OrderFilter, base: Base): Promise<number> {
  if (base.field === undefined) return Number.POSITIVE_INFINITY;
  const { sql, values } = whereOf(filter, base);
  const { total, total_is_at_least } = await countUpTo(reader, `SELECT o.id FROM ${FROM} WHERE ${sql}`, values);
  return total_is_at_least ? Number.POSITIVE_INFINITY : total;
}

/** Where those of these orders stand that fit, looked at some at a time. */
export async function placesAmong(
  reader: Reader,
  filter: OrderFilter,
  terms: readonly Term[],
  ids: readonly number[],
): Promise<Place[]> {
  const nothing: Base = { field: undefined };
  const places: Place[] = [];
  for (let at = 0; at < ids.length; at += SEARCHED_AT_ONCE) {
    if (at > 0) await turns.yield();
    const { sql, values } = whereOf(filter, nothing);
    const bind: Bind = (value) => `$${values.push(value)}`;
    const fits = [sql, testsOf(filter, nothing, terms, bind)].filter(Boolean).join(" AND ") || "1 = 1";
    const listed = listOf(ids.slice(at, at + SEARCHED_AT_ONCE), values.length);
    // Not in the WHERE: an index on what is tested would lead to more than the ids do.
    const some = await reader.all<Place & { fits: number }>(
      `SELECT ${PLACE.join()}, CASE WHEN ${fits} THEN 1 ELSE 0 END AS fits FROM ${FROM} WHERE o.id IN ${listed.sql}`,
      [...values, ...listed.values],
    );
    places.push(...some.filter((one) => one.fits === 1).map(({ fits: _, ...place }) => place));
  }
  return places;
}
