import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createApp } from "../src/app";
import { createTokens } from "../src/auth/tokens";
import { paymentProviders } from "../src/payments/providers";
import { loadSettings } from "../src/shop/load-settings";
import { openShop, type Shop } from "../src/shop/shop";
import type { Reader } from "../src/storage/database";
import { openDatabase } from "../src/storage/open";
import { readsOf, type Subjects, TWELVE_WORDS, TWO_WORDS } from "../test/support/reads";
import { type Figure, median, report } from "./harness";
import { environmentIn, inFolder, sanset } from "./servers";

/** What the largest shop may cost beside the smallest: lists and searches, and facets of all there is. */
const USUAL = 3;
const FACETS = 6;
/** Below this a look costs what the path to it does, and ratios are noise. */
const FLOOR_MS = 0.5;
/** A query of twelve common words beside one of two. */
const TWELVE_WORDS_RATIO = 4;
const LISTS_PER_SECOND = 2_000;

/** Rounds end when a read has taken so long in all: the slow ones need fewer. */
const ROUNDS = 9;
const READ_MS = 1_000;

interface Size {
  products: number;
  customers: number;
  orders: number;
}

/** Shops of three sizes, or those that the environment asks for: GROWTH_SIZES=600:10000,100000:300000. */
function sizes(words: readonly string[]): Size[] {
  const given = process.env["GROWTH_SIZES"];
  const pairs = given ?? (words.includes("--small") ? "600:10000,10000:10000" : "600:10000,10000:50000,100000:300000");
  return pairs.split(",").map((pair) => {
    const [products = 600, orders = 10_000] = pair.split(":").map(Number);
    return { products, orders, customers: Math.max(50, Math.ceil(orders / 6)) };
  });
}

/**
 * What every read of the API costs in a large shop beside a small one: each route that answers GET, in several forms.
 * GROWTH_FOLDER keeps the shops for the next run; GROWTH_POSTGRES is the address of a server without a database, on which the
 * same is asked; --only WORD reads what has the word in its address.
 */
export async function run(words: string[]): Promise<boolean> {
  const only = words[words.indexOf("--only") + 1] ?? "";
  const measured: Map<string, number>[] = [];
  const asked = sizes(words);
  for (const size of asked)
    measured.push(await inShopOf(size, (url) => measure(url, words.includes("--only") ? only : "")));
  const [smallest, largest] = [measured[0], measured.at(-1)];
  if (!smallest || !largest) return false;
  const figures = [...largest].map(([path, ms]): Figure => {
    const small = Math.max(FLOOR_MS, smallest.get(path) ?? Number.NaN);
    const rows = WHOLE_TABLES[path.split("?")[0] ?? ""];
    if (rows)
      return perRow(
        path,
        measured.map((times, at) => (times.get(path) ?? Number.NaN) / rows(asked[at] ?? NONE)),
      );
    return {
      name: `${path} (${measured.map((times) => (times.get(path) ?? Number.NaN).toFixed(2)).join(" / ")} ms)`,
      measured: ms,
      unit: "ms",
      rival: { name: "smallest shop", measured: small },
      limit: { atMost: isAllFacets(path) ? FACETS : USUAL },
    };
  });
  const names = asked.map(({ products }) => products.toLocaleString("en")).join(" / ");
  return report(
    `Reads in shops of ${names} products, memory of answers off, medians of the processor's time (on PostgreSQL, of the clock's)`,
    [...figures.toSorted((a, b) => b.measured - a.measured), ...inLargest(largest)],
  );
}

const NONE: Size = { products: 0, customers: 0, orders: 0 };

/** What answers with a row, or a sum, of all there is: a row of a large shop costs what one of a small shop does. */
const WHOLE_TABLES: Record<string, (size: Size) => number> = {
  "/admin/orders/export": ({ orders }) => orders,
  "/admin/products/export": ({ products }) => products,
  "/admin/customers/export": ({ customers }) => customers,
  "/admin/sales": ({ orders }) => orders,
};

/** A row may cost more where a table does not fit into the processor's cache any more. */
const PER_ROW = 2;

function perRow(path: string, ms: readonly number[]): Figure {
  const us = ms.map((each) => each * 1_000);
  return {
    name: `${path}, a row (${us.map((each) => each.toFixed(1)).join(" / ")} µs)`,
    measured: us.at(-1) ?? Number.NaN,
    unit: "µs",
    rival: { name: "smallest shop", measured: us[0] ?? Number.NaN },
    limit: { atMost: PER_ROW },
  };
}

/** Facets without words are of all products that pass the filter. */
const isAllFacets = (path: string) => path.startsWith("/search/products") && !path.includes("q=");

function inLargest(times: ReadonlyMap<string, number>): Figure[] {
  const [list, two, twelve] = ["/products", `/search?q=${TWO_WORDS}`, `/search?q=${TWELVE_WORDS}`].map((path) =>
    times.get(path),
  );
  const figures: Figure[] = [];
  if (list !== undefined)
    figures.push({
      name: "lists in one process",
      measured: 1_000 / list,
      unit: "/s",
      limit: { atLeast: LISTS_PER_SECOND },
    });
  if (two !== undefined && twelve !== undefined)
    figures.push({
      name: "a search of twelve common words",
      measured: twelve,
      unit: "ms",
      rival: { name: "of two", measured: two },
      limit: { atMost: TWELVE_WORDS_RATIO },
    });
  return figures;
}

/** Seeds a shop of this size, unless it was kept. */
async function inShopOf<Result>(size: Size, work: (url: string) => Promise<Result>): Promise<Result> {
  const folder = process.env["GROWTH_FOLDER"];
  if (folder === undefined) return inFolder((made) => seeded(made, size, work));
  const kept = join(folder, `${size.products}-${size.orders}`);
  mkdirSync(kept, { recursive: true });
  return seeded(kept, size, work);
}

async function seeded<Result>(
  folder: string,
  { products, customers, orders }: Size,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const words = ["--products", products, "--customers", customers, "--orders", orders].map(String);
  const server = process.env["GROWTH_POSTGRES"];
  if (server === undefined) {
    if (!existsSync(join(folder, "shop.db"))) await sanset(folder, "seed", ...words);
    return work(environmentIn(folder)["DATABASE_URL"] ?? "");
  }
  const name = `growth_${products}_${orders}`;
  const maintenance = new Bun.SQL(`${server}/postgres`);
  const [known] = await maintenance`SELECT 1 FROM pg_database WHERE datname = ${name}`;
  if (!known) {
    await maintenance.unsafe(`CREATE DATABASE ${name}`);
    const child = Bun.spawn([process.execPath, "cli/main.ts", "seed", ...words], {
      env: { ...environmentIn(folder), DATABASE_URL: `${server}/${name}` },
      stdio: ["ignore", "ignore", "inherit"],
    });
    if ((await child.exited) !== 0) throw new Error("The shop could not be seeded.");
  }
  try {
    return await work(`${server}/${name}`);
  } finally {
    if (process.env["GROWTH_FOLDER"] === undefined) await maintenance.unsafe(`DROP DATABASE ${name}`);
    await maintenance.close();
  }
}

async function measure(url: string, only: string): Promise<Map<string, number>> {
  const settings = loadSettings(
    { ...environmentIn("."), DATABASE_URL: url, SANSET_ENV: "development", ANSWER_MEMORY: "off", RATE_LIMIT: "off" },
    paymentProviders,
  );
  const database = await openDatabase(settings.databaseUrl);
  const shop = openShop(database, settings);
  const app = createApp(shop);
  const subjects = await findSubjects(database);
  const authorization = `Bearer ${await adminToken(shop)}`;
  const times = new Map<string, number>();
  // SQLite works in this process: what else the machine does falls on neither shop.
  const clock = database.engine === "sqlite" ? cpuMs : () => performance.now();
  for (const path of Object.values(readsOf(subjects)).flat()) {
    if (!path.includes(only)) continue;
    const rounds: number[] = [];
    for (let spent = 0; rounds.length < ROUNDS && (rounds.length < 2 || spent < READ_MS);) {
      const startedAt = clock();
      const answer = await app.handle(new Request(`http://localhost/api/v1${path}`, { headers: { authorization } }));
      await answer.text();
      const ms = clock() - startedAt;
      rounds.push(ms);
      spent += ms;
      if (answer.status !== 200 && answer.status !== 409) throw new Error(`${path} answered ${answer.status}.`);
    }
    times.set(nameOf(path, subjects), median(rounds));
  }
  await database.close();
  return times;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** The address without the ids and names that differ from shop to shop. */
function nameOf(path: string, subjects: Subjects): string {
  let name = path;
  for (const [what, value] of Object.entries(subjects)) {
    const written = encodeURIComponent(String(value));
    name = name.replaceAll(new RegExp(`(?<=[/=])${RegExp.escape(written)}(?=$|[/&])`, "g"), `{${what}}`);
  }
  return name;
}

/** What a large shop has most of: the customer with most orders, the category with most products. */
async function findSubjects(reader: Reader): Promise<Subjects> {
  const value = async <Type>(sql: string): Promise<Type> =>
    Object.values((await reader.first<Record<string, Type>>(sql)) ?? {})[0] as Type;
  const user = await value<number>(
    "SELECT user_id FROM orders GROUP BY user_id ORDER BY COUNT(*) DESC, user_id LIMIT 1",
  );
  return {
    product: 300,
    slug: await value("SELECT slug FROM products WHERE id = 300"),
    category: await value("SELECT category FROM category_counts ORDER BY products DESC, category LIMIT 1"),
    brand: await value("SELECT value FROM product_attributes WHERE name = 'brand' ORDER BY value LIMIT 1"),
    user,
    email: await value(`SELECT email FROM users WHERE id = ${user}`),
    order: await value(`SELECT MAX(id) FROM orders WHERE user_id = ${user}`),
    invoice: undefined,
    since: await value("SELECT placed_at FROM orders ORDER BY placed_at DESC, id DESC LIMIT 1 OFFSET 2000"),
  };
}

/** Signs in the customer who has ordered most, and makes an admin of them: so both lists of theirs and of everybody's are long. */
async function adminToken(shop: Shop): Promise<string> {
  const now = shop.now().toISOString();
  const later = new Date(shop.now().getTime() + 86_400_000).toISOString();
  const id = await shop.database.transaction(async (tx) => {
    const [user] = await tx.all<{ user_id: number }>(
      "SELECT user_id FROM orders GROUP BY user_id ORDER BY COUNT(*) DESC, user_id LIMIT 1",
    );
    const id = user?.user_id ?? 0;
    await tx.run("UPDATE users SET is_admin = 1 WHERE id = $1", [id]);
    await tx.run("DELETE FROM sessions WHERE id = 'bench'");
    await tx.run(
      "INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at) VALUES ('bench', $1, $2, $2, $3)",
      [id, now, later],
    );
    return id;
  });
  const tokens = createTokens(shop, [shop.settings.secretKey ?? ""]);
  const { access_token } = await tokens.tokensFor({ session: { id: "bench", user_id: id }, refreshToken: "" });
  return access_token;
}
