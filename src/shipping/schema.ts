import { z } from "zod";
import { Id, Moment, text, visible } from "../base/fields";
import { Amount, Total } from "../base/money";

/** A country by its ISO 3166 code, in capitals. */
export const CountryCode = z
  .string()
  .trim()
  .regex(/^[A-Za-z]{2}$/, "Give a country by its two letters, such as IN.")
  .transform((code) => code.toUpperCase())
  .meta({ description: "ISO 3166, two letters" });

const name = visible(text(100));
const places = (each: z.ZodType<string>) => z.array(each).min(1).max(1_000).nullish();

const MOST_GRAMS = 100_000_000;
const MOST_MINUTES = 525_600;

const fields = {
  description: visible(text(500)).nullish(),
  countries: places(CountryCode).meta({ description: "Where it goes; null for everywhere" }),
  states: places(visible(text(200))).meta({ description: "Only these states; null for all" }),
  pincodes: places(visible(text(20))).meta({ description: "Only pincodes that begin like one of these; null for all" }),
  price_per_kg: Amount.optional().meta({ description: "Beside the price, for each kilogram that is begun" }),
  free_from: Total.nullish().meta({ description: "Free where the goods come to so much after the discount" }),
  min_total: Total.nullish().meta({ description: "Only where the goods come to so much after the discount" }),
  max_total: Total.nullish(),
  max_grams: z.int().min(1).max(MOST_GRAMS).nullish(),
  delivery_minutes: z.int().min(0).max(MOST_MINUTES).nullish().meta({ description: "null for the shop's usual time" }),
  position: z
    .int()
    .min(-1_000_000)
    .max(1_000_000)
    .optional()
    .meta({ description: "Of two that cost the same, the lower comes first" }),
  is_active: z.boolean().optional(),
};

export const NewShippingMethod = z
  .strictObject({ name, price: Amount, ...fields })
  .meta({ id: "NewShippingMethod", examples: [{ name: "Post", price: 49, free_from: 999, countries: ["IN"] }] });

export type NewShippingMethod = z.infer<typeof NewShippingMethod>;

/** What is absent stays; `null` takes a limit away. */
export const ShippingMethodChange = z
  .strictObject({ name: name.optional(), price: Amount.optional(), ...fields })
  .meta({ id: "ShippingMethodChange", examples: [{ price: 59 }] });

export type ShippingMethodChange = z.infer<typeof ShippingMethodChange>;

export const ShippingMethod = z
  .object({
    id: Id,
    name: z.string(),
    description: z.string().nullable(),
    countries: z.array(z.string()).nullable(),
    states: z.array(z.string()).nullable(),
    pincodes: z.array(z.string()).nullable(),
    price: z.number(),
    price_per_kg: z.number(),
    free_from: z.number().nullable(),
    min_total: z.number().nullable(),
    max_total: z.number().nullable(),
    max_grams: z.int().nullable(),
    delivery_minutes: z.int().nullable(),
    position: z.int(),
    is_active: z.boolean(),
    created_at: Moment,
  })
  .meta({ id: "ShippingMethod" });

export type ShippingMethod = z.infer<typeof ShippingMethod>;

/** A way of delivery as an order keeps it. */
export const ChosenMethod = z.object({ id: Id, name: z.string() }).meta({ id: "ChosenMethod" });

export type ChosenMethod = z.infer<typeof ChosenMethod>;
