import { z } from "zod";
import { Id, Moment, TaxClass, text, visible } from "../base/fields";

/** As a percent stands in a law: up to three decimals. */
const Percent = z
  .number()
  .min(0)
  .max(1_000)
  .refine((percent) => Math.round(percent * 1_000) / 1_000 === percent, "Give a percent of at most three decimals.");

const Country = z
  .string()
  .trim()
  .regex(/^[A-Za-z]{2}$/, "Give a country by its two letters, such as IN.")
  .transform((code) => code.toUpperCase());

export const NewTaxRate = z
  .strictObject({
    name: visible(text(100)).meta({ description: "As it stands on the order: CGST, VAT" }),
    percent: Percent,
    tax_class: TaxClass.default("standard"),
    country: Country.nullish().meta({ description: "null for anywhere that has no rates of its own" }),
    state: visible(text(200)).nullish().meta({ description: "Only in this state of the country" }),
  })
  .refine(({ country, state }) => !state || country, {
    path: ["country"],
    message: "Say of which country the state is.",
  })
  .meta({ id: "NewTaxRate", examples: [{ name: "CGST", percent: 9, country: "IN" }] });

export type NewTaxRate = z.infer<typeof NewTaxRate>;

export const TaxRateChange = z
  .strictObject({ name: visible(text(100)).optional(), percent: Percent.optional() })
  .meta({ id: "TaxRateChange", examples: [{ percent: 12.5 }] });

export type TaxRateChange = z.infer<typeof TaxRateChange>;

export const StoredTaxRate = z
  .object({
    id: Id,
    name: z.string(),
    percent: z.number(),
    tax_class: z.string(),
    country: z.string().nullable(),
    state: z.string().nullable(),
    created_at: Moment,
  })
  .meta({ id: "TaxRate" });

export type StoredTaxRate = z.infer<typeof StoredTaxRate>;

/** What a tax came to on an order, or would. */
export const TaxLine = z
  .object({
    name: z.string(),
    percent: z.number(),
    base: z.number().meta({
      description: "What it was reckoned from: goods of its class after the discount, and their part of the delivery",
    }),
    tax: z.number(),
  })
  .meta({ id: "TaxLine" });

export type TaxLine = z.infer<typeof TaxLine>;

/** A share of what goods cost, as it holds at one place. Percents are counted in thousandths: 19 % is 19,000. */
export interface TaxRate {
  name: string;
  percent_thousandths: number;
  tax_class: string;
}

/** What is taxed at the rates of one class, in minor units. */
export interface TaxBase {
  tax_class: string;
  base_minor: number;
}

/** One rate on one base. */
export interface Tax extends TaxRate, TaxBase {
  tax_minor: number;
}
