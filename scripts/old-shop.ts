/**
 * Makes a small shop with a released program, and keeps its file, its settings and what it answered, for
 * test/storage/old-shop.test.ts: `bun scripts/old-shop.ts <name> <how to run it>`, as in
 * `bun scripts/old-shop.ts 0.1.0 bun ../sanset-0.1.0/cli/main.ts`.
 */
import { Database } from "bun:sqlite";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [name = "", ...program] = process.argv.slice(2);
if (program.length === 0) throw new Error("Say what the shop is to be called, and how the old program is run.");
const command = program.map((part) => (part.includes("/") && !part.startsWith("/") ? join(process.cwd(), part) : part));

const folder = mkdtempSync(join(tmpdir(), "sanset-old-"));
const environment = {
  SECRET_KEY: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex"),
  DATABASE_URL: "sqlite:///./shop.db",
  ACCESS_TOKEN_EXPIRE_MINUTES: "1440",
  REFRESH_TOKEN_EXPIRE_MINUTES: "43200",
  PORT: String(50_000 + (process.pid % 10_000)),
  HOST: "127.0.0.1",
  CURRENCY: "INR",
  BCRYPT_COST: "4",
  RATE_LIMIT: "off",
  LOG_LEVEL: "warn",
  SENTRY_DSN: "",
  SHOP_LAT: "28.61",
  SHOP_LNG: "77.2",
  PAYMENT_PROVIDERS: "cod,mock",
  MOCK_WEBHOOK_SECRET: "a secret of the mock gateway",
};
writeFileSync(
  join(folder, ".env"),
  Object.entries(environment)
    .map(([key, value]) => `${key}=${value}\n`)
    .join(""),
);

/** Runs a command to its end and returns what it said. */
function run(...given: string[]): { accounts: { admin: object } } {
  const { success, stdout } = Bun.spawnSync([...command, ...given, "--json"], { cwd: folder, stderr: "inherit" });
  if (!success) throw new Error(`It could not ${given.join(" ")}.`);
  return JSON.parse(stdout.toString());
}

/** What it listens at, once it does. */
async function serve(): Promise<{ url: string; stop(): Promise<unknown> }> {
  const child = Bun.spawn([...command, "serve"], { cwd: folder, stdout: "pipe", stderr: "inherit" });
  for await (const chunk of child.stdout) {
    const [url] = /http:\/\/[\d.:]+/.exec(new TextDecoder().decode(chunk)) ?? [];
    if (url !== undefined) return { url, stop: () => (child.kill("SIGTERM"), child.exited) };
  }
  throw new Error("It did not serve.");
}

const { accounts } = run("seed", "--seed", "7", "--products", "24", "--customers", "6", "--orders", "30");
const { url, stop } = await serve();

// oxlint-disable-next-line typescript/no-explicit-any -- what an old program says is looked at by the test, not here
async function call(method: string, path: string, token?: string, body?: object, headers = {}): Promise<any> {
  const answer = await fetch(path.startsWith("http") ? path : `${url}/api/v1${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  return /json/.test(answer.headers.get("content-type") ?? "") ? JSON.parse(text) : text;
}

const asha = { full_name: "Asha Rao", email: "asha@example.com", phone: "98100", password: "a quiet courtyard" };
await call("POST", "/auth/register", undefined, asha);
const { email, password } = asha;
const tokens = await call("POST", "/auth/login", undefined, { email, password });
const admin = await call("POST", "/auth/login", undefined, accounts.admin);

const customer = tokens.access_token;
const key = crypto.randomUUID();
await call("PUT", "/users/me", customer, { preferences: { veg: true } });
const address = await call("POST", "/orders/addresses", customer, {
  label: "Home",
  address_line: "1 Lodhi Road",
  city: "New Delhi",
  pincode: "110003",
  lat: 28.59,
  lng: 77.22,
});
await call("POST", "/coupons", admin.access_token, { code: "OLD10", percent: 10, max_uses: 5 });
const { items: products } = await call("GET", "/products?size=100&in_stock=true");

async function checkOut(
  product: { id: number },
  body: object,
  headers = {},
): Promise<{ order_id: number; payment_url: string }> {
  await call("POST", "/cart/add", customer, { product_id: product.id, qty: 2 });
  return call("POST", "/orders/checkout", customer, { address_id: address.id, ...body }, headers);
}

const checkout = { payment_method: "cod", coupon_code: "OLD10", address_id: address.id };
const replayed = await checkOut(products[0], checkout, { "idempotency-key": key });
const cancelled = await checkOut(products[1], { payment_method: "cod" });
await call("POST", `/orders/${cancelled.order_id}/cancellation`, customer);
const delivered = await checkOut(products[2], { payment_method: "cod" });
await call("POST", `/orders/${delivered.order_id}/shipment`, admin.access_token);
await call("POST", `/orders/${delivered.order_id}/delivery`, admin.access_token);
const { payment_url } = await checkOut(products[3], { payment_method: "mock" });
const pays = { method: "POST", body: new URLSearchParams({ choice: "pay" }) };
if (!(await fetch(payment_url, pays)).ok) throw new Error("It could not be paid.");
await call("POST", "/cart/add", customer, { product_id: products[4].id, qty: 3 });
await call("POST", `/admin/stock/${products[5].id}/adjustment`, admin.access_token, {
  delta: 5,
  reason: "found behind the shelf",
});
await call("DELETE", `/products/${products[6].id}`, admin.access_token);

const looks = {
  public: ["/products?size=100", `/products/${products[0].id}`, "/categories", `/products/slug/${products[1].slug}`],
  customer: ["/users/me", "/cart", "/orders?size=100", `/orders/${delivered.order_id}`, "/orders/addresses"],
  admin: ["/orders/all?size=100", "/users?size=100", "/coupons"],
};
const answers: { who: string; path: string; answer: unknown }[] = [];
for (const [who, paths] of Object.entries(looks)) {
  const token = { customer, admin: admin.access_token }[who];
  for (const path of paths) answers.push({ who, path, answer: await call("GET", path, token) });
}
await stop();

const small = join(folder, "small.db");
const database = new Database(join(folder, "shop.db"));
database.run("VACUUM INTO ?", [small]);
database.close();
const fixtures = join(import.meta.dir, "../test/storage/fixtures");
const kept = { now: new Date().toISOString(), environment, tokens, admin, checkout, key, replayed, asha, answers };
writeFileSync(join(fixtures, `shop-of-${name}.db.zst`), Bun.zstdCompressSync(readFileSync(small), { level: 19 }));
writeFileSync(join(fixtures, `shop-of-${name}.json.zst`), Bun.zstdCompressSync(JSON.stringify(kept), { level: 19 }));
rmSync(folder, { recursive: true });
