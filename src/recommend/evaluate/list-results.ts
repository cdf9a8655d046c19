import { DAY_MS } from "../../base/time";
import { z } from "zod";
import { turns } from "../../base/turns";
import { listPurchasesOf } from "../../orders/purchases";
import type { Shop } from "../../shop/shop";
import type { Reader } from "../../storage/database";
import { deleteOldRecords, findShownFrom, listClicksOf, listShown } from "./queries";

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
const LISTS_PER_PAGE = 500;
/** Of more lists than this the newest are counted. */
const LISTS_COUNTED_MOST = 50_000;

/**
 * How often what was shown was clicked and bought, for each model and context, over the last `days`; of very many lists, for
 * the newest.
 */
export async function listResults(shop: Shop, days = 30): Promise<ListResult[]> {
  const since = new Date(shop.now().getTime() - days * DAY_MS).toISOString();
  const counts = new Map<string, Pick<ListResult, "model_id" | "context" | "lists" | "clicked" | "bought">>();
  await judgeLists(shop, since, ({ context, model_id, clicked, bought }) => {
    const key = `${model_id} ${context}`;
    const count = counts.get(key) ?? { model_id, context, lists: 0, clicked: 0, bought: 0 };
    counts.set(key, count);
    count.lists++;
    if (clicked) count.clicked++;
    if (bought) count.bought++;
  });
  return [...counts.values()]
    .map((count) => ({
      ...count,
      click_through: count.clicked / count.lists,
      purchase_through: count.bought / count.lists,
    }))
    .toSorted((a, b) => (b.model_id ?? 0) - (a.model_id ?? 0) || (a.context < b.context ? -1 : 1));
}

/** A list that was shown, and whether something of it was clicked and bought within a week. */
export interface JudgedList {
  user_id: number;
  context: string;
  model_id: number | null;
  clicked: boolean;
  bought: boolean;
}

/** Hands over each list since a moment. Some at a time, with what their customers did, so that it holds up nobody and takes little memory. */
export async function judgeLists(shop: Shop, since: string, judge: (list: JudgedList) => void): Promise<void> {
  const { database } = shop;
  for (let after = await findShownFrom(database, LISTS_COUNTED_MOST); ; await turns.yield()) {
    const page = await listShown(database, after, since, LISTS_PER_PAGE);
    const did = await whatCustomersDid(database, page);
    for (const { user_id, context, model_id, products, created_at } of page) {
      const until = endOfCredit(created_at);
      const within = (times: Times) =>
        products.some((product) => times.get(`${user_id} ${product}`)?.some((at) => at >= created_at && at <= until));
      judge({ user_id, context, model_id, clicked: within(did.clicks), bought: within(did.purchases) });
    }
    const last = page.at(-1);
    if (!last || page.length < LISTS_PER_PAGE) break;
    after = last.id;
  }
}

const endOfCredit = (shownAt: string) => new Date(Date.parse(shownAt) + CREDIT_DAYS * DAY_MS).toISOString();

/** What the customers of these lists clicked and bought, as far as a list may take the credit for it. */
async function whatCustomersDid(
  reader: Reader,
  shown: readonly { user_id: number; created_at: string }[],
): Promise<{ clicks: Times; purchases: Times }> {
  const moments = shown.map(({ created_at }) => created_at).toSorted();
  const [first, last] = [moments[0], moments.at(-1)];
  if (first === undefined || last === undefined) return { clicks: new Map(), purchases: new Map() };
  const users = [...new Set(shown.map(({ user_id }) => user_id))];
  const period = { since: first, until: endOfCredit(last) };
  return {
    clicks: timesOf(await listClicksOf(reader, users, period)),
    purchases: timesOf(await listPurchasesOf(reader, users, period)),
  };
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

/** In one transaction, so that others wait for none. */
const RECORDS_AT_ONCE = 2_000;

/** Deletes what the settings keep no longer. */
export async function forgetOldRecords(shop: Shop): Promise<void> {
  const before = new Date(shop.now().getTime() - shop.settings.recommendLogDays * DAY_MS).toISOString();
  let deleted = 0;
  do {
    deleted = await shop.database.transaction((tx) => deleteOldRecords(tx, before, RECORDS_AT_ONCE));
  } while (deleted > 0);
}
