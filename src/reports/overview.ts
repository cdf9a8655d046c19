import type { Job } from "../jobs/registry";
import { listJobs } from "../jobs/runs";
import { WAITING } from "../orders/condition-queries";
import type { Shop } from "../shop/shop";
import { COUNTED_MOST, countSome, findTrainingTime } from "./queries";
import type { Overview } from "./schema";

/** What is to be done in the shop now, in one look: each count is that of a list. Every count is bounded by an index or by COUNTED_MOST. */
export async function reportOverview(shop: Shop, jobs: readonly Job[]): Promise<Overview> {
  const { database } = shop;
  const states = await listJobs(shop, jobs);
  return {
    to_pack: await countSome(database, `orders o WHERE ${WAITING.packing}`),
    to_ship: await countSome(database, "orders WHERE status = 'packed'"),
    unpaid: await countSome(database, `orders o WHERE ${WAITING.payment}`),
    flagged: await countSome(database, ordersOf("payments WHERE flag IS NOT NULL AND order_id IS NOT NULL")),
    refunds_waiting: await countSome(database, ordersOf("refunds WHERE state IN ('owed', 'sent')")),
    returns_open: await countSome(database, "returns WHERE status IN ('requested', 'approved')"),
    sold_out: await countSome(
      database,
      `sold_out o CROSS JOIN products p
       WHERE p.id = o.product_id AND p.deleted_at IS NULL AND p.parent_id IS NULL`,
    ),
    deliveries_given_up: await countSome(database, "deliveries WHERE state <> 'sent' AND state = 'given_up'"),
    searches_missed: await countSome(database, "search_misses"),
    jobs_failing: states.filter(({ last_failure }) => last_failure !== null).map(({ name }) => name),
    last_backup_at: states.find(({ name }) => name === "backup")?.last_started_at ?? null,
    last_training_at: await findTrainingTime(database),
    counted_most: COUNTED_MOST,
  };
}

/** Each order once: the list that a count leads to has one row for it. */
const ordersOf = (from: string) => `(SELECT DISTINCT order_id FROM ${from}) AS several`;
