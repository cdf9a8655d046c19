import { z } from "zod";
import { listPurchasesSince } from "../../orders/purchases";
import type { Shop } from "../../shop/shop";
import { listClicks, listShown } from "../queries";
import { DAY_MS } from "../train/training-data";

/** What came of the lists that one model gave in one context. */
export const Outcome = z
  .object({
    /** Null where best sellers stood in for a model. */
    model_id: z.int().nullable(),
    context: z.string(),
    lists: z.int().meta({ description: "Shown" }),
    clicked: z.int().meta({ description: "Lists of which something was clicked within a week" }),
    bought: z.int().meta({ description: "Lists of which something was bought within a week" }),
    click_through: z.number(),
    purchase_through: z.number(),
  })
  .meta({ id: "RecommendOutcome" });
export type Outcome = z.infer<typeof Outcome>;

/** What a list may take the credit for: what happens so soon after it. */
const CREDIT_DAYS = 7;
const LISTS_A_PAGE = 2_000;

/** How often what was shown was clicked and bought, for each model and context, over the last `days`. */
export async function outcomesOf(shop: Shop, days = 30): Promise<Outcome[]> {
  const since = new Date(shop.now().getTime() - days * DAY_MS).toISOString();
  const { database } = shop;
  const clicks = timesOf(await listClicks(database, since));
  const purchases = timesOf(
    (await listPurchasesSince(database, since)).map(({ placed_at, ...line }) => ({ ...line, created_at: placed_at })),
  );
  const counts = new Map<string, Pick<Outcome, "model_id" | "context" | "lists" | "clicked" | "bought">>();
  for (let after = 0; ;) {
    const page = await listShown(database, after, since, LISTS_A_PAGE);
    for (const { user_id, context, model_id, products, created_at } of page) {
      const key = `${model_id} ${context}`;
      const count = counts.get(key) ?? { model_id, context, lists: 0, clicked: 0, bought: 0 };
      counts.set(key, count);
      const until = new Date(Date.parse(created_at) + CREDIT_DAYS * DAY_MS).toISOString();
      const within = (times: Times) =>
        products.some((product) => times.get(`${user_id} ${product}`)?.some((at) => at >= created_at && at <= until));
      count.lists++;
      if (within(clicks)) count.clicked++;
      if (within(purchases)) count.bought++;
    }
    const last = page.at(-1);
    if (!last || page.length < LISTS_A_PAGE) break;
    after = last.id;
  }
  return [...counts.values()]
    .map((count) => ({
      ...count,
      click_through: count.clicked / count.lists,
      purchase_through: count.bought / count.lists,
    }))
    .toSorted((a, b) => (b.model_id ?? 0) - (a.model_id ?? 0) || (a.context < b.context ? -1 : 1));
}

/** When each customer did something to each product. */
type Times = Map<string, string[]>;

function timesOf(rows: readonly { user_id: number; product_id: number; created_at: string }[]): Times {
  const times: Times = new Map();
  for (const { user_id, product_id, created_at } of rows) {
    const key = `${user_id} ${product_id}`;
    const known = times.get(key);
    if (known) known.push(created_at);
    else times.set(key, [created_at]);
  }
  return times;
}
