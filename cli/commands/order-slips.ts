import { Command } from "commander";
import { ShopError } from "../../src/base/errors";
import { LARGEST_ID } from "../../src/base/fields";
import { getOrderFacts, type OrderFacts } from "../../src/invoices/order-facts";
import { packingSlips } from "../../src/invoices/paper";
import { listOrders } from "../../src/orders/orders";
import { wholeNumber } from "../arguments";
import { openOutput } from "../output-file";
import type { Terminal } from "../terminal";
import { type OrderFilters, orderQuery, withOrderFilters } from "./order-list";
import { many } from "../../src/base/many";

interface SlipOptions extends OrderFilters {
  out?: string;
}

/** A morning's work; a browser prints as many without trouble. */
const MOST_SLIPS = 500;

const orderId = wholeNumber(1, LARGEST_ID);

export const slipsCommand = ({ print, withShop }: Terminal) =>
  withOrderFilters(
    new Command("slips")
      .description("write the packing slips of many orders as one page to print, a sheet for each")
      .argument("[ids...]", "these orders; without any, all that fit", (text, ids: number[] | undefined) => [
        ...(ids ?? []),
        orderId(text),
      ]),
  )
    .option("--out <file>", "write it there; without it, it is printed")
    .addHelpText(
      "after",
      "\nExamples:\n  sanset order slips --status placed --out slips.html\n  sanset order slips 12 15 19 --out slips.html",
    )
    .action((ids: number[] | undefined, { out, ...filters }: SlipOptions) =>
      withShop(async (shop) => {
        const asked = ids && ids.length > 0 ? ids : await idsOf(shop, filters);
        if (asked.length === 0) return print({ orders: [] }, "No order fits: there is nothing to print.");
        const facts: OrderFacts[] = [];
        for (const id of asked) facts.push(await getOrderFacts(shop.database, id));
        const page = packingSlips(shop.settings, facts);
        if (out === undefined) return print({ orders: asked, page }, page, "as it is");
        const file = openOutput(out);
        file.write(page);
        file.close();
        print({ orders: asked, file: out }, `The packing slips of ${many(asked.length, "order")} are in ${out}.`);
      }),
    );

/** The oldest first: who ordered first is packed first. */
async function idsOf(shop: Parameters<typeof orderQuery>[0], filters: OrderFilters): Promise<number[]> {
  const query = await orderQuery(shop, filters);
  const { items, total } = await listOrders(shop, query, { limit: MOST_SLIPS, offset: 0 });
  if (total > MOST_SLIPS) {
    throw new ShopError("invalid", `${total} orders fit, and ${MOST_SLIPS} slips are printed at most: ask for fewer.`);
  }
  return items.map(({ id }) => id).toReversed();
}
