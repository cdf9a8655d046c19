import { Database } from "bun:sqlite";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Figure, median, quantile, report } from "./harness";
import { again, misspellings, ROUNDS, searching, timed, typing } from "./icecat/asking";
import { besidePostgres } from "./icecat/beside-postgres";
import { isThere, type Judgements, plainFts5, PRODUCTS, qualityOf, readJudgements, type Typed } from "./icecat/quality";
import { manyProducts } from "./icecat/many";
import { costOfWriting } from "./icecat/writing";
import { inFolder, type Running, sanset, startSanset } from "./servers";

const MANY = 100_000;

/** How good the answers are, how soon they come, and what search costs: 19,406 real products, judged queries, one client. */
export async function run(words: string[]): Promise<boolean> {
  if (!isThere()) {
    console.error("The Icecat products and judgements are not beside the project (../shared/data).");
    return false;
  }
  const judgements = await readJudgements();
  const small = await inFolder((folder) => measure(folder, PRODUCTS, judgements));
  const inOrder = [
    report("Quality of search, over HTTP", small.quality),
    report("Search", small.speed),
    report("Search on PostgreSQL", small.beside),
  ].every(Boolean);
  if (words.includes("--small")) return inOrder;
  const many = MANY.toLocaleString("en");
  const large = await inFolder(async (folder) => {
    const products = await manyProducts(join(folder, "products.jsonl"), MANY);
    const speed = await latencies(folder, products, judgements, 3);
    return { speed, beside: await besidePostgres(folder, products, judgements) };
  });
  return [
    inOrder,
    report(`Search among ${many} products`, large.speed),
    report(`Search among ${many} products on PostgreSQL`, large.beside),
  ].every(Boolean);
}

async function measure(folder: string, products: string, judgements: Judgements) {
  const speed = await latencies(folder, products, judgements, 1);
  const server = await startSanset(folder);
  try {
    return {
      quality: await qualities(server, judgements),
      beside: await besidePostgres(folder, products, judgements),
      speed: [...speed, ...(await costOfWriting(folder))],
    };
  } finally {
    await server.stop();
  }
}

async function qualities(server: Running, judgements: Judgements): Promise<Figure[]> {
  const ask = async (typed: string) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}/api/v1/search?limit=10&q=${encodeURIComponent(typed)}`);
    return ((await answer.json()) as { slug: string }[]).map(({ slug }) => slug);
  };
  const plain = await plainFts5();
  const asTyped = [...judgements.keys()].map((query): Typed => ({ query, typed: query }));
  const ours = await qualityOf(ask, asTyped, judgements);
  const theirs = await qualityOf(async (typed) => plain(typed), asTyped, judgements);
  const figures: Figure[] = [
    {
      name: `NDCG@10, ${ours.searches} queries`,
      measured: ours.ndcg,
      unit: "",
      rival: { name: "plain FTS5", measured: theirs.ndcg },
    },
    { name: "NDCG@10 by itself", measured: ours.ndcg, unit: "", limit: { atLeast: 0.775 } },
    { name: "above plain FTS5", measured: ours.ndcg - theirs.ndcg, unit: "", limit: { atLeast: 0.02 } },
    { name: "without an answer", measured: ours.empty, unit: "", limit: { atMost: 0 } },
  ];
  for (const [name, edits, letters, atLeast] of [
    ["one edit in a word of 4 letters or more", 1, 4, 0.955],
    ["two edits in a word of 8 letters or more", 2, 8, 0.85],
  ] as const) {
    const searches = misspellings(judgements, { edits, letters }, 5);
    const clean = await qualityOf(
      ask,
      searches.map(({ query }) => ({ query, typed: query })),
      judgements,
    );
    const misspelt = await qualityOf(ask, searches, judgements);
    figures.push(
      {
        name: `${name}, ${searches.length} searches`,
        measured: misspelt.ndcg,
        unit: "",
        rival: { name: "spelled well", measured: clean.ndcg },
        limit: { atLeast },
      },
      { name: "… without an answer", measured: misspelt.empty / misspelt.searches, unit: "", limit: { atMost: 0.05 } },
    );
  }
  return figures;
}

/**
 * Response times over HTTP with one client, and the memory that searching adds: most of it is the database's own cache of pages,
 * up to 64 megabytes, of which browsing has filled a part. Limits `times` as wide.
 */
async function latencies(folder: string, products: string, judgements: Judgements, times: number): Promise<Figure[]> {
  await sanset(folder, "import", "products", products);
  const bare = bareStatement(join(folder, "shop.db"), [...judgements.keys()]);
  // What was answered within the last second would come from memory: then the figures say how quick the rounds follow.
  const server = await startSanset(folder, { ANSWER_MEMORY: "off" });
  try {
    const ask = (paths: string[]) => timed(server.port, paths);
    const queries = [...judgements.keys()];
    const misspelt = misspellings(judgements, { edits: 1, letters: 4 }, ROUNDS).map(({ typed }) => searching(typed));
    const typed = typing(queries);
    const browsing = Array.from({ length: 2_000 }, (_, at) => `/api/v1/products?size=20&page=${(at % 500) + 1}`);

    await ask(browsing);
    const before = await megabytesAtRest(server.pid);
    for (const paths of [queries.map(searching), misspelt.slice(0, 100), typed.slice(0, 200)]) await ask(paths);
    const search = await ask(again(queries.map(searching), ROUNDS));
    const typeahead = await ask(again(typed, 4));
    const forgiving = await ask(misspelt);
    const [two, twelve] = [
      await ask(again([searching(COMMON_WORDS.slice(0, 2).join(" "))], 200)),
      await ask(again([searching(COMMON_WORDS.join(" "))], 200)),
    ];
    const added = (await megabytesAtRest(server.pid)) - before;
    const p95 = (name: string, latencies: number[], atMost: number): Figure => ({
      name: `${name}, p95`,
      measured: quantile(latencies, 0.95),
      unit: "ms",
      limit: { atMost: atMost * times },
    });
    return [
      { name: "search, p50", measured: median(search), unit: "ms", ...(times === 1 && { limit: { atMost: 2 } }) },
      p95("search", search, 5),
      p95("misspelt", forgiving, 10),
      p95("typeahead", typeahead, 3),
      {
        name: "twelve common words, times two of them, p50",
        measured: median(twelve) / median(two),
        unit: "×",
        limit: { atMost: 4 },
      },
      { name: "bare FTS5 statement, p50", measured: median(bare), unit: "ms" },
      { name: "bare FTS5 statement, p95", measured: quantile(bare, 0.95), unit: "ms" },
      { name: "memory added by searching", measured: added, unit: "MB", ...(times === 1 && { limit: { atMost: 30 } }) },
    ];
  } finally {
    await server.stop();
  }
}

/** Each in hundreds of products or more; in no product together. */
const COMMON_WORDS = "usb cable black hp notebook power memory gb server adapter printer network".split(" ");

/** The same index asked in the plainest way, without HTTP: every word, ranked by BM25, and nothing else. */
function bareStatement(path: string, queries: readonly string[]): number[] {
  const database = new Database(path, { readonly: true });
  const statement = database.prepare(
    "SELECT rowid FROM search_index WHERE search_index MATCH ? ORDER BY bm25(search_index, 3, 2, 2, 1, 0.5) LIMIT 10",
  );
  const latencies: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const query of queries) {
      const words = query.match(/[\p{L}\p{N}]+/gu) ?? [];
      const startedAt = performance.now();
      statement.all(words.map((word) => `"${word}"`).join(" AND "));
      if (round > 0) latencies.push(performance.now() - startedAt);
    }
  }
  database.close();
  return latencies;
}

/** What a process that works leaves to be collected comes and goes by forty megabytes; what stays is what it holds. */
async function megabytesAtRest(pid: number): Promise<number> {
  let least = Infinity;
  for (let second = 0; second < 12; second++) {
    await Bun.sleep(1_000);
    least = Math.min(least, residentMegabytes(pid));
  }
  return least;
}

/** Linux counts in pages of four kilobytes; elsewhere the figure is not stated. */
function residentMegabytes(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
  return (pages * 4096) / 1_000_000;
}
