import { z } from "zod";
import { Moment } from "../base/fields";

/** Time from `since` up to, and without, `until`; both as ISO 8601 in UTC. */
export interface Period {
  since: string;
  until: string;
}

export const SalesQuery = z.strictObject({
  range: z
    .string()
    .max(40)
    .default("last_30_days")
    .meta({
      description:
        "Which days, in the shop's time zone: `today`, `yesterday`, `last_7_days`, `last_30_days`, `last_12_months`, `this_month`, `last_month`, `this_year`, `2030`, `2030-01`, `2030-01-31`, or `2030-01-01..2030-03-31`",
      examples: ["last_30_days"],
    }),
  by: z
    .enum(["day", "week", "month"])
    .optional()
    .meta({ description: "Steps of the series; weeks begin on Monday. Chosen by the range where not given" }),
  group: z
    .enum(["category", "product", "payment"])
    .optional()
    .meta({ description: "Also list what sold, the most first: by category, product or way of payment" }),
});

export type SalesQuery = z.infer<typeof SalesQuery>;

const Amount = z.number();

/** What a time brought in. `total = gross - discounts + delivery + tax`, and `net = total - refunds`. */
export const SalesFigures = z
  .object({
    orders: z.int().meta({ description: "Orders placed and not cancelled" }),
    units: z.int(),
    gross: Amount.meta({ description: "Goods at their prices, without what was taken off before it was paid" }),
    discounts: Amount,
    delivery: Amount,
    tax: Amount.meta({ description: "Added to the prices" }),
    included_tax: Amount.meta({ description: "Part of the prices already" }),
    total: Amount.meta({ description: "What these orders came to" }),
    refunds: Amount.meta({
      description: "Paid back in this time for orders that are not cancelled, whenever they were placed",
    }),
    net: Amount.meta({ description: "total less refunds" }),
    average: Amount.meta({ description: "total for each order" }),
  })
  .meta({ id: "SalesFigures" });

export type SalesFigures = z.infer<typeof SalesFigures>;

const PeriodFigures = SalesFigures.extend({
  since: Moment,
  until: Moment,
  new_customers: z.int().meta({ description: "Whose first order lies in this time" }),
  returning_customers: z.int(),
}).meta({ id: "PeriodFigures" });

export type PeriodFigures = z.infer<typeof PeriodFigures>;

const SalesStep = z
  .object({
    day: z.string().meta({ description: "The day on which the step begins, in the shop's time zone" }),
    since: Moment,
    until: Moment,
    ...SalesFigures.shape,
    before: Amount.nullable().meta({
      description: "The net of the same step of the time before; null where that had fewer",
    }),
  })
  .meta({ id: "SalesStep" });

export type SalesStep = z.infer<typeof SalesStep>;

export const SalesGroup = z
  .object({
    name: z.string().meta({ description: "The category, the product's name when it was sold, or the way of payment" }),
    product_id: z.int().nullable(),
    orders: z.int(),
    units: z.int(),
    sales: Amount.meta({ description: "Goods less discounts; for ways of payment what the orders came to" }),
  })
  .meta({ id: "SalesGroup" });

export type SalesGroup = z.infer<typeof SalesGroup>;

export const Sales = z
  .object({
    currency: z.string(),
    time_zone: z.string(),
    by: z.enum(["day", "week", "month"]),
    now: PeriodFigures,
    before: PeriodFigures.meta({ description: "The time of the same length before" }),
    series: z.array(SalesStep),
    groups: z.array(SalesGroup),
  })
  .meta({ id: "Sales" });

export type Sales = z.infer<typeof Sales>;

const Count = z.int();

export const Overview = z
  .object({
    to_pack: Count.meta({ description: "Orders that are paid, or paid on delivery, and not packed" }),
    to_ship: Count.meta({ description: "Packed orders" }),
    unpaid: Count.meta({ description: "Placed orders that wait for their payment" }),
    flagged: Count.meta({
      description: "Orders with a payment that a person must look at: `GET /orders/all?flagged=true`",
    }),
    refunds_waiting: Count.meta({ description: "Orders with a refund that a gateway has not confirmed" }),
    returns_open: Count.meta({ description: "Returns that were asked for and are not received" }),
    sold_out: Count.meta({ description: "Products for sale of which nothing is left" }),
    deliveries_given_up: Count.meta({ description: "Mails and webhooks that never arrived, as long as they are kept" }),
    searches_missed: Count.meta({ description: "Different searches that found nothing" }),
    jobs_failing: z.array(z.string()).meta({ description: "Jobs whose last run failed" }),
    last_backup_at: Moment.nullable().meta({ description: "When a backup last ran by schedule; null where none did" }),
    last_training_at: Moment.nullable(),
    counted_most: Count.meta({ description: "No count here is higher: there may be more" }),
  })
  .meta({ id: "Overview" });

export type Overview = z.infer<typeof Overview>;
