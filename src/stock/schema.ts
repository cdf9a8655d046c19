import { z } from "zod";
import { Id, Moment, text, visible, words } from "../base/fields";

/** The most that a shelf is filled to. What comes back from customers is taken beyond that, and still fits the 32-bit column. */
export const MOST_UNITS = 1_000_000_000;

/** Why a counter changed. `opening` is what a product starts with, `set` a shopkeeper saying how many there are. */
export const STOCK_CAUSES = [
  "opening",
  "set",
  "received",
  "adjusted",
  "reserved",
  "released",
  "sold",
  "returned",
] as const;

export const Adjustment = z
  .strictObject({
    delta: z
      .int()
      .min(-MOST_UNITS)
      .max(MOST_UNITS)
      .refine((delta) => delta !== 0, "Give a change, not zero.")
      .meta({ description: "How many units more, or fewer" }),
    reason: visible(text(500)),
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
    low_at: z
      .int()
      .meta({ description: "With how many units left to buy it counts as low: its own number, or STOCK_LOW_AT" }),
  })
  .meta({ id: "ShelfLine" });

export type ShelfLine = z.infer<typeof ShelfLine>;

/** A shelf with those of its variants. */
export const ShelfDetail = ShelfLine.extend({ variants: z.array(ShelfLine) }).meta({ id: "ShelfDetail" });

export type ShelfDetail = z.infer<typeof ShelfDetail>;

/** What a person or a file did to a shelf. */
export const ShelfMove = z
  .object({
    id: Id,
    cause: z.enum(STOCK_CAUSES),
    change: z.int().meta({ description: "How many units more, or fewer" }),
    note: z.string().nullable(),
    at: Moment,
  })
  .meta({ id: "ShelfMove" });

export type ShelfMove = z.infer<typeof ShelfMove>;

/** Lines of one delivery or stocktake: more than a person counts in a day. */
const LINES_MOST = 500;

/** What came, or what was counted: of each product either. */
const ChangedLine = z
  .strictObject({
    product: words(200).meta({ description: "Its id, slug, sku or barcode" }),
    delta: z.int().min(-MOST_UNITS).max(MOST_UNITS).optional().meta({ description: "So many more, or fewer" }),
    counted: z.int().min(0).max(MOST_UNITS).optional().meta({
      description: "So many lie on the shelf, with those that are reserved",
    }),
  })
  .refine(({ delta, counted }) => (delta === undefined) !== (counted === undefined), {
    path: ["counted"],
    message: "Say how many came, as delta, or how many there are, as counted.",
  });

export const ShelfChanges = z
  .strictObject({
    lines: z.array(ChangedLine).min(1).max(LINES_MOST),
    reason: visible(text(500)).meta({ description: "For the ledger" }),
    dry_run: z.boolean().default(false).meta({ description: "Only say what would change" }),
  })
  .meta({ id: "ShelfChanges", example: { lines: [{ product: "TEA-250", counted: 17 }], reason: "Stocktake" } });

export type ShelfChanges = z.infer<typeof ShelfChanges>;

export const ShelfChanged = z
  .object({
    applied: z.boolean(),
    lines: z.array(
      z.object({
        product_id: Id,
        name: z.string(),
        sku: z.string().nullable(),
        before: z.int().meta({ description: "On hand" }),
        after: z.int(),
        reserved: z.int(),
      }),
    ),
  })
  .meta({ id: "ShelfChanged" });

export type ShelfChanged = z.infer<typeof ShelfChanged>;
