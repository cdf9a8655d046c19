import { createApp } from "../src/app";
import { createTokens } from "../src/auth/tokens";
import { paymentProviders } from "../src/payments/providers";
import { loadSettings } from "../src/shop/load-settings";
import { openShop } from "../src/shop/shop";
import { openDatabase } from "../src/storage/open";
import { type Figure, median, report } from "./harness";
import { environmentIn, inFolder, sanset } from "./servers";

/** Shops of three sizes, of which the middle one is only stated. */
const SIZES = [
  { products: 600, customers: 800, orders: 10_000 },
  { products: 10_000, customers: 8_000, orders: 50_000 },
  { products: 100_000, customers: 50_000, orders: 300_000 },
];

const ROUNDS = 9;

/** What each read may cost on the largest shop beside the smallest, and what is read. */
const LEAST = 3;
const FACETS = 6;
/** Below this a look costs what the path to it does, and ratios are noise. */
const FLOOR_MS = 0.5;

const READS: [path: string, atMost: number][] = [
  ...[
    "/products?size=20",
    "/products?size=20&cursor=",
    "/products?category=Tea",
    "/products?min_price=100&max_price=105",
    "/products?min_price=10&max_price=1000",
    "/products?in_stock=true",
    "/products?attr.brand=Chaivana",
    "/products?attr.pack=box",
    "/products?sort=newest",
    "/products?sort=popular",
    "/products?sort=name",
    "/products?sort=price_asc",
    "/products/300",
    "/categories",
    "/search?q=assam+tea",
    "/search/products?q=masala",
    "/search/typeahead?q=ma",
    "/recommend/popular",
    "/products/300/similar",
    "/orders/all",
    "/orders/all?status=delivered",
    "/users",
    "/admin/audit",
  ].map((path): [string, number] => [path, LEAST]),
  ["/search/products", FACETS],
];

/** What a read costs in a shop of a hundred thousand products beside one of six hundred. */
export async function run(words: string[]): Promise<boolean> {
  const sizes = words.includes("--small") ? SIZES.slice(0, 2) : SIZES;
  const measured: Map<string, number>[] = [];
  for (const size of sizes) measured.push(await inFolder((folder) => measure(folder, size)));
  const [smallest, largest] = [measured[0], measured.at(-1)];
  const figures = READS.map(([path, atMost]): Figure => {
    const small = Math.max(FLOOR_MS, smallest?.get(path) ?? NaN);
    return {
      name: `${path} (${measured.map((times) => (times.get(path) ?? NaN).toFixed(2)).join(" / ")} ms)`,
      measured: largest?.get(path) ?? NaN,
      unit: "ms",
      rival: { name: "smallest shop", measured: small },
      limit: { atMost },
    };
  });
  const rate = 1_000 / (largest?.get("/products?size=20") ?? NaN);
  figures.push({
    name: "lists in one process, the largest shop",
    measured: rate,
    unit: "/s",
    limit: { atLeast: 2_000 },
  });
  const names = sizes.map(({ products }) => products.toLocaleString("en")).join(" / ");
  return report(`Reads in shops of ${names} products, memory of answers off, medians of ${ROUNDS} in process`, figures);
}

async function measure(
  folder: string,
  { products, customers, orders }: (typeof SIZES)[number],
): Promise<Map<string, number>> {
  const size = ["--products", products, "--customers", customers, "--orders", orders].map(String);
  await sanset(folder, "seed", ...size);
  const settings = loadSettings(
    { ...environmentIn(folder), ANSWER_MEMORY: "off", RATE_LIMIT: "off" },
    paymentProviders,
  );
  const database = await openDatabase(settings.databaseUrl);
  const shop = openShop(database, settings);
  const app = createApp(shop);
  const authorization = `Bearer ${await adminToken(shop)}`;
  const times = new Map<string, number>();
  for (const [path] of READS) {
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const startedAt = performance.now();
      const answer = await app.handle(new Request(`http://localhost/api/v1${path}`, { headers: { authorization } }));
      await answer.text();
      rounds.push(performance.now() - startedAt);
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}.`);
    }
    times.set(path, median(rounds));
  }
  await database.close();
  return times;
}

async function adminToken(shop: ReturnType<typeof openShop>): Promise<string> {
  const now = shop.now().toISOString();
  const later = new Date(shop.now().getTime() + 86_400_000).toISOString();
  const id = await shop.database.transaction(async (tx) => {
    const admin = await tx.first<{ id: number }>("SELECT id FROM users WHERE is_admin = 1");
    await tx.run(
      "INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at) VALUES ('bench', $1, $2, $2, $3)",
      [admin?.id ?? 0, now, later],
    );
    return admin?.id ?? 0;
  });
  const tokens = createTokens(shop, [shop.settings.secretKey ?? ""]);
  const { access_token } = await tokens.tokensFor({ session: { id: "bench", user_id: id }, refreshToken: "" });
  return access_token;
}
