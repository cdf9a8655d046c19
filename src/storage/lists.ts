import { type Listed, type Page, type Part, placeIn } from "../base/page";
import type { Reader, Value } from "./database";
import { after, type Condition, countUpTo, unindexed } from "./sql";

/** A list as it is read: by an index on what orders it, so that the rows of a page are all that is looked at. */
export interface List extends Condition {
  /** What is read of each row. */
  columns: string;
  /** The table, with a name. */
  from: string;
  /** What else `columns` need: tables by name, and how they belong to a row. */
  joined?: { tables: string; on: string };
  /** What orders it, all in one direction; the last is the row's own key. */
  order: readonly { column: string; part: Part }[];
  descending: boolean;
  /** Whether an index leads to the few rows that fit, which are then sorted: they are not walked through in their order. */
  isFew?: boolean;
}

/** One page of a list, how many rows there are, and where a walk goes on. */
export async function readList<Row extends object>(reader: Reader, list: List, page: Page): Promise<Listed<Row>> {
  const { columns, from, joined, order, descending, isFew = false, sql, values: given } = list;
  const values: Value[] = [...given];
  const parameter = (value: Value) => `$${values.push(value)}`;
  const place = placeIn(
    page,
    order.map(({ part }) => part),
  );
  const keys = order.map(({ column }) => column);
  const parts = [...(sql === "" ? [] : [sql]), ...(place ? [after(keys, place.map(parameter), descending)] : [])];
  const where = parts.length > 0 ? `WHERE ${parts.join(" AND ")}` : "";
  const direction = descending ? "DESC" : "ASC";
  // First the keys alone: what an offset leaves out is not read. The outer order is that of the page, sorted again.
  const ids = `SELECT ${keys.map((key, at) => `${key} AS key${at}`).join()} FROM ${from} ${where}
    ORDER BY ${keys.map((key) => `${isFew ? unindexed(reader.engine, key) : key} ${direction}`).join()} LIMIT ${parameter(page.limit)} OFFSET ${parameter(page.offset)}`;
  const named = keys.map((_, at) => `page.key${at}`);
  const rows = await reader.all<Row & Record<string, string | number>>(
    `SELECT ${columns}, ${named.join()} FROM (${ids}) AS page CROSS JOIN ${from}${joined ? ` CROSS JOIN ${joined.tables}` : ""}
     WHERE ${keys.at(-1)} = ${named.at(-1)}${joined ? ` AND ${joined.on}` : ""}
     ORDER BY ${named.map((key) => `${key} ${direction}`).join()}`,
    values,
  );
  const last = rows.length === page.limit ? rows.at(-1) : undefined;
  return {
    items: rows.map((row) => withoutKeys(row, keys.length)),
    ...(await countUpTo(reader, `SELECT ${keys.at(-1)} FROM ${from} ${sql === "" ? "" : `WHERE ${sql}`}`, given)),
    ...(last && { next: keys.map((_, at) => last[`key${at}`] ?? "") }),
  };
}

function withoutKeys<Row extends object>(row: Row, keys: number): Row {
  const own = { ...row };
  for (let at = 0; at < keys; at++) Reflect.deleteProperty(own, `key${at}`);
  return own;
}
