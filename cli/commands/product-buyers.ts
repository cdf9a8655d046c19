import { Command } from "commander";
import { getUser } from "../../src/accounts/accounts";
import { ShopError } from "../../src/base/errors";
import { getProductNamed } from "../../src/catalog/catalog";
import { walkOrders } from "../../src/orders/orders";
import type { Order } from "../../src/orders/schema";
import type { Shop } from "../../src/shop/shop";
import { beginning, moment } from "../arguments";
import { csvOf } from "../csv";
import { table } from "../table";
import type { Terminal } from "../terminal";

interface Buyer {
  customer_id: number;
  name: string;
  email: string;
  phone: string;
  /** What they have or will get: not cancelled, and not given back. */
  units: number;
  orders: number[];
  last_ordered_at: string;
}

interface BuyerOptions {
  since?: string;
  until?: string;
  csv?: boolean;
}

const COLUMNS = ["customer_id", "name", "email", "phone", "units", "orders", "last_ordered_at"] as const;

export const buyersCommand = ({ print, withShop }: Terminal) =>
  new Command("buyers")
    .description("list who bought a product or a variant of it, with how to reach them: for a recall")
    .argument("<product>", "its id, slug, sku or barcode; of one that is gone, its id")
    .option("--since <time>", "ordered then or later: a day or a moment", beginning)
    .option("--until <time>", "ordered until then: a day means its end", moment)
    .option("--csv", "print it as CSV")
    .addHelpText(
      "after",
      "\nExamples:\n  sanset product buyers TEA-250\n  sanset product buyers TEA-250 --since 2030-01-01 --csv > recall.csv",
    )
    .action((name: string, { csv = false, ...span }: BuyerOptions) =>
      withShop(async (shop) => {
        const { ids, called } = await unitsOf(shop, name);
        const buyers = await buyersOf(shop, ids, span);
        if (csv) return print(buyers, csvOf(COLUMNS, buyers), "as it is");
        const rows = buyers.map((one) => [one.name, one.email, one.phone, one.units, one.orders.join(", ")]);
        const units = buyers.reduce((sum, one) => sum + one.units, 0);
        const count = buyers.length === 1 ? "1 customer has" : `${buyers.length} customers have`;
        print(
          buyers,
          rows.length === 0
            ? `Nobody has ${called}.`
            : `${table(["NAME", "E-MAIL", "PHONE", "UNITS", "ORDERS"], rows)}\n${count} ${units} of ${called}.`,
        );
      }),
    );

async function unitsOf(shop: Shop, name: string): Promise<{ ids: Set<number>; called: string }> {
  try {
    const product = await getProductNamed(shop, name);
    return { ids: new Set([product.id, ...product.variants.map(({ id }) => id)]), called: product.name };
  } catch (error) {
    if (!(error instanceof ShopError) || !/^\d{1,9}$/.test(name)) throw error;
    return { ids: new Set([Number(name)]), called: `product ${name}` };
  }
}

async function buyersOf(shop: Shop, ids: ReadonlySet<number>, span: { since?: string; until?: string }) {
  const [product_id] = ids;
  const buyers = new Map<string, Buyer>();
  for await (const orders of walkOrders(shop, { ...span, product_id })) {
    for (const order of orders) await count(shop, buyers, order, unitsIn(order, ids));
  }
  return [...buyers.values()];
}

function unitsIn(order: Order, ids: ReadonlySet<number>): number {
  if (order.status === "cancelled") return 0;
  return order.items
    .filter(({ product_id }) => ids.has(product_id))
    .reduce((sum, { qty, cancelled_qty, returned_qty }) => sum + qty - cancelled_qty - returned_qty, 0);
}

/** Guests and those without an account are told apart by the e-mail of their order. */
async function count(shop: Shop, buyers: Map<string, Buyer>, order: Order, units: number): Promise<void> {
  if (units <= 0) return;
  const key = `${order.user_id} ${order.email ?? ""}`;
  const known = buyers.get(key);
  if (known) {
    known.units += units;
    known.orders.push(order.id);
    return;
  }
  const account = await getUser(shop, order.user_id);
  buyers.set(key, {
    customer_id: order.user_id,
    name: order.address?.full_name || account.full_name,
    email: order.email ?? account.email,
    phone: order.address?.phone ?? account.phone,
    units,
    orders: [order.id],
    last_ordered_at: order.placed_at,
  });
}
