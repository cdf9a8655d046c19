import { z } from "zod";
import type { Shop } from "../../shop/shop";
import { judgeLists, type JudgedList } from "../evaluate/list-results";
import { differenceWithInterval, shareWithInterval, type Tries } from "../model/interval";
import { Interval } from "../schema";
import { listInUse, type ModelInUse } from "./queries";

const Arm = z
  .object({
    model_id: z.int(),
    role: z.enum(["serving", "candidate"]),
    customers: z.int().meta({ description: "Who were shown a list of it" }),
    lists: z.int().meta({ description: "Shown since the trial began; of very many the newest" }),
    click_through: Interval,
    purchase_through: Interval,
  })
  .meta({ id: "RecommendArm" });

/** The model in service beside the one on trial. */
export const RecommendTrial = z
  .object({
    since: z.string().nullable().meta({ description: "When the trial began; null while there is none" }),
    percent: z.number().meta({ description: "The share of the customers who get the model on trial" }),
    arms: z.array(Arm).meta({ description: "The model in service, then the one on trial; none without a trial" }),
    difference: z
      .object({ click_through: Interval, purchase_through: Interval })
      .nullable()
      .meta({ description: "By how much the model on trial does better; an interval without 0 is no chance" }),
  })
  .meta({ id: "RecommendTrial" });
export type RecommendTrial = z.infer<typeof RecommendTrial>;

/** What came of the lists of both models since the trial began, by customers, with 95 % intervals. */
export async function compareTrial(shop: Shop): Promise<RecommendTrial> {
  const percent = shop.settings.recommendCandidatePercent;
  const inUse = await listInUse(shop.database);
  const serving = inUse.find(({ role }) => role === "serving");
  const candidate = inUse.find(({ role }) => role === "candidate");
  if (!serving || !candidate) return { since: null, percent, arms: [], difference: null };
  // A model that came into service since then has been compared for as long.
  const since = [serving.served_at ?? "", candidate.served_at ?? ""].toSorted().at(-1) ?? "";
  const shown = new Map([serving, candidate].map(({ id }) => [id, new Map<number, Customer>()]));
  await judgeLists(shop, since, (list) => note(shown.get(list.model_id ?? 0), list));
  const armOf = ({ id, role }: ModelInUse) => {
    const customers = [...(shown.get(id)?.values() ?? [])];
    return { model_id: id, role, clicks: customers.map(clicksOf), purchases: customers.map(purchasesOf) };
  };
  const [before, after] = [armOf(serving), armOf(candidate)];
  return {
    since,
    percent,
    arms: [before, after].map(({ model_id, role, clicks, purchases }) => ({
      model_id,
      role,
      customers: clicks.length,
      lists: clicks.reduce((sum, { lists }) => sum + lists, 0),
      click_through: shareWithInterval(clicks),
      purchase_through: shareWithInterval(purchases),
    })),
    difference: {
      click_through: differenceWithInterval(before.clicks, after.clicks),
      purchase_through: differenceWithInterval(before.purchases, after.purchases),
    },
  };
}

interface Customer {
  lists: number;
  clicked: number;
  bought: number;
}

const clicksOf = ({ lists, clicked }: Customer): Tries => ({ lists, hits: clicked });
const purchasesOf = ({ lists, bought }: Customer): Tries => ({ lists, hits: bought });

function note(customers: Map<number, Customer> | undefined, { user_id, clicked, bought }: JudgedList): void {
  if (!customers) return;
  const customer = customers.get(user_id) ?? { lists: 0, clicked: 0, bought: 0 };
  customers.set(user_id, customer);
  customer.lists++;
  if (clicked) customer.clicked++;
  if (bought) customer.bought++;
}
