import { join } from "node:path";
import { createTokens } from "../src/auth/tokens";
import { loadSettings } from "../test/support/settings";
import { openShop, type Shop } from "../src/shop/shop";
import { insertRows } from "../src/storage/rows";
import { Json, type Value } from "../src/storage/database";
import { migrate } from "../src/storage/migrate";
import { openDatabase } from "../src/storage/open";
import { request } from "./load";
import { environmentIn, type Running, startSanset } from "./servers";

export interface Size {
  products: number;
  orders: number;
  buyers: number;
}

/** A shop whose customers each have a full cart before a round begins. */
export interface StockedShop {
  path: string;
  refill(): Promise<void>;
  close(): Promise<void>;
}

/** One that serves. */
export interface BusyShop extends StockedShop {
  server: Running;
  /** A checkout for each customer, as it goes over the wire. */
  requests: Uint8Array[];
}

export async function stockedShop(folder: string, name: string, size: Size): Promise<StockedShop> {
  return stocked(await openBench(join(folder, name), size), size);
}

export async function busyShop(
  folder: string,
  name: string,
  size: Size,
  more: Record<string, string> = {},
): Promise<BusyShop> {
  const place = join(folder, name);
  const shop = await openBench(place, size);
  const requests = await checkouts(shop, size.buyers);
  const server = await startSanset(place, { TRUSTED_PROXIES: "127.0.0.1", ...more });
  const { close, ...rest } = stocked(shop, size);
  return {
    ...rest,
    server,
    requests,
    close: async () => {
      await server.stop();
      await close();
    },
  };
}

/** A shop that several servers serve, on either engine. */
export interface SharedShop {
  servers: Running[];
  requests: Uint8Array[];
  /** Of one of its customers. */
  token: string;
  refill(): Promise<void>;
  close(): Promise<void>;
}

/** `way` is where its servers find the database, where that is not where it is. */
export async function sharedShop(
  place: string,
  databaseUrl: string,
  size: Size,
  { count = 1, way = databaseUrl, more = {} }: { count?: number; way?: string; more?: Record<string, string> } = {},
): Promise<SharedShop> {
  const shop = await openBench(place, size, { DATABASE_URL: databaseUrl });
  const servers: Running[] = [];
  for (let started = 0; started < count; started++) {
    servers.push(await startSanset(place, { ANSWER_MEMORY: "off", LOG_LEVEL: "error", ...more, DATABASE_URL: way }));
  }
  const requests = await checkouts(shop, size.buyers);
  const text = Buffer.from(requests[0] ?? []).toString("latin1");
  return {
    servers,
    requests,
    token: /authorization: (.*)\r/.exec(text)?.[1] ?? "",
    refill: () => refill(shop, size),
    close: async () => {
      for (const server of servers) await server.stop();
      await shop.database.close();
    },
  };
}

/** The requests of a round, each with a key that was never used. */
export function fresh({ requests }: { requests: readonly Uint8Array[] }): Uint8Array[] {
  const mark = Math.random().toString(36).slice(2, 10).padEnd(8, "0");
  return requests.map((bytes) => {
    const copy = Buffer.from(bytes);
    copy.write(mark, copy.indexOf("idempotency-key: ") + 17, "latin1");
    return copy;
  });
}

function stocked(shop: Shop, size: Size): StockedShop {
  const { databaseUrl: address } = shop.settings;
  if (address.engine !== "sqlite") throw new Error("This benchmark is of SQLite.");
  return { path: address.path, refill: () => refill(shop, size), close: () => shop.database.close() };
}

async function openBench(place: string, size: Size, more: Record<string, string> = {}): Promise<Shop> {
  const settings = { ...loadSettings({ ...environmentIn(place), ...more }), accessTokenExpireMinutes: 1_440 };
  const shop = openShop(await openDatabase(settings.databaseUrl), settings);
  await migrate(shop.database);
  await fill(shop, size);
  return shop;
}

export async function fill(
  shop: Shop,
  { products, orders, buyers }: { products: number; orders: number; buyers: number },
) {
  const now = shop.now().toISOString();
  const later = new Date(shop.now().getTime() + 86_400_000).toISOString();
  const write = (table: string, columns: string[], count: number, row: (id: number) => Value[]) =>
    shop.database.transaction((tx) =>
      insertRows(
        tx,
        table,
        Array.from({ length: count }, (_, index) => {
          const values = row(index + 1);
          return Object.fromEntries(columns.map((column, at) => [column, values[at] ?? null]));
        }),
      ),
    );
  const product = (id: number) => ((id * 7) % products) + 1;
  const buyer = (id: number) => ((id * 13) % buyers) + 1;
  await write(
    "products",
    ["slug", "name", "name_key", "category", "price_minor", "attributes", "created_at", "updated_at"],
    products,
    (id) => [`p-${id}`, `Product ${id}`, `product ${id}`, "All", 10_000 + id, new Json({}), now, now],
  );
  await write("stock", ["product_id", "on_hand"], products, (id) => [id, 10_000_000]);
  await write(
    "stock_moves",
    ["product_id", "cause", "on_hand_change", "reserved_change", "created_at"],
    products,
    (id) => [id, "opening", 10_000_000, 0, now],
  );
  await write(
    "users",
    ["full_name", "email", "email_key", "phone", "preferences", "created_at", "updated_at"],
    buyers,
    (id) => ["Asha", `${id}@example.com`, `${id}@example.com`, "-", new Json({}), now, now],
  );
  await write("sessions", ["id", "user_id", "created_at", "last_used_at", "expires_at"], buyers, (id) => [
    `s-${id}`,
    id,
    now,
    now,
    later,
  ]);
  await write("addresses", ["user_id", "label", "address_line", "city", "pincode", "created_at"], buyers, (id) => [
    id,
    "Home",
    "12 Lake Road",
    "Pune",
    "411001",
    now,
  ]);
  await write("carts", ["user_id"], buyers, (id) => [id]);
  await write(
    "orders",
    [
      "user_id",
      "status",
      "payment_status",
      "subtotal_minor",
      "goods_minor",
      "total_minor",
      "currency",
      "metadata",
      "placed_at",
    ],
    orders,
    (id) => [buyer(id), "delivered", "paid", 30_000, 30_000, 30_000, "INR", new Json({}), now],
  );
  await write("order_items", ["order_id", "line", "product_id", "qty", "price_minor"], orders, (id) => [
    id,
    1,
    product(id),
    3,
    10_000,
  ]);
  await write("order_history", ["order_id", "step", "status", "payment_status", "cause", "at"], orders, (id) => [
    id,
    1,
    "delivered",
    "paid",
    "imported",
    now,
  ]);
}

/** Two lines in every cart. */
async function refill(shop: Shop, { products, buyers }: Size): Promise<void> {
  const now = shop.now().toISOString();
  const rows = Array.from({ length: buyers }, (_, index) => index + 1).flatMap((id) => [
    { user_id: id, product_id: ((id * 7) % products) + 1, qty: 1, added_at: now },
    { user_id: id, product_id: ((id * 7 + 3) % products) + 1, qty: 2, added_at: now },
  ]);
  await shop.database.transaction((tx) => insertRows(tx, "cart_items", rows, "ON CONFLICT DO NOTHING"));
}

async function checkouts(shop: Shop, buyers: number): Promise<Uint8Array[]> {
  const tokens = createTokens(shop, [shop.settings.secretKey ?? ""]);
  return Promise.all(
    Array.from({ length: buyers }, async (_, index) => {
      const session = { id: `s-${index + 1}`, user_id: index + 1 };
      const { access_token } = await tokens.tokensFor({ session, refreshToken: "" });
      const headers = {
        authorization: `Bearer ${access_token}`,
        "idempotency-key": crypto.randomUUID(),
        // Customers sit in many places; one of them alone could not call as often.
        "x-forwarded-for": `10.${(index >> 8) & 255}.${index & 255}.1`,
      };
      return request("POST", "/api/v1/orders/checkout", headers, { payment_method: "cod", address_id: index + 1 });
    }),
  );
}
