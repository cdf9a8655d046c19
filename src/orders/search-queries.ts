import { type Cursor, type Listed, type Page, type Part, placeIn } from "../base/page";
import { turns } from "../base/turns";
import type { Reader, Value } from "../storage/database";
import { readList } from "../storage/lists";
import { after, type Condition, countUpTo, listOf } from "../storage/sql";
import { ORDER_COLUMNS, type OrderDetails, type OrderRow, withDetails } from "./detail-queries";
import { type Bind, lookUps, type OrderFilter, PERIOD, type Term, termsOf, tests } from "./condition-queries";

/** Any customer's order. */
export async function findOrder(reader: Reader, id: number): Promise<OrderDetails | undefined> {
  const rows = await reader.all<OrderRow>(
    `SELECT ${ORDER_COLUMNS} FROM orders o JOIN users u ON u.id = o.user_id WHERE o.id = $1`,
    [id],
  );
  return (await withDetails(reader, rows))[0];
}

/**
 * What no index knows (names, phones, products, tags, totals) is looked for in so many orders at most: the newest of those
 * that fit the rest.
 */
const SEARCHED_MOST = 20_000;
/** So many at once, so that others are served meanwhile. */
export const SEARCHED_AT_ONCE = 1_000;

export const FROM = "orders o";
const ORDER: readonly { column: string; part: Part }[] = [
  { column: "o.placed_at", part: "text" },
  { column: "o.id", part: "id" },
];
const PLACE = ORDER.map(({ column }) => column);

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
    },
    page,
  );
  return { ...listed, items: await withDetails(reader, items) };
}

/** What a filter says. What is asked for as whatever it is, is an e-mail where it looks like one. */
export function givenIn(asked: OrderFilter): OrderFilter {
  const said = Object.entries(asked).filter(([, value]) => value !== undefined && value !== "");
  const { q, ...filter }: OrderFilter = Object.fromEntries(said);
  if (q === undefined) return filter;
  return q.includes("@") && filter.email === undefined ? { ...filter, email: q } : { ...filter, q };
}

/** What an index leads by to the orders of a filter; of nothing but a period, to those of the period. */
interface Base {
  field: keyof typeof lookUps | undefined;
}

/** Of what indexes know, what leaves the fewest orders. */
export async function narrowestOf(reader: Reader, filter: OrderFilter): Promise<Base> {
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
  const parts = field === undefined ? [] : [lookUps[field](filter[field] ?? "", bind)];
  for (const [name, test] of PERIOD) {
    const moment = filter[name as "since" | "until"];
    if (moment !== undefined) parts.push(test(moment, bind));
  }
  return { sql: parts.join(" AND "), values };
}

interface Place {
  placed_at: string;
  id: number;
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
  const fits = (bind: Bind) => testsOf(filter, base, terms, bind) || "1 = 1";
  const found = new Map<number, Place>();
  for (const term of terms)
    for (const place of await directly(reader, filter, base, term, fits)) found.set(place.id, place);
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
const newestFirst = (a: Place, b: Place) =>
  a.placed_at < b.placed_at ? 1 : a.placed_at > b.placed_at ? -1 : b.id - a.id;

type Fits = (bind: Bind) => string;

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
function idsOf({ users, order }: Omit<Term, "test">, bind: Bind): string[] {
  return [
    ...(users.length > 0 ? [`o.user_id IN (${listOf(users).values.map(bind).join()})`] : []),
    ...(order === undefined ? [] : [`o.id = ${bind(order)}`]),
  ];
}

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
