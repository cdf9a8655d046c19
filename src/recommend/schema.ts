import { z } from "zod";
import { Product } from "../catalog/schema";
import { PRICES, productFilters } from "../catalog/filter-schema";
import { Id, LARGEST_ID, text, wholeNumberText } from "../base/fields";
import { inOrder } from "../base/ranges";

/** Where recommendations are shown. */
const contexts = ["homepage", "product", "cart"] as const;
export type Context = (typeof contexts)[number];

const MOST_RECOMMENDATIONS = 50;

const lengthQuery = {
  limit: wholeNumberText(1, MOST_RECOMMENDATIONS).optional(),
  expand: z
    .enum(["product"], "Give product.")
    .optional()
    .meta({ description: "With `product`, each recommendation holds the product itself" }),
};

const listQuery = {
  ...lengthQuery,
  category: productFilters.category,
  min_price: productFilters.min_price,
  max_price: productFilters.max_price,
};

/** What may be in a list, and how long it is. */
export const ListQuery = z.strictObject(listQuery).check(inOrder(PRICES));
export type ListQuery = z.infer<typeof ListQuery>;

export const RecommendQuery = z
  .strictObject({
    ...listQuery,
    context: z.enum(contexts, "Give homepage, product or cart.").optional(),
    product_id: wholeNumberText(1, LARGEST_ID)
      .optional()
      .meta({ description: "What the customer looks at, with `context=product`" }),
  })
  .check(inOrder(PRICES));
export type RecommendQuery = z.infer<typeof RecommendQuery>;

export const LimitQuery = z.strictObject(lengthQuery);

export const UserPath = z.strictObject({ user_id: wholeNumberText(1, LARGEST_ID) });

export const Recommendation = z
  .object({
    product_id: Id,
    score: z.number().min(0).max(1).meta({ description: "Falls from the first to the last" }),
    reason: z.string().meta({ description: "Why it is here, in words for the customer" }),
    product: Product.optional().meta({ description: "With `expand=product`" }),
  })
  .meta({ id: "Recommendation" });
export type Recommendation = z.infer<typeof Recommendation>;

export const Recommendations = z
  .object({ user_id: Id, recommendations: z.array(Recommendation) })
  .meta({ id: "Recommendations" });
export type Recommendations = z.infer<typeof Recommendations>;

export const NewEvent = z
  .strictObject({ type: z.enum(["view", "click", "dismiss"], "Give view, click or dismiss."), product_id: Id })
  .meta({ id: "NewEvent" });
export type NewEvent = z.infer<typeof NewEvent>;

export const Recorded = z.object({ recorded: z.literal(true) }).meta({ id: "Recorded" });

/** A figure with the interval that holds it in 95 of 100 cases. */
export const Interval = z
  .object({
    mean: z.number().meta({ description: "What was found" }),
    low: z.number().meta({ description: "Where the interval begins" }),
    high: z.number().meta({ description: "Where it ends" }),
  })
  .meta({ id: "RecommendInterval" });
export type Interval = z.infer<typeof Interval>;

/** Where a training is. */
export const RunProgress = z
  .object({
    step: z.enum(["reading", "evaluating", "training"]).meta({ description: "What it does now" }),
    share: z
      .number()
      .nullable()
      .meta({ description: "How much of this step is done, 0 to 1; null where nobody knows" }),
  })
  .meta({ id: "RecommendProgress" });
export type RunProgress = z.infer<typeof RunProgress>;

/** What a person can have a model do: serve all, serve some on trial, or nothing. */
export const RoleChange = z
  .strictObject({ role: z.enum(["serving", "candidate", "retired"], "Give serving, candidate or retired.") })
  .meta({ id: "RecommendRoleChange" });
export type RoleChange = z.infer<typeof RoleChange>;

export const ExplanationQuery = z.strictObject({
  customer: text(254).meta({ description: "The customer's id or e-mail" }),
  limit: lengthQuery.limit,
});

const named = { product_id: Id, name: z.string(), category: z.string() };

/** A customer as the recommender knows them, and what it makes of it. */
export const Explanation = z
  .object({
    customer: z.object({ id: Id, full_name: z.string() }).meta({ description: "Who it is" }),
    bought: z
      .array(
        z.object({ ...named, times: z.int(), last_placed_at: z.string().meta({ description: "In the newest order" }) }),
      )
      .meta({ description: "What they bought, the latest first" }),
    categories: z
      .array(z.object({ category: z.string(), products: z.int().meta({ description: "How many different ones" }) }))
      .meta({ description: "Where that belongs, the most often first" }),
    recommendations: z.array(
      z.object({
        ...named,
        score: z.number().meta({ description: "Falls from the first to the last" }),
        reason: z.string(),
      }),
    ),
  })
  .meta({ id: "RecommendExplanation" });
export type Explanation = z.infer<typeof Explanation>;

/** Who says which products are neighbours: see model/co-occurrence.ts and model/ease.ts. */
const neighbourMethods = ["none", "cosine", "tfidf", "bm25", "rp3beta", "damped", "orders", "ease"] as const;

/** How a model is trained and used. The defaults were found on a validation period, see docs/decisions. */
export const TrainingSettings = z.strictObject({
  factors: z.int().min(1).max(512).default(64),
  factors_weight: z.number().min(0).max(10).default(1),
  epochs: z.int().min(1).max(100).default(8),
  unobserved: z.number().min(0).max(10).default(0.3),
  regularization: z.number().positive().max(10).default(0.003),
  neighbours: z.enum(neighbourMethods).default("none"),
  neighbours_weight: z.number().min(0).max(10).default(1),
  neighbours_kept: z.int().min(1).max(1_000).default(100),
  recency_half_life_days: z.number().positive().max(36_500).default(45),
  recency_floor: z.number().min(0).max(1).default(0.1),
  order_decay: z.number().min(0.01).max(1).default(1),
  trend_weight: z.number().min(0).max(10).default(1),
  trend_half_life_days: z.number().positive().max(36_500).default(3),
  trend_smoothing: z.number().positive().max(1_000_000).default(8),
  seed: z.int().min(0).max(LARGEST_ID).default(1),
});

export type TrainingSettings = z.infer<typeof TrainingSettings>;
