import type { Reader } from "../storage/database";
import { countOf } from "../storage/sql";
import { FREE } from "../stock/queries";
import { type Field, FIELDS } from "../search-index/documents";
import { dialectOf } from "../search-index/engines";
import { COMMON, type Query } from "../search-index/terms";
import type { Selection } from "../search-index/write";

/** A product that might be meant, with what rank.ts weighs. */
export type Candidate = Record<Field, string> & { product_id: number; free: number; ordered: number };

/** How many products the rough order is made of: of very common words the newest, because sorting all takes too long. */
const POOL = 1_000;
/** How many of those are looked at closely. Also where exact relevance ends and the rest follows, newest first. */
export const CLOSELY = 100;

/** The products that fit best, roughly ordered. */
export function findCandidates(reader: Reader, query: Query, within?: Selection): Promise<Candidate[]> {
  const { id, badness } = dialectOf(reader);
  const { where, values, expression } = condition(reader, query, within);
  return reader.all<Candidate>(
    `SELECT i.${id} AS product_id, ${FIELDS.map((field) => `i.${field}`).join(", ")}, ${FREE} AS free, s.ordered
     FROM (SELECT product_id FROM (SELECT ${id} AS product_id, ${badness(expression)} AS badness FROM search_index
                                   WHERE ${where} ORDER BY ${id} DESC LIMIT ${POOL}) AS pool
           ORDER BY badness, product_id LIMIT ${CLOSELY}) AS best
     JOIN search_index i ON i.${id} = best.product_id JOIN stock s ON s.product_id = best.product_id`,
    values,
  );
}

/** The newest products that fit, other than those given. */
export async function findOthers(
  reader: Reader,
  query: Query,
  within: Selection | undefined,
  { except, limit, offset }: { except: readonly number[]; limit: number; offset: number },
): Promise<number[]> {
  const { id, texts } = dialectOf(reader);
  const { where, values } = condition(reader, query, within);
  const next = values.length;
  const rows = await reader.all<{ product_id: number }>(
    `SELECT ${id} AS product_id FROM search_index
     WHERE ${where} AND ${id} NOT IN (SELECT CAST(value AS INTEGER) FROM (${texts(`$${next + 1}`)}) AS others)
     ORDER BY ${id} DESC LIMIT $${next + 2} OFFSET $${next + 3}`,
    [...values, JSON.stringify(except), limit, offset],
  );
  return rows.map((row) => row.product_id);
}

/** A product whose name fits what is being typed. */
export type Named = Pick<Candidate, "product_id" | "name" | "free" | "ordered">;

/** How many products with a fitting name are looked at: the newest, and with very common beginnings the best sellers. */
const NAMED = 200;
const BEST_SELLERS = 500;

export async function findNamed(reader: Reader, query: Query): Promise<Named[]> {
  const { id, matches, among, expression } = dialectOf(reader);
  const named = (where: string) =>
    reader.all<Named>(
      `SELECT i.${id} AS product_id, i.name, ${FREE} AS free, s.ordered
       FROM (SELECT ${id} AS product_id FROM search_index WHERE ${matches("$1")} ${where} ORDER BY ${id} DESC LIMIT ${NAMED}) AS fitting
       JOIN search_index i ON i.${id} = fitting.product_id JOIN stock s ON s.product_id = fitting.product_id`,
      [expression(query, "name")],
    );
  const newest = await named("");
  if (newest.length < NAMED) return newest;
  const bestSellers = await named(
    `AND ${among(`SELECT product_id FROM stock WHERE ordered > 0 ORDER BY ordered DESC, product_id DESC LIMIT ${BEST_SELLERS}`)}`,
  );
  return [...new Map([...newest, ...bestSellers].map((product) => [product.product_id, product])).values()];
}

export async function countMatches(reader: Reader, query: Query, within?: Selection): Promise<number> {
  const { where, values } = condition(reader, query, within);
  return countOf(reader, `SELECT COUNT(*) FROM search_index WHERE ${where}`, values);
}

/** How many products fit each of the queries, counted up to `most`. */
export async function countEach(reader: Reader, queries: readonly Query[], most = COMMON): Promise<number[]> {
  if (queries.length === 0) return [];
  const { expression, matches } = dialectOf(reader);
  const counts = queries.map(
    (_, at) =>
      `(SELECT COUNT(*) FROM (SELECT 1 FROM search_index WHERE ${matches(`$${at + 1}`)} LIMIT ${most}) AS counted) AS n${at}`,
  );
  const row = await reader.first<Record<string, number>>(
    `SELECT ${counts.join(", ")}`,
    queries.map((query) => expression(query)),
  );
  return queries.map((_, at) => row?.[`n${at}`] ?? 0);
}

/** SQL for the ids of the products that fit, with the given number for its placeholder. */
export function matching(reader: Reader, query: Query, number: number): Selection {
  const { id, matches, expression } = dialectOf(reader);
  if (query.length === 0) return { sql: "SELECT 0", values: [] };
  return { sql: `SELECT ${id} FROM search_index WHERE ${matches(`$${number}`)}`, values: [expression(query)] };
}

export function findWordsAfter(reader: Reader, id: number): Promise<{ id: number; word: string }[]> {
  return reader.all("SELECT id, word FROM search_words WHERE id > $1 ORDER BY id", [id]);
}

function condition(reader: Reader, query: Query, within?: Selection) {
  const { matches, among, expression } = dialectOf(reader);
  const values = [...(within?.values ?? []), expression(query)];
  const placeholder = `$${values.length}`;
  return {
    where: `${matches(placeholder)}${within ? ` AND ${among(within.sql)}` : ""}`,
    values,
    expression: placeholder,
  };
}
