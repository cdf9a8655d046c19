import { z } from "zod";
import { Id, text } from "../base/fields";

/** The most that a shelf is filled to. What comes back from customers is taken beyond that, and still fits the 32-bit column. */
export const MOST_UNITS = 1_000_000_000;

export const Adjustment = z
  .strictObject({
    delta: z
      .int()
      .min(-MOST_UNITS)
      .max(MOST_UNITS)
      .refine((delta) => delta !== 0, "Give a change, not zero.")
      .meta({ description: "How many units more, or fewer" }),
    reason: text(500),
  })
  .meta({ id: "Adjustment" });

export type Adjustment = z.infer<typeof Adjustment>;

const levels = {
  on_hand: z.int(),
  reserved: z.int().meta({ description: "Set aside for orders that have not left: part of on_hand" }),
  stock: z.int().meta({ description: "What can still be bought" }),
};

export const ShelfLevel = z.object({ product_id: Id, ...levels }).meta({ id: "ShelfLevel" });

export type ShelfLevel = z.infer<typeof ShelfLevel>;

export const ShelfLine = z
  .object({
    product_id: Id,
    slug: z.string(),
    name: z.string(),
    sku: z.string().nullable(),
    ...levels,
    low_at: z.int().meta({ description: "With how many units left to buy it counts as low: STOCK_LOW_AT" }),
  })
  .meta({ id: "ShelfLine" });

export type ShelfLine = z.infer<typeof ShelfLine>;
