import { z } from "zod";

export const ShopProfile = z
  .object({
    name: z.string(),
    currency: z.string().meta({ description: "ISO 4217, of every price" }),
    currency_digits: z.int().meta({ description: "How many digits a price has after the point" }),
    locale: z.string().meta({ description: "How amounts and times are written: a language tag" }),
    time_zone: z.string().meta({ description: "The zone of the shop's days" }),
    country: z.string(),
    prices_include_tax: z.boolean(),
    payment_methods: z.array(z.string()).meta({ description: "What checkout takes as `payment_method`" }),
    delivery: z.object({
      minutes: z.int().meta({ description: "How long after it is placed an order is expected" }),
      methods: z
        .array(z.string())
        .meta({ description: "What customers choose from; empty where delivery costs nothing" }),
    }),
    features: z.object({
      guest_checkout: z.boolean(),
      mail: z.boolean().meta({ description: "Whether customers get mail" }),
      invoices: z.boolean(),
      return_days: z.int(),
    }),
    version: z.string(),
  })
  .meta({ id: "ShopProfile" });

export type ShopProfile = z.infer<typeof ShopProfile>;
