import { z } from "zod";
import { Id, Moment } from "../base/fields";
import { pageQuery } from "../base/page";
import { inOrder } from "../base/ranges";
import { orderFilters } from "./list-schema";
import { OrderStatus } from "./schema";

export const BuyersQuery = z
  .strictObject({
    since: orderFilters.since.meta({ description: "Ordered at this moment or later" }),
    until: orderFilters.until.meta({ description: "Ordered before this moment" }),
    size: pageQuery.size,
    cursor: pageQuery.cursor.meta({ description: "`next_cursor` of the page before; empty or absent at first" }),
  })
  .check(inOrder(["since", "until"]));

export type BuyersQuery = z.infer<typeof BuyersQuery>;

/** An order by which somebody has a product, and how to reach them. */
export const Buyer = z
  .object({
    order_id: Id,
    status: OrderStatus,
    placed_at: Moment,
    units: z.int().meta({ description: "What they have or will get: without what was cancelled or came back" }),
    items: z
      .array(
        z.object({
          product_id: Id.meta({ description: "The product itself, or the variant of it that was bought" }),
          name: z.string().meta({ description: "As it was called when it was bought" }),
          sku: z.string().nullable(),
          units: z.int(),
        }),
      )
      .meta({ description: "Its lines of the product" }),
    user_id: Id,
    customer_name: z.string().meta({ description: "Who received it, as far as the order says so" }),
    email: z.string().nullable(),
    phone: z.string().nullable(),
  })
  .meta({ id: "Buyer" });

export type Buyer = z.infer<typeof Buyer>;

export const BuyersPage = z
  .object({
    items: z.array(Buyer),
    next_cursor: z.string().nullable().meta({
      description: "Where the walk goes on, also after a page that is short of its size; null at the end",
    }),
  })
  .meta({ id: "BuyersPage" });

export type BuyersPage = z.infer<typeof BuyersPage>;
