import { Command } from "commander";
import { many } from "../../src/base/many";
import { getProductNamed } from "../../src/catalog/catalog";
import { ShopError } from "../../src/base/errors";
import { walkBuyers } from "../../src/orders/buyers";
import type { Buyer } from "../../src/orders/buyer-schema";
import type { Shop } from "../../src/shop/shop";
import { beginning, moment } from "../arguments";
import { csvOf } from "../csv";
import { table } from "../table";
import type { Terminal } from "../terminal";

/** Somebody who bought it, however often. */
interface Customer {
  customer_id: number;
  name: string;
  email: string | null;
  phone: string | null;
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
        const { id, called } = await productOf(shop, name);
        const customers = await customersOf(shop, id, span);
        if (csv) return print(customers, csvOf(COLUMNS, customers), "as it is");
        const rows = customers.map((one) => [
          one.name,
          one.email ?? "",
          one.phone ?? "",
          one.units,
          one.orders.join(", "),
        ]);
        const units = customers.reduce((sum, one) => sum + one.units, 0);
        print(
          customers,
          rows.length === 0
            ? `Nobody has ${called}.`
            : `${table(["NAME", "E-MAIL", "PHONE", "UNITS", "ORDERS"], rows)}\n${many(rows.length, "customer has", "customers have")} ${units} of ${called}.`,
        );
      }),
    );

async function productOf(shop: Shop, name: string): Promise<{ id: number; called: string }> {
  try {
    const product = await getProductNamed(shop, name);
    return { id: product.id, called: product.name };
  } catch (error) {
    if (!(error instanceof ShopError) || !/^\d{1,9}$/.test(name)) throw error;
    return { id: Number(name), called: `product ${name}` };
  }
}

/** Guests and those without an account are told apart by the e-mail of their order. */
async function customersOf(shop: Shop, id: number, span: { since?: string; until?: string }): Promise<Customer[]> {
  const bought = new Map<string, [Buyer, ...Buyer[]]>();
  for await (const lines of walkBuyers(shop, id, span)) {
    for (const line of lines) {
      const key = `${line.user_id} ${line.email ?? ""}`;
      const known = bought.get(key);
      if (known) known.push(line);
      else bought.set(key, [line]);
    }
  }
  return [...bought.values()].map(customerOf).toSorted((a, b) => (a.last_ordered_at < b.last_ordered_at ? 1 : -1));
}

function customerOf(lines: readonly Buyer[]): Customer {
  const latest = lines.reduce((one, other) => (other.placed_at > one.placed_at ? other : one));
  return {
    customer_id: latest.user_id,
    name: latest.customer_name,
    email: latest.email,
    phone: latest.phone,
    units: lines.reduce((sum, { units }) => sum + units, 0),
    orders: [...new Set(lines.map(({ order_id }) => order_id))],
    last_ordered_at: latest.placed_at,
  };
}
