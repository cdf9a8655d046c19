import type { Subprocess } from "bun";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAccount } from "../../src/accounts/accounts";
import { addAddress } from "../../src/accounts/addresses";
import { createProduct } from "../../src/catalog/create";
import { examine } from "../../src/doctor/doctor";
import { createTokens } from "../../src/auth/tokens";
import { loadSettings } from "./settings";
import { openShop, type Shop } from "../../src/shop/shop";
import { migrate } from "../../src/storage/migrate";
import { openDatabase } from "../../src/storage/open";
import type { TestEngine } from "./engines";
import { migratedFile } from "./migrated";
import { POOLS, PROGRAM, SECRET } from "./usual";

/** A shop on a database of its own, for servers in processes of their own. */
export interface FileShop {
  /** Where its servers run, and on SQLite its file lies. */
  folder: string;
  environment: Record<string, string>;
  product: number;
  buyers: Caller[];
  admin: Caller;
  /** Looks into the database; no server needs to run. */
  within<Result>(work: (shop: Shop) => Promise<Result>): Promise<Result>;
  /** What does not add up, a file itself included. */
  problems(): Promise<string[]>;
  remove(): Promise<void>;
}

export interface Caller {
  id: number;
  token: string;
  address_id: number;
}

export async function fileShop({
  buyers,
  stock,
  engine,
  folder = mkdtempSync(join(tmpdir(), "sanset-served-")),
  settings = {},
}: {
  buyers: number;
  stock: number;
  /** SQLite where none is given. */
  engine?: TestEngine;
  folder?: string;
  settings?: Record<string, string>;
}): Promise<FileShop> {
  const place = engine?.name === "postgres" ? await engine.newMigratedPlace() : undefined;
  if (!place) copyFileSync(await migratedFile(), join(folder, "shop.db"));
  const environment = {
    SANSET_ENV: "development",
    DATABASE_URL: place?.url ?? `sqlite:///${join(folder, "shop.db")}`,
    SECRET_KEY: SECRET,
    BCRYPT_COST: "4",
    RATE_LIMIT: "off",
    LOG_LEVEL: "silent",
    ACCESS_TOKEN_EXPIRE_MINUTES: "1440",
    ...settings,
  };
  const within = async <Result>(work: (shop: Shop) => Promise<Result>): Promise<Result> => {
    const loaded = loadSettings(environment);
    const shop = openShop(await openDatabase(loaded.databaseUrl, { ...POOLS, ...loaded }), loaded);
    try {
      await migrate(shop.database);
      return await work(shop);
    } finally {
      await shop.database.close();
    }
  };
  const made = await within(async (shop) => {
    const product = await createProduct(shop, {
      slug: "mug",
      name: "Mug",
      category: "Kitchen",
      price: 120,
      stock,
      attributes: {},
    });
    const callers: Caller[] = [];
    for (let index = 0; index <= buyers; index++) callers.push(await newCaller(shop, index));
    return { product: product.id, callers };
  });
  const [admin, ...rest] = made.callers;
  if (!admin) throw new Error("Nobody was made.");
  return {
    folder,
    environment,
    product: made.product,
    buyers: rest,
    admin,
    within,
    problems: () => within(async (shop) => (await examine(shop)).map(({ problem }) => problem)),
    remove: async () => {
      await place?.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The first is an admin. Signed in without a password, since hashing hundreds of them takes its time. */
async function newCaller(shop: Shop, index: number): Promise<Caller> {
  const about = { full_name: "Asha Rao", phone: "-", is_admin: index === 0 };
  const { id } = await createAccount(shop, { ...about, email: `caller-${index}@example.com` });
  const address = { label: "Home", address_line: "12 Lake Road", city: "Pune", pincode: "411001" };
  const { id: address_id } = await addAddress(shop, id, address);
  const now = shop.now();
  const later = new Date(now.getTime() + 86_400_000).toISOString();
  await shop.database.transaction((tx) =>
    tx.run("INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at) VALUES ($1, $2, $3, $3, $4)", [
      `session-${index}`,
      id,
      now.toISOString(),
      later,
    ]),
  );
  const tokens = createTokens(shop, [SECRET]);
  const session = { id: `session-${index}`, user_id: id };
  const { access_token } = await tokens.tokensFor({ session, refreshToken: "" });
  return { id, token: access_token, address_id };
}

/** A server in a process of its own. */
export interface Served {
  url: string;
  process: Subprocess;
  /** At once, as a power cut would end it. */
  kill(): Promise<void>;
}

/** `under` is a program to run it under, such as strace with its options. */
export async function startServer({ environment, folder }: FileShop, under: string[] = []): Promise<Served> {
  const child = Bun.spawn([...under, ...PROGRAM, "serve", "--port", "0", "--json"], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", ...environment },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  let said = "";
  for await (const chunk of child.stdout) {
    said += new TextDecoder().decode(chunk);
    if (said.includes("}")) break;
  }
  if (!said.includes("}")) throw new Error("The server did not start.");
  return {
    url: (JSON.parse(said) as { url: string }).url,
    process: child,
    kill: async () => {
      // The whole group: strace would let its child go on.
      process.kill(-child.pid, "SIGKILL");
      await child.exited;
    },
  };
}

/** Opens shops and servers, and ends all of them when a test calls `end` after itself. */
export function served() {
  const servers = new Set<Served>();
  const shops = new Set<FileShop>();
  return {
    open: async (...given: Parameters<typeof fileShop>): Promise<FileShop> => {
      const shop = await fileShop(...given);
      shops.add(shop);
      return shop;
    },
    serve: async (shop: FileShop, under?: string[]): Promise<Served> => {
      const server = await startServer(shop, under);
      servers.add(server);
      return server;
    },
    kill: async (server: Served): Promise<void> => {
      servers.delete(server);
      await server.kill();
    },
    end: async (): Promise<void> => {
      for (const server of servers) await server.kill().catch(() => {});
      servers.clear();
      for (const shop of shops) await shop.remove();
      shops.clear();
    },
  };
}

export interface Heard {
  status: number;
  // Tests say what they expect of it by matching, not by type.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

/** One call over HTTP; status 0 where no answer came. */
export async function ask(
  url: string,
  caller: Caller,
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Heard> {
  try {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${caller.token}`,
        ...(body && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text };
  } catch {
    return { status: 0, body: undefined };
  }
}

/** Puts one into the cart and checks out, under this key. */
export async function buyOne(url: string, shop: FileShop, caller: Caller, key: string, method = "cod"): Promise<Heard> {
  await ask(url, caller, "PUT", `/cart/items/${shop.product}`, { qty: 1 });
  return checkOutOver(url, caller, key, method);
}

export function checkOutOver(url: string, caller: Caller, key: string, payment_method = "cod"): Promise<Heard> {
  const checkout = { payment_method, address_id: caller.address_id };
  return ask(url, caller, "POST", "/orders/checkout", checkout, { "idempotency-key": key });
}

/** A size that a longer run sets in the environment. */
export function sizeOf(name: string, usual: number): number {
  return Number(process.env[name] ?? usual);
}

/** Which of these orders are not there whole: with lines, payment, history, stock move and idempotency record. */
export function missing(shop: FileShop, acknowledged: ReadonlyMap<string, number>): Promise<string[]> {
  return shop.within(async ({ database }) => {
    const whole = await database.all<{ id: number }>(
      `SELECT o.id FROM orders o WHERE EXISTS (SELECT 1 FROM order_items i WHERE i.order_id = o.id)
         AND EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id)
         AND EXISTS (SELECT 1 FROM order_history h WHERE h.order_id = o.id)
         AND EXISTS (SELECT 1 FROM stock_moves m WHERE m.order_id = o.id AND m.cause = 'reserved')`,
    );
    const there = new Set(whole.map(({ id }) => id));
    const kept = await database.all<{ key: string; answer: string }>("SELECT key, answer FROM idempotency_keys");
    const idOf = new Map(kept.map(({ key, answer }) => [key, (JSON.parse(answer) as { order_id: number }).order_id]));
    return [...acknowledged].filter(([key, id]) => !there.has(id) || idOf.get(key) !== id).map(([key]) => key);
  });
}
