import { turns } from "../base/turns";
import type { Reader } from "../storage/database";
import { listOf, one } from "../storage/sql";
import { type Bind, type OrderFilter, termsOf } from "./condition-queries";
import { FROM, givenIn, narrowestOf, type Place, SEARCHED_AT_ONCE, testsOf, whereOf } from "./base-queries";
import { placesThatFit } from "./search-queries";
import { placesAmong, soldOrders } from "./sold-order-queries";

/** How many orders fit, and what they come to, in minor units. */
export interface OrderSums {
  orders: number;
  /** Without what was cancelled. */
  total_minor: number;
  /** What of the total is paid. */
  paid_minor: number;
  /** What was taken off. */
  discount_minor: number;
}

const sum = (what: string) => `CAST(COALESCE(SUM(${what}), 0) AS DOUBLE PRECISION)`;

/** A look at every order in this currency that fits: a shopkeeper asks for it, and no list does by itself. */
export async function sumOrders(reader: Reader, filter: OrderFilter, currency: string): Promise<OrderSums> {
  const given = givenIn(filter);
  const base = await narrowestOf(reader, given);
  const sold = await soldOrders(reader, given, base);
  if (sold) return sumPlaces(reader, await placesAmong(reader, given, await termsOf(reader, given), sold), currency);
  const { sql, values } = whereOf(given, base);
  const bind: Bind = (value) => `$${values.push(value)}`;
  const more = testsOf(given, base, await termsOf(reader, given), bind);
  const where = [sql, more, `o.currency = ${bind(currency)}`].filter(Boolean).join(" AND ");
  return one(await reader.first<OrderSums>(`SELECT ${SUMS} FROM ${FROM} WHERE ${where}`, values));
}

const LEFT = "o.total_minor - o.cancelled_minor";
const SUMS = `CAST(COUNT(*) AS INTEGER) AS orders, ${sum(LEFT)} AS total_minor,
  ${sum(`CASE WHEN o.payment_status = 'paid' THEN ${LEFT} ELSE 0 END`)} AS paid_minor, ${sum("o.discount_minor")} AS discount_minor`;

/**
 * The same for a server, whose other callers are served meanwhile: of the newest SEARCHED_MOST that fit, some at a time.
 * `more` where older ones may fit as well.
 */
export async function sumNewestOrders(
  reader: Reader,
  filter: OrderFilter,
  currency: string,
): Promise<OrderSums & { more: boolean }> {
  const given = givenIn(filter);
  const { places, more } = await placesThatFit(reader, given, await narrowestOf(reader, given));
  return { ...(await sumPlaces(reader, places, currency)), more };
}

async function sumPlaces(reader: Reader, places: readonly Place[], currency: string): Promise<OrderSums> {
  const sums = { orders: 0, total_minor: 0, paid_minor: 0, discount_minor: 0 };
  for (let at = 0; at < places.length; at += SEARCHED_AT_ONCE) {
    await turns.yield();
    const { sql, values } = listOf(places.slice(at, at + SEARCHED_AT_ONCE).map(({ id }) => id));
    const some = one(
      await reader.first<OrderSums>(
        `SELECT ${SUMS} FROM ${FROM} WHERE o.id IN ${sql} AND o.currency = $${values.length + 1}`,
        [...values, currency],
      ),
    );
    sums.orders += some.orders;
    sums.total_minor += some.total_minor;
    sums.paid_minor += some.paid_minor;
    sums.discount_minor += some.discount_minor;
  }
  return sums;
}
