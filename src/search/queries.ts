import { orderBy } from "../catalog/list-queries";
import { type Field, FIELDS, HEAD_FIELDS } from "../search-index/documents";
import { dialectOf } from "../search-index/engines";
import type { Query, Reading, Spelling } from "../search-index/terms";
import { FREE } from "../stock/queries";
import { countUpTo, listOf } from "../storage/sql";
import type { Reader, Value } from "../storage/database";
import type { Source } from "../catalog/filter-sources";

/** What a filter leaves of what is found: a condition on `products p`; where it is few products, SQL for their ids. */
export interface Within {
  sql: string;
  few?: string;
  /** Whether `products_listed` has all that it asks for. */
  isNarrow: boolean;
  values: readonly Value[];
}

/** A product that fits, with what rank.ts weighs. */
export type Match = Record<Field, string> & { product_id: number; free: number; ordered: number };

/** How many products the rough order is made of. */
const CANDIDATES_MOST = 1_000;
/** How many of those are looked at closely. Also where exact relevance ends and the rest follows, newest first. */
export const RANKED_MOST = 80;

/**
 * The products that fit best, roughly ordered. Where more fit than can be ranked, those come first that have the words where
 * they tell most: in the name, then in name, brand and category.
 */
export async function findMatches(
  reader: Reader,
  query: Query,
  signs: readonly string[],
  within?: Within,
): Promise<Match[]> {
  // What is known to be common need not be looked for everywhere to see that.
  const any = isMany(query, within) ? undefined : await matchesOf(reader, query, within);
  if (any && any.pool < CANDIDATES_MOST) return any.matches;
  const found = new Map<number, Match>();
  const closer = [
    signs.map((sign): Reading => [{ spellings: [{ stems: [sign] }], products: 0 }]),
    query.readings.map(sideBySide).filter((reading) => reading.length > 0),
    query.readings.map((reading) => inFields(reading, ["name"])),
    query.readings.map((reading) => inFields(reading, HEAD_FIELDS)),
  ].filter((readings) => readings.length > 0);
  for (const readings of closer) {
    for (const match of (await matchesOf(reader, { ...query, readings }, within)).matches)
      found.set(match.product_id, match);
    if (found.size >= RANKED_MOST) break;
  }
  const others = any ?? (found.size < RANKED_MOST ? await matchesOf(reader, query, within) : undefined);
  for (const match of others?.matches ?? []) found.set(match.product_id, match);
  return [...found.values()];
}

/** Whether more products fit than can be ranked, as the counts of words alone tell. */
const isMany = ({ readings, without = [] }: Query, within: Within | undefined): boolean =>
  within === undefined &&
  without.length === 0 &&
  readings.some(
    ([term, more]) =>
      term !== undefined &&
      more === undefined &&
      term.products >= CANDIDATES_MOST &&
      term.spellings.every(({ fields }) => fields === undefined),
  );

/**
 * Whether all that fit can be ranked, so that the rough order is of no account, which costs a look at every product that has one of
 * the words. Of words that were not counted by themselves (synonyms, repairs) it is not known.
 */
const isFew = ({ readings }: Query): boolean =>
  readings.reduce((sum, reading) => sum + Math.min(...reading.map(productsOf)), 0) <= RANKED_MOST;

const productsOf = ({ products, spellings }: Reading[number]): number =>
  products > 0 && spellings.every(({ weight }) => weight === undefined) ? products : Infinity;

/** The words of a reading one right after the other in the name. */
function sideBySide(reading: Reading): Reading {
  const stems = reading.flatMap(({ spellings }) => spellings[0]?.stems ?? []);
  return reading.length > 1 ? [{ spellings: [{ stems, fields: ["name"] }], products: 0 }] : [];
}

/** The reading, met by these fields alone; a spelling that counts in none of them only where it counts. */
export const inFields = (reading: Reading, fields: readonly Field[]): Reading =>
  reading.map((term) => ({
    ...term,
    spellings: term.spellings.map((spelling) => {
      const common = spelling.fields?.filter((field) => fields.includes(field)) ?? fields;
      return { ...spelling, fields: common.length > 0 ? common : (spelling.fields ?? fields) };
    }),
  }));

/*
 * For SQLite, with the values "(mug)" and no selection:
 *
 *   SELECT i.rowid AS product_id, i.name, …, s.on_hand - s.reserved AS free, s.ordered, best.pool
 *   FROM (SELECT product_id, CAST(COUNT(*) OVER () AS INTEGER) AS pool, badness
 *         FROM (SELECT rowid AS product_id, bm25(search_index, 3, 2, 2, 1, 0.5) AS badness FROM search_index
 *               WHERE search_index MATCH '(mug)' ORDER BY rowid DESC LIMIT 1000) AS fitting
 *         ORDER BY badness, product_id LIMIT 80) AS best
 *   CROSS JOIN search_index i ON i.rowid = best.product_id CROSS JOIN stock s ON s.product_id = best.product_id
 */
async function matchesOf(reader: Reader, query: Query, within?: Within): Promise<{ matches: Match[]; pool: number }> {
  const { id, badness } = dialectOf(reader);
  const { index, where, values, expression } = condition(reader, query, within);
  const fitting = `SELECT ${id} AS product_id, ${isFew(query) ? "0" : badness(expression)} AS badness FROM ${index}
                   WHERE ${where} ORDER BY ${id} DESC LIMIT ${CANDIDATES_MOST}`;
  const best = `SELECT product_id, CAST(COUNT(*) OVER () AS INTEGER) AS pool, badness FROM (${fitting}) AS fitting
                ORDER BY badness, product_id LIMIT ${RANKED_MOST}`;
  const fields = FIELDS.map((field) => `i.${field}`).join(", ");
  const rows = await reader.all<Match & { pool: number }>(
    `SELECT i.${id} AS product_id, ${fields}, ${FREE} AS free, s.ordered, best.pool FROM (${best}) AS best
     JOIN search_index i ON i.${id} = best.product_id JOIN stock s ON s.product_id = best.product_id`,
    values,
  );
  return { matches: rows, pool: rows[0]?.pool ?? 0 };
}

/** What the index has of one product; undefined where it is not in it. */
export function findIndexed(reader: Reader, productId: number): Promise<Match | undefined> {
  const { id } = dialectOf(reader);
  const fields = FIELDS.map((field) => `i.${field}`).join(", ");
  return reader.first<Match>(
    `SELECT i.${id} AS product_id, ${fields}, ${FREE} AS free, s.ordered
     FROM search_index i JOIN stock s ON s.product_id = i.${id} WHERE i.${id} = $1`,
    [productId],
  );
}

/** Whether a product suits a condition. */
export async function isAmong(
  reader: Reader,
  id: number,
  { sql, values }: Pick<Within, "sql" | "values">,
): Promise<boolean> {
  const row = await reader.first(`SELECT p.id FROM products p WHERE p.id = $${values.length + 1} AND ${sql}`, [
    ...values,
    id,
  ]);
  return row !== undefined;
}

/** The newest products that fit, other than those given. */
export async function findOthers(
  reader: Reader,
  query: Query,
  within: Within | undefined,
  { except, limit, offset }: { except: readonly number[]; limit: number; offset: number },
): Promise<number[]> {
  const { id, texts } = dialectOf(reader);
  const { index, where, values } = condition(reader, query, within);
  const next = values.length;
  const rows = await reader.all<{ product_id: number }>(
    `SELECT ${id} AS product_id FROM ${index}
     WHERE ${where} AND ${id} NOT IN (SELECT CAST(value AS INTEGER) FROM (${texts(`$${next + 1}`)}) AS others)
     ORDER BY ${id} DESC LIMIT $${next + 2} OFFSET $${next + 3}`,
    [...values, JSON.stringify(except), limit, offset],
  );
  return rows.map((row) => row.product_id);
}

/** The same products in the order of a list. */
export async function findSorted(
  reader: Reader,
  ids: readonly number[],
  sort: Parameters<typeof orderBy>[0],
): Promise<number[]> {
  const { sql, values } = listOf(ids);
  const rows = await reader.all<{ id: number }>(
    `SELECT p.id FROM products p JOIN stock s ON s.product_id = p.id WHERE p.id IN ${sql} ORDER BY ${orderBy(sort)}`,
    values,
  );
  return rows.map((row) => row.id);
}

/** A product whose name fits what is being typed. */
export type Named = Pick<Match, "product_id" | "name" | "free" | "ordered">;

/** How many products with a fitting name are looked at: the newest, and with very common beginnings the best sellers. */
const NAME_MATCHES_MOST = 200;
const BEST_SELLERS_MOST = 500;

export async function findNamed(reader: Reader, query: Query): Promise<Named[]> {
  const { ask, named, names, lookUp } = dialectOf(reader);
  const newest = await reader.all<Named>(
    `SELECT named.product_id, named.name, ${FREE} AS free, s.ordered
     FROM (${named(NAME_MATCHES_MOST, areManyNamed(query))}) AS named
     ${lookUp("stock", "s", "product_id", "named.product_id")}`,
    [ask(query, "name").expression],
  );
  if (newest.length < NAME_MATCHES_MOST) return newest;
  // Each of them is looked at, which is less than all that begins so.
  const bestSellers = await reader.all<Named>(
    `SELECT i.${names.id} AS product_id, i.${names.name} AS name, ${FREE} AS free, s.ordered
     FROM (SELECT product_id FROM stock WHERE popularity > 0 ORDER BY popularity DESC, product_id DESC LIMIT ${BEST_SELLERS_MOST}) AS best
     ${lookUp(names.table, "i", names.id, "best.product_id")}
     ${lookUp("stock", "s", "product_id", "best.product_id")}`,
  );
  const sought = query.readings.map((reading) => reading.map(({ spellings }) => spellings.map(soughtOf)));
  const fitting = bestSellers.filter(({ name }) =>
    sought.some((reading) => reading.every((spellings) => spellings.some((text) => name.includes(text)))),
  );
  return [...new Map([...newest, ...fitting].map((product) => [product.product_id, product])).values()];
}

/** With a word of one or two letters alone many names begin. */
const areManyNamed = ({ readings }: Query): boolean =>
  readings.every(
    ([term, more]) =>
      more === undefined &&
      term?.spellings.some(
        ({ stems: [stem = ""], unfinished }) => unfinished && stem.length <= MANY_BEGIN_WITH_LETTERS,
      ),
  );
const MANY_BEGIN_WITH_LETTERS = 2;

/** How a spelling stands in a field of the index. */
export const soughtOf = ({ stems, unfinished }: Spelling): string => ` ${stems.join(" ")}${unfinished ? "" : " "}`;

/** Whether a field of the index has a spelling in it. */
export const isSpelledIn = (spelling: Spelling, text: string): boolean => text.includes(soughtOf(spelling));

/** The brands of the catalog, found by jumping from one to the next: as quick with a million products. */
export async function listBrands(reader: Reader): Promise<string[]> {
  const rows = await reader.all<{ brand: string }>(
    `WITH RECURSIVE names (brand) AS (
       SELECT MIN(value) FROM product_attributes WHERE name = 'brand'
       UNION ALL
       SELECT (SELECT MIN(value) FROM product_attributes WHERE name = 'brand' AND value > names.brand)
       FROM names WHERE names.brand IS NOT NULL
     ) SELECT brand FROM names WHERE brand IS NOT NULL`,
  );
  return rows.map((row) => row.brand);
}

/** How many products fit: exactly up to COUNTED_MOST. */
export function countMatches(reader: Reader, query: Query, within?: Within) {
  const { index, where, values } = condition(reader, query, within);
  return countUpTo(reader, `SELECT ${dialectOf(reader).id} AS id FROM ${index} WHERE ${where}`, values);
}

/** The products that fit, as a source of ids for lists. */
export function matching(reader: Reader, query: Query): Pick<Source, "sql" | "values"> {
  const { id, matches, ask } = dialectOf(reader);
  if (query.readings.length === 0) return { sql: () => "SELECT id FROM products WHERE id = 0", values: [] };
  const { index, expression } = ask(query);
  return {
    sql: (before) => `SELECT ${id} AS id FROM ${index} WHERE ${matches(`$${before + 1}`)}`,
    values: [expression],
  };
}

export function findWordsAfter(reader: Reader, id: number): Promise<{ id: number; word: string }[]> {
  return reader.all("SELECT id, word FROM search_words WHERE id > $1 ORDER BY id", [id]);
}

function condition(reader: Reader, query: Query, within?: Within) {
  const { matches, among, suits, ask } = dialectOf(reader);
  const { index, expression } = ask(query);
  const values = [...(within?.values ?? []), expression];
  const placeholder = `$${values.length}`;
  const narrowed =
    within && (within.few ? among(within.few) : suits(within.sql, within.isNarrow ? "products_listed" : undefined));
  return {
    index,
    where: `${matches(placeholder)}${narrowed === undefined ? "" : ` AND ${narrowed}`}`,
    values,
    expression: placeholder,
  };
}
