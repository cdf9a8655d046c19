import { z } from "zod";
import { Amount, Total } from "../base/money";
import { GivenMoment, Moment, text, visible } from "../base/fields";
import { momentIn } from "../base/zoned-time";

const Code = z
  .string()
  .trim()
  .max(50)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, "Use letters, digits, hyphens and underscores.");

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && momentIn(text, "UTC", "first") !== undefined;

/** A moment, or a whole day on the shop's clock (TIME_ZONE). */
const GivenTime = z
  .string()
  .refine(
    (text) => isDay(text) || GivenMoment.safeParse(text).success,
    "Give a moment such as 2030-01-31T12:00:00Z, or a day such as 2030-01-31.",
  )
  .transform((text) => (isDay(text) ? text : GivenMoment.parse(text)));

const Uses = z.int().min(1).max(1_000_000_000);

/** What may change once a coupon is there: `null` takes a limit away. */
const limits = {
  min_total: Total.optional().meta({ description: "What the goods must cost at least, before the discount" }),
  starts_at: GivenTime.nullish().meta({ description: "A day means its beginning, as TIME_ZONE has it" }),
  ends_at: GivenTime.nullish().meta({ description: "A day means its end" }),
  max_uses: Uses.nullish(),
  max_uses_per_customer: Uses.nullish(),
  categories: z
    .array(visible(text(100)))
    .min(1)
    .max(100)
    .nullish()
    .meta({ description: "Only goods of these categories get cheaper; null for all" }),
  is_active: z.boolean().optional(),
};

const Percent = z
  .number()
  .positive()
  .max(100)
  .refine((percent) => Math.round(percent * 100) / 100 === percent, "Give a percent of at most two decimals.")
  .meta({ description: "Of what the goods cost: 10, 12.5" });

export const NewCoupon = z
  .strictObject({
    code: Code,
    percent: Percent.optional(),
    amount: Amount.positive().optional(),
    ...limits,
  })
  .refine(({ percent, amount }) => (percent === undefined) !== (amount === undefined), {
    path: ["percent"],
    message: "Give either a percentage or an amount.",
  })
  .meta({ id: "NewCoupon" });

export type NewCoupon = z.infer<typeof NewCoupon>;

/** What is absent stays. What a coupon is worth never changes: make another one. */
export const CouponChange = z.strictObject(limits).meta({ id: "CouponChange" });

export type CouponChange = z.infer<typeof CouponChange>;

export const CouponPath = z.strictObject({ code: text(50) });

export const Coupon = z
  .object({
    code: z.string(),
    percent: z.number().nullable(),
    amount: z.number().nullable(),
    min_total: z.number(),
    starts_at: Moment.nullable(),
    ends_at: Moment.nullable(),
    max_uses: z.int().nullable(),
    max_uses_per_customer: z.int().nullable(),
    categories: z.array(z.string()).nullable(),
    is_active: z.boolean(),
    uses: z.int(),
    created_at: Moment,
  })
  .meta({ id: "Coupon" });

export type Coupon = z.infer<typeof Coupon>;
