import { z } from "zod";
import { Amount } from "../base/money";
import { HIGHEST_PRICE, Id, JsonObject, NewJsonObject, TaxClass, text, words } from "../base/fields";
import { inOrder } from "../base/ranges";
import { MOST_UNITS } from "../stock/schema";
import { PRICES } from "./filter-schema";
import { StockCount } from "./schema";

export const BulkChange = z
  .strictObject({
    filter: z
      .strictObject({
        ids: z.array(Id).min(1).max(1_000).optional(),
        category: words(100).optional(),
        min_price: Amount.optional(),
        max_price: Amount.optional(),
        in_stock: z.boolean().optional(),
        attributes: z.record(words(64), text(200)).optional(),
      })
      .check(inOrder(PRICES))
      .meta({ description: "Which products are meant; all of it holds" }),
    change: z
      .strictObject({
        price_percent: z
          .number()
          .min(-100)
          .max(1_000)
          .refine(
            (percent) => Number.isInteger(Math.round(percent * 1e6) / 1e4),
            "Give at most two digits after the point.",
          )
          .optional()
          .meta({ description: "So many percent dearer, or cheaper: -12.5" }),
        price_by: z
          .number()
          .min(-HIGHEST_PRICE)
          .max(HIGHEST_PRICE)
          .optional()
          .meta({ description: "So much dearer, or cheaper, in major units: -5" }),
        price: Amount.optional().meta({ description: "What they cost from now on, in major units" }),
        round_to: Amount.optional().meta({
          description: "Prices that are changed by a percentage or an amount become multiples of this, such as 0.5",
        }),
        category: words(100).optional(),
        tax_class: TaxClass.optional(),
        weight_grams: z.int().min(0).max(MOST_UNITS).optional(),
        low_stock_at: StockCount.nullable().optional().meta({ description: "Also of the variants of what has some" }),
        attributes: NewJsonObject.optional().meta({ description: "Added to what is there; null takes one away" }),
      })
      .refine((change) => Object.keys(change).some((field) => field !== "round_to"), "Say what is to change.")
      .refine(
        ({ price_percent, price_by, price }) =>
          [price_percent, price_by, price].filter((given) => given !== undefined).length <= 1,
        "Change prices in one way: by a percentage, by an amount, or to a price.",
      ),
    confirm: z
      .string()
      .max(64)
      .optional()
      .meta({ description: "What the preview answered; without it nothing changes" }),
  })
  .meta({ id: "BulkChange" });

export type BulkChange = z.infer<typeof BulkChange>;

export const BulkAnswer = z
  .object({
    count: z.int().meta({ description: "How many products change" }),
    applied: z.boolean(),
    confirm: z.string().meta({ description: "Send it back as `confirm` to do exactly this" }),
    changes: z
      .array(z.object({ product_id: Id, name: z.string(), before: JsonObject, after: JsonObject }))
      .meta({ description: "The first fifty" }),
  })
  .meta({ id: "BulkAnswer" });

export type BulkAnswer = z.infer<typeof BulkAnswer>;
