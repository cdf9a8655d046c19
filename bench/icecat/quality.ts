import { Database } from "bun:sqlite";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openTable } from "../../src/imports/csv";
import { fileSource } from "../../src/imports/source";
import { readLines } from "../../src/imports/files";

const FOLDER = join(import.meta.dir, "../../../shared/data");
export const PRODUCTS = join(FOLDER, "icecat-products.jsonl.zst");
const JUDGEMENTS = join(FOLDER, "icecat-judgements.csv");

/** The Icecat products and judgements lie beside the project, not in it. */
export const isThere = () => existsSync(PRODUCTS) && existsSync(JUDGEMENTS);

/** How good each product is for a query, from 0 to 3, by slug. Only queries that some product is good for. */
export type Judgements = Map<string, Map<string, number>>;

export async function readJudgements(): Promise<Judgements> {
  const judgements: Judgements = new Map();
  const { headings, rows } = await openTable(await fileSource(JUDGEMENTS));
  for await (const row of rows) {
    if ("problem" in row) continue;
    const [query = "", docid = "", rating = ""] = ["query", "docid", "rating"].map(
      (name) => row.cells[headings.indexOf(name)],
    );
    const judged = judgements.get(query) ?? new Map<string, number>();
    judgements.set(query, judged.set(`icecat-${docid}`, Number(rating)));
  }
  return new Map([...judgements].filter(([, judged]) => [...judged.values()].some((rating) => rating > 0)));
}

/** Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen 2002), gain 2^rating − 1, unjudged 0. */
export function ndcg(answers: readonly string[], judged: ReadonlyMap<string, number>): number {
  const ideal = gained([...judged.values()].toSorted((a, b) => b - a));
  return gained(answers.map((slug) => judged.get(slug) ?? 0)) / ideal;
}

const gained = (ratings: readonly number[]) =>
  ratings.slice(0, 10).reduce((sum, rating, at) => sum + (2 ** rating - 1) / Math.log2(at + 2), 0);

/** How well searches are answered: NDCG@10 on average, and how many get no answer at all. */
export interface Quality {
  ndcg: number;
  empty: number;
  searches: number;
}

/** A query as it is judged, and as somebody types it. */
export interface Typed {
  query: string;
  typed: string;
}

export async function qualityOf(
  ask: (typed: string) => Promise<string[]>,
  searches: readonly Typed[],
  judgements: Judgements,
): Promise<Quality> {
  let [sum, empty] = [0, 0];
  for (const { query, typed } of searches) {
    const answers = await ask(typed);
    if (answers.length === 0) empty++;
    sum += ndcg(answers, judgements.get(query) ?? new Map());
  }
  return { ndcg: sum / searches.length, empty, searches: searches.length };
}

/** The plain FTS5 that the search has to beat: porter, every word, weights 5, 2, 1 and ½. */
export async function plainFts5(): Promise<(typed: string) => string[]> {
  const db = new Database(":memory:");
  db.run(
    "CREATE VIRTUAL TABLE plain USING fts5 (slug UNINDEXED, title, brand, description, attributes, tokenize = 'porter unicode61')",
  );
  const insert = db.prepare("INSERT INTO plain VALUES (?, ?, ?, ?, ?)");
  db.run("BEGIN");
  for await (const line of readLines(PRODUCTS)) {
    if (line.trim() === "") continue;
    const { slug, name, category, description, attributes } = JSON.parse(line);
    insert.run(slug, name, category, description, Object.values(attributes).join(" "));
  }
  db.run("COMMIT");
  const select = db.prepare<{ slug: string }, [string]>(
    "SELECT slug FROM plain WHERE plain MATCH ? ORDER BY bm25(plain, 0, 5, 2, 1, 0.5) LIMIT 10",
  );
  return (typed) => {
    const words = typed.match(/[\p{L}\p{N}]+/gu) ?? [];
    return select.all(words.map((word) => `"${word}"`).join(" AND ")).map(({ slug }) => slug);
  };
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** A query with so many edits in one of its words, which has at least so many letters. Undefined where it has no such word. */
export function misspell(query: string, { edits, letters }: { edits: number; letters: number }, random: () => number) {
  const words = query.split(" ");
  const long = words.flatMap((word, at) => (word.length >= letters && /^[a-z]+$/.test(word) ? [at] : []));
  const at = long[Math.floor(random() * long.length)];
  if (at === undefined) return undefined;
  const word = words[at] ?? "";
  let misspelt = word;
  for (let edit = 0; edit < edits || misspelt === word; edit++) misspelt = edited(misspelt, random);
  return words.with(at, misspelt).join(" ");
}

/** The word with a letter put in, left out, taken for another, or swapped with the next. */
function edited(word: string, random: () => number): string {
  const at = Math.floor(random() * word.length);
  const letter = LETTERS[Math.floor(random() * LETTERS.length)] ?? "";
  const [before, here, after] = [word.slice(0, at), word.slice(at, at + 1), word.slice(at + 1)];
  const kinds = [
    before + letter + here + after,
    before + after,
    before + letter + after,
    before + after.slice(0, 1) + here + after.slice(1),
  ];
  return kinds[Math.floor(random() * kinds.length)] ?? word;
}

/** The same numbers every time (mulberry32). */
export function repeatable(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
