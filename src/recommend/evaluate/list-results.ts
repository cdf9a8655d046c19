import { DAY_MS } from "../model/time";
import { z } from "zod";
import { listPurchasesSince } from "../../orders/purchases";
import type { Shop } from "../../shop/shop";
import { deleteOldRecords, listClicks, listShown } from "./queries";

/** What came of the lists that one model gave in one context. */
export const ListResult = z
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
export type ListResult = z.infer<typeof ListResult>;

/** What a list may take the credit for: what happens so soon after it. */
const CREDIT_DAYS = 7;
const LISTS_PER_PAGE = 2_000;

/** How often what was shown was clicked and bought, for each model and context, over the last `days`. */
export async function listResults(shop: Shop, days = 30): Promise<ListResult[]> {
  const since = new Date(shop.now().getTime() - days * DAY_MS).toISOString();
  const { database } = shop;
  const clicks = timesOf(await listClicks(database, since));
  const purchases = timesOf(
    (await listPurchasesSince(database, since)).map(({ placed_at, ...line }) => ({ ...line, created_at: placed_at })),
  );
  const counts = new Map<string, Pick<ListResult, "model_id" | "context" | "lists" | "clicked" | "bought">>();
  for (let after = 0; ;) {
    const page = await listShown(database, after, since, LISTS_PER_PAGE);
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
    if (!last || page.length < LISTS_PER_PAGE) break;
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

/** Deletes what the settings keep no longer. */
export async function forgetOldRecords(shop: Shop): Promise<void> {
  const before = new Date(shop.now().getTime() - shop.settings.recommendLogDays * DAY_MS).toISOString();
  await shop.database.transaction((tx) => deleteOldRecords(tx, before));
}
