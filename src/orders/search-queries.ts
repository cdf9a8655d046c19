import { COUNTED_MOST, type Cursor, type Listed, type Page, placeIn } from "../base/page";
import { turns } from "../base/turns";
import type { Reader } from "../storage/database";
import { readList } from "../storage/lists";
import { after, listOf } from "../storage/sql";
import { ORDER_COLUMNS, type OrderDetails, type OrderRow, withDetails } from "./detail-queries";
import { type Bind, type OrderFilter, PERIOD, type Term, termsOf } from "./condition-queries";
import {
  type Base,
  FROM,
  givenIn,
  idsOf,
  isFew,
  narrowestOf,
  newestFirst,
  ORDER,
  PLACE,
  type Place,
  SEARCHED_AT_ONCE,
  testsOf,
  whereOf,
} from "./base-queries";
import { placesAmong, soldOrders } from "./sold-order-queries";
import { findOrdersWith } from "./sold-queries";

/** Any customer's order. */
export async function findOrder(reader: Reader, id: number): Promise<OrderDetails | undefined> {
  const rows = await reader.all<OrderRow>(
    `SELECT ${ORDER_COLUMNS} FROM orders o JOIN users u ON u.id = o.user_id WHERE o.id = $1`,
    [id],
  );
  return (await withDetails(reader, rows))[0];
}

/**
 * What no index knows (names, phones, tags, totals) is looked for in so many orders at most: the newest of those
 * that fit the rest.
 */
const SEARCHED_MOST = 20_000;
/** Orders, newest first, and how many there are in all. */
export async function findOrders(reader: Reader, filter: OrderFilter, page: Page): Promise<Listed<OrderDetails>> {
  const given = givenIn(filter);
  const base = await narrowestOf(reader, given);
  const left = Object.entries(given).filter(([field]) => field !== base.field && !PERIOD.has(field));
  if (left.length > 0) return searchOrders(reader, given, base, page);
  const { items, ...listed } = await readList<OrderRow>(
    reader,
    {
      ...whereOf(given, base),
      columns: ORDER_COLUMNS,
      from: FROM,
      joined: { tables: "users u", on: "u.id = o.user_id" },
      order: ORDER,
      descending: true,
      isFew: isFew(base.field),
    },
    page,
  );
  return { ...listed, items: await withDetails(reader, items) };
}

/** The same for what must be looked for, order by order: some at a time, and beside them what an index finds of each word. */
async function searchOrders(
  reader: Reader,
  filter: OrderFilter,
  base: Base,
  page: Page,
): Promise<Listed<OrderDetails>> {
  const from = placeIn(
    page,
    ORDER.map(({ part }) => part),
  );
  const { places, more } = await placesThatFit(reader, filter, base);
  const following = from ? places.filter((place) => newestFirst(place, placeOf(from)) > 0) : places;
  const shown = following.slice(page.offset, page.offset + page.limit);
  const end = shown.length === page.limit ? shown.at(-1) : undefined;
  return {
    items: await readOrders(reader, shown),
    total: places.length,
    ...(more && { total_is_at_least: true }),
    ...(end && { next: [end.placed_at, end.id] }),
  };
}

/** All orders that fit, the newest first, however many must be looked at for it: for a program of its own, some at a time. */
export async function* allOrders(reader: Reader, filter: OrderFilter): AsyncGenerator<OrderDetails[]> {
  const given = givenIn(filter);
  const base = await narrowestOf(reader, given);
  const terms = await termsOf(reader, given);
  const sold = await soldOrders(reader, given, base);
  if (sold) {
    const places = (await placesAmong(reader, given, terms, sold)).toSorted(newestFirst);
    for (let at = 0; at < places.length; at += SEARCHED_AT_ONCE)
      yield await readOrders(reader, places.slice(at, at + SEARCHED_AT_ONCE));
    return;
  }
  const fits = (bind: Bind) => testsOf(given, base, terms, bind) || "1 = 1";
  let last: Place | undefined;
  for (;;) {
    const some = await someOf(reader, given, base, last, fits);
    const found = some.filter((place) => place.fits === 1);
    if (found.length > 0) yield await readOrders(reader, found);
    last = some.at(-1);
    if (some.length < SEARCHED_AT_ONCE) return;
    await turns.yield();
  }
}

/** Where the orders that fit stand, newest first; `more` where not all that the base leads to were looked at. */
export async function placesThatFit(
  reader: Reader,
  filter: OrderFilter,
  base: Base,
): Promise<{ places: Place[]; more: boolean }> {
  const terms = await termsOf(reader, filter);
  const sold = await soldOrders(reader, filter, base, COUNTED_MOST);
  if (sold) return { places: (await placesAmong(reader, filter, terms, sold)).toSorted(newestFirst), more: false };
  const fits = (bind: Bind) => testsOf(filter, base, terms, bind) || "1 = 1";
  const found = new Map<number, Place>();
  for (const term of terms) {
    const coded = await findOrdersWith(reader, term.products, COUNTED_MOST);
    const places = [
      ...(await directly(reader, filter, base, term, fits)),
      ...(coded ? await placesAmong(reader, filter, terms, coded) : []),
    ];
    for (const place of places) found.set(place.id, place);
  }
  let last: Place | undefined;
  let looked = 0;
  for (; looked < SEARCHED_MOST; looked += SEARCHED_AT_ONCE) {
    if (looked > 0) await turns.yield();
    const some = await someOf(reader, filter, base, last, fits);
    for (const { fits: isFound, ...place } of some) if (isFound === 1) found.set(place.id, place);
    last = some.at(-1);
    if (some.length < SEARCHED_AT_ONCE) break;
  }
  return { places: [...found.values()].toSorted(newestFirst), more: looked >= SEARCHED_MOST };
}

const placeOf = ([placed_at = "", id = 0]: Cursor): Place => ({ placed_at: String(placed_at), id: Number(id) });
type Fits = (bind: Bind) => string;

/** The next orders that the base leads to, and whether each fits the rest. */
function someOf(reader: Reader, filter: OrderFilter, base: Base, last: Place | undefined, fits: Fits) {
  const { sql, values } = whereOf(filter, base);
  const bind: Bind = (value) => `$${values.push(value)}`;
  const parts = [
    ...(sql === "" ? [] : [sql]),
    ...(last ? [after(PLACE, [last.placed_at, last.id].map(bind), true)] : []),
  ];
  const some = `SELECT ${PLACE.join()} FROM ${FROM} ${parts.length > 0 ? `WHERE ${parts.join(" AND ")}` : ""}
    ORDER BY ${PLACE.map((column) => `${column} DESC`).join()} LIMIT ${SEARCHED_AT_ONCE}`;
  return reader.all<Place & { fits: number }>(
    `SELECT several.placed_at, several.id, CASE WHEN ${fits(bind)} THEN 1 ELSE 0 END AS fits
     FROM (${some}) AS several CROSS JOIN ${FROM} WHERE o.id = several.id ORDER BY several.placed_at DESC, several.id DESC`,
    values,
  );
}

/** The newest orders that an index finds of a word, however old they are. */
async function directly(reader: Reader, filter: OrderFilter, base: Base, term: Term, fits: Fits): Promise<Place[]> {
  const places: Place[] = [];
  const { sql, values: given } = whereOf(filter, base);
  for (const one of idsOf(term, () => "")) {
    const values = [...given];
    const bind: Bind = (value) => `$${values.push(value)}`;
    const [named = ""] = one.startsWith("o.id")
      ? idsOf({ ...term, users: [] }, bind)
      : idsOf({ users: term.users }, bind);
    const parts = [named, fits(bind), ...(sql === "" ? [] : [sql])];
    places.push(
      ...(await reader.all<Place>(
        `SELECT ${PLACE.join()} FROM ${FROM} WHERE ${parts.join(" AND ")}
         ORDER BY ${PLACE.map((column) => `${column} DESC`).join()} LIMIT ${SEARCHED_AT_ONCE}`,
        values,
      )),
    );
  }
  return places;
}

async function readOrders(reader: Reader, places: readonly Place[]): Promise<OrderDetails[]> {
  const { sql, values } = listOf(places.map(({ id }) => id));
  const rows = await reader.all<OrderRow>(
    `SELECT ${ORDER_COLUMNS} FROM orders o JOIN users u ON u.id = o.user_id WHERE o.id IN ${sql}
     ORDER BY o.placed_at DESC, o.id DESC`,
    values,
  );
  return withDetails(reader, rows);
}
