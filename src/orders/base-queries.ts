import type { Part } from "../base/page";
import type { Reader, Value } from "../storage/database";
import { type Condition, countUpTo, listOf } from "../storage/sql";
import { type Bind, few, lookUps, type OrderFilter, PERIOD, type Term, tests } from "./condition-queries";

/** So many orders are looked at at once, so that others are served meanwhile. */
export const SEARCHED_AT_ONCE = 1_000;

export const FROM = "orders o";
export const ORDER: readonly { column: string; part: Part }[] = [
  { column: "o.placed_at", part: "text" },
  { column: "o.id", part: "id" },
];
export const PLACE = ORDER.map(({ column }) => column);

/** What a filter says. What is asked for as whatever it is, is an e-mail where it looks like one. */
export function givenIn(asked: OrderFilter): OrderFilter {
  const said = Object.entries(asked).filter(([, value]) => value !== undefined && value !== "");
  const { q, ...filter }: OrderFilter = Object.fromEntries(said);
  // An index leads to what is placed.
  if (filter.waits_for === "packing" || filter.waits_for === "payment") filter.status ??= "placed";
  if (q === undefined) return filter;
  return q.includes("@") && filter.email === undefined ? { ...filter, email: q } : { ...filter, q };
}

/** What an index leads by to the orders of a filter; of nothing but a period, to those of the period. */
export interface Base {
  field: keyof typeof lookUps | keyof typeof few | undefined;
}

export const isFew = (field: Base["field"]): field is keyof typeof few => field !== undefined && field in few;

/** Of what indexes know, what leaves the fewest orders. */
export async function narrowestOf(reader: Reader, filter: OrderFilter): Promise<Base> {
  if (filter.flagged === true) return { field: "flagged" };
  if (filter.waits_for === "refund") return { field: "waits_for" };
  const fields = (Object.keys(lookUps) as (keyof typeof lookUps)[]).filter((field) => filter[field] !== undefined);
  const [only] = fields;
  if (fields.length <= 1) return { field: only };
  const counted: { field: keyof typeof lookUps; total: number }[] = [];
  for (const field of fields) {
    const { sql, values } = whereOf(filter, { field });
    counted.push({ field, ...(await countUpTo(reader, `SELECT o.id FROM ${FROM} WHERE ${sql}`, values)) });
  }
  return { field: counted.toSorted((a, b) => a.total - b.total)[0]?.field };
}

/** The orders that a base leads to. */
export function whereOf(filter: OrderFilter, { field }: Base): Condition {
  const values: Value[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const parts = field === undefined ? [] : [isFew(field) ? few[field]() : lookUps[field](filter[field] ?? "", bind)];
  for (const [name, test] of PERIOD) {
    const moment = filter[name as "since" | "until"];
    if (moment !== undefined) parts.push(test(moment, bind));
  }
  return { sql: parts.join(" AND "), values };
}

/** Where an order stands among others. */
export interface Place {
  placed_at: string;
  id: number;
}

export const newestFirst = (a: Place, b: Place) =>
  a.placed_at < b.placed_at ? 1 : a.placed_at > b.placed_at ? -1 : b.id - a.id;

/** SQL for all that the base does not know. */
export function testsOf(filter: OrderFilter, base: Base, terms: readonly Term[], bind: Bind): string {
  const parts = Object.entries(filter).flatMap(([field, value]) => {
    const test = field === base.field ? undefined : tests[field as keyof typeof tests];
    return test ? [test(value as never, bind)] : [];
  });
  return [...parts, ...terms.map(({ test, ...term }) => `(${[test(bind), ...idsOf(term, bind)].join(" OR ")})`)].join(
    " AND ",
  );
}

/** SQL for what is known of a word beforehand: whose orders it means, and which one. */
export function idsOf({ users, order }: Pick<Term, "users" | "order">, bind: Bind): string[] {
  return [
    ...(users.length > 0 ? [`o.user_id IN (${listOf(users).values.map(bind).join()})`] : []),
    ...(order === undefined ? [] : [`o.id = ${bind(order)}`]),
  ];
}
