import { SQL } from "bun";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownPostgres } from "../test/support/own-postgres";
import { wayTo } from "../test/support/way";
import { fresh, type SharedShop, sharedShop } from "./checkout-shop";
import { type Figure, median, quantile, report } from "./harness";
import { load, request } from "./load";
import { pgbench } from "./pgbench";
import { inFolder } from "./servers";
import { statementsOfCheckout } from "./statements-of-checkout";

const CONNECTIONS = 64;
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 2);
const SIZE = { products: 1_000, orders: 2_000, buyers: 2_000 };
/** There and back again. */
const DISTANCE_MS = 2.6;

const PARTS = ["checkouts", "reads", "distance"];

/**
 * The same work on both engines in turn: reads, searches, carts and checkouts, on PostgreSQL by one, two and three servers,
 * and beside pgbench, which runs the statements of a checkout one after the other; then with the database at a distance.
 * `words` name some of these parts, or none for all.
 */
export async function run(words: string[]): Promise<boolean> {
  const parts = new Set(words.length > 0 ? words : PARTS);
  // As an operator's: what is acknowledged is on disk.
  const postgres = await ownPostgres(["fsync=on", "shared_buffers=256MB", "max_connections=300"]);
  const ends: (() => unknown)[] = [() => postgres.remove()];
  const end = async () => {
    for (const one of ends.splice(0).toReversed()) await one();
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void end().finally(() => process.exit(1)));
  try {
    return await inFolder(async (folder) => {
      const open = openedUntil(ends);
      const figures: Figure[] = [];
      if (parts.has("checkouts") || parts.has("reads")) {
        const shops = await openShops(postgres.url, folder, open);
        if (parts.has("checkouts")) {
          const bare = await newDatabase(postgres.url, "bare");
          await open(join(folder, "bare"), bare, SIZE, { count: 0 });
          figures.push(...(await buying(shops, bare, folder)));
        }
        if (parts.has("reads")) figures.push(...(await looking(shops)));
      }
      if (parts.has("distance")) {
        const far = await newDatabase(postgres.url, "far");
        const way = wayTo(far, DISTANCE_MS);
        ends.push(() => way.close());
        const more = { DATABASE_CONNECTIONS: "30" };
        figures.push(...(await atDistance(await open(join(folder, "far"), far, SIZE, { way: way.url, more }))));
      }
      return report(`Engines: medians of ${ROUNDS} rounds in turn, ${CONNECTIONS} connections`, figures);
    });
  } finally {
    await end();
  }
}

/** Opens shops that are closed at the end. */
const openedUntil =
  (ends: (() => unknown)[]): typeof sharedShop =>
  async (...given) => {
    const shop = await sharedShop(...given);
    ends.push(() => shop.close());
    return shop;
  };

type NamedShop = [name: string, shop: SharedShop];

async function openShops(server: string, folder: string, open: typeof sharedShop): Promise<NamedShop[]> {
  const file = `sqlite:///${join(folder, "sqlite", "shop.db")}`;
  const shops: NamedShop[] = [["SQLite", await open(join(folder, "sqlite"), file, SIZE)]];
  for (const count of [1, 2, 3]) {
    const url = await newDatabase(server, `servers_${count}`);
    const shop = await open(join(folder, `p${count}`), url, SIZE, { count });
    shops.push([`PostgreSQL, ${count} server${count > 1 ? "s" : ""}`, shop]);
  }
  return shops;
}

async function newDatabase(server: string, name: string): Promise<string> {
  const admin = new SQL(server, { max: 1 });
  await admin.unsafe(`CREATE DATABASE ${name}`);
  await admin.close();
  return server.replace(/\/postgres$/, `/${name}`);
}

async function buying(shops: readonly NamedShop[], bare: string, folder: string): Promise<Figure[]> {
  const script = join(folder, "checkout.sql");
  writeFileSync(script, statementsOfCheckout(SIZE));
  for (const [, shop] of shops) await checkOutAll(shop);
  const rounds: { shops: { perSecond: number; p99: number }[]; pgbench: number }[] = [];
  for (let turn = 0; turn < ROUNDS; turn++) {
    const measured = [];
    for (const [, shop] of shops) measured.push(await checkOutAll(shop));
    rounds.push({
      shops: measured,
      pgbench: await pgbench(bare, script, { connections: CONNECTIONS, seconds: SECONDS * 2 }),
    });
  }
  const rival = { name: "pgbench, one by one", measured: median(rounds.map((round) => round.pgbench)) };
  return shops.flatMap(([name], at): Figure[] => {
    const of = (pick: (one: { perSecond: number; p99: number }) => number) =>
      median(rounds.map((round) => pick(round.shops[at] ?? { perSecond: 0, p99: 0 })));
    const limit = name === "PostgreSQL, 1 server" ? { limit: { atLeast: 1.5 } } : {};
    return [
      { name: `checkouts, ${name}`, measured: of(({ perSecond }) => perSecond), unit: "/s", rival, ...limit },
      { name: `p99 of a checkout, ${name}`, measured: of(({ p99 }) => p99), unit: "ms" },
    ];
  });
}

/** Every customer checks out once, over all servers. */
async function checkOutAll(shop: SharedShop): Promise<{ perSecond: number; p99: number }> {
  await shop.refill();
  const requests = fresh(shop);
  const results = await Promise.all(
    shop.servers.map(({ port }) =>
      load({
        port,
        connections: Math.ceil(CONNECTIONS / shop.servers.length),
        seconds: 120,
        next: () => requests.pop(),
      }),
    ),
  );
  const statuses = new Set(results.flatMap((result) => Object.keys(result.statuses)));
  if ([...statuses].join() !== "201") throw new Error(`Not all were 201: ${[...statuses].join()}`);
  return {
    perSecond: results.reduce((sum, { perSecond }) => sum + perSecond, 0),
    p99: quantile(
      results.flatMap(({ latencies }) => latencies),
      0.99,
    ),
  };
}

const LOOKS: [name: string, path: string, isSignedIn: boolean][] = [
  ["a product", "/api/v1/products/300", false],
  ["a list", "/api/v1/products?size=20", false],
  ["a search", "/api/v1/search?q=product+300", false],
  ["a cart", "/api/v1/cart", true],
];

async function looking(shops: readonly NamedShop[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [what, path, isSignedIn] of LOOKS) {
    const rounds: number[][] = [];
    for (let turn = 0; turn < ROUNDS; turn++) {
      const round = [];
      for (const [, shop] of shops) round.push(await look(shop, path, isSignedIn));
      rounds.push(round);
    }
    const of = (at: number) => median(rounds.map((round) => round[at] ?? 0));
    for (const [at, [name]] of shops.entries()) {
      const rival = at === 0 ? {} : { rival: { name: "SQLite", measured: of(0) } };
      figures.push({ name: `${what}, ${name}`, measured: of(at), unit: "/s", ...rival });
    }
  }
  return figures;
}

async function look(shop: SharedShop, path: string, isSignedIn: boolean): Promise<number> {
  const bytes = request("GET", path, isSignedIn ? { authorization: shop.token } : {});
  const results = await Promise.all(
    shop.servers.map(({ port }) =>
      load({ port, connections: Math.ceil(CONNECTIONS / shop.servers.length), seconds: SECONDS, next: () => bytes }),
    ),
  );
  return results.reduce((sum, { perSecond }) => sum + perSecond, 0);
}

async function atDistance(shop: SharedShop): Promise<Figure[]> {
  await checkOutAll(shop);
  const rounds = [];
  for (let turn = 0; turn < ROUNDS; turn++) rounds.push(await checkOutAll(shop));
  const where = `PostgreSQL ${DISTANCE_MS} ms away`;
  return [
    {
      name: `checkouts, ${where}`,
      measured: median(rounds.map(({ perSecond }) => perSecond)),
      unit: "/s",
      limit: { atLeast: 800 },
    },
    { name: `p99 of a checkout, ${where}`, measured: median(rounds.map(({ p99 }) => p99)), unit: "ms" },
  ];
}
