import { Elysia } from "elysia";
import { z } from "zod";
import { momentIn } from "../base/zoned-time";
import { ShopError } from "../base/errors";
import { text } from "../base/fields";
import { refuseBackwards } from "../base/ranges";
import { adminRoutes, type Web } from "../http/access";
import { takes } from "../http/declared";
import { orderFilters } from "../orders/list-schema";
import type { Shop } from "../shop/shop";
import { exportCustomers } from "./customers";
import { contentTypes, type Format, formats } from "./format";
import { exportOrders } from "./orders";
import { exportProducts } from "./products";

const format = z.enum(formats).optional().meta({ description: "`csv`, which is usual, or `jsonl`: an object a line" });
const FormatQuery = z.strictObject({ format });
const day = text(40).optional();
const OrdersQuery = z.strictObject({
  format,
  from: day.meta({ description: "Placed then or later: a day of the shop's, or a moment" }),
  to: day.meta({ description: "Placed until then: a day means its end" }),
  payment_method: orderFilters.payment_method,
});

/** It reads a whole table, a page at a time. */
const COST = takes({ weight: 20, most_ms: 100 });

const file = (summary: string) => ({
  summary,
  description:
    "A file that can be edited and imported again. What a spreadsheet would run as a formula has an apostrophe before it.",
  responses: {
    200: {
      description: "The file",
      content: Object.fromEntries(
        Object.values(contentTypes).map((type) => [type.split(";")[0], { schema: { type: "string" as const } }]),
      ),
    },
  },
  ...COST,
});

export const exportRoutes = (web: Web) =>
  new Elysia()
    .use(
      adminRoutes(web, "products", "/admin/products").get(
        "/export",
        ({ shop, query }) => answer("products", query.format, (as) => exportProducts(shop, as)),
        { query: FormatQuery, response: { 200: z.string() }, detail: file("Download the whole catalog") },
      ),
    )
    .use(
      adminRoutes(web, "orders", "/admin/orders").get(
        "/export",
        ({ shop, query }) => {
          const span = { ...spanOf(shop, query), method: query.payment_method };
          return answer("orders", query.format, (as) => exportOrders(shop, as, span));
        },
        { query: OrdersQuery, response: { 200: z.string() }, detail: file("Download orders, a row for each line") },
      ),
    )
    .use(
      adminRoutes(web, "users", "/admin/customers").get(
        "/export",
        ({ shop, query }) => answer("customers", query.format, (as) => exportCustomers(shop, as)),
        { query: FormatQuery, response: { 200: z.string() }, detail: file("Download customers, without passwords") },
      ),
    );

function spanOf({ settings }: Shop, { from, to }: z.infer<typeof OrdersQuery>) {
  const moment = (path: string, said: string | undefined, end: "first" | "last") => {
    const found = said === undefined ? undefined : momentIn(said, settings.timeZone, end);
    if (found || said === undefined) return found;
    const message = "Give a day such as 2030-01-31.";
    throw new ShopError("invalid", message, { errors: [{ path, message, code: "invalid_date" }] });
  };
  const [first, last] = [moment("from", from, "first"), moment("to", to, "last")];
  refuseBackwards("to", first?.toISOString(), last?.toISOString());
  return {
    from: first?.toISOString(),
    before: last && new Date(last.getTime() + 1).toISOString(),
  };
}

function answer(name: string, as: Format = "csv", pieces: (as: Format) => AsyncGenerator<string>): string {
  const headers = {
    "content-type": contentTypes[as],
    "content-disposition": `attachment; filename="${name}.${as}"`,
    "cache-control": "no-store",
  };
  // A Response passes by the route's schema, whose type knows JSON alone.
  return new Response(streamed(pieces(as)), { headers }) as unknown as string;
}

const SENT_AT_ONCE = 65_536;

/** Sends what is there as fast as it is taken: a slow client holds a page of it, and no more. */
function streamed(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      let text = "";
      while (text.length < SENT_AT_ONCE) {
        const { value, done } = await pieces.next();
        if (value !== undefined) text += value;
        if (!done) continue;
        if (text !== "") controller.enqueue(encoder.encode(text));
        controller.close();
        return;
      }
      controller.enqueue(encoder.encode(text));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
