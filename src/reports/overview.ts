import type { Job } from "../jobs/registry";
import { listJobs } from "../jobs/runs";
import type { Shop } from "../shop/shop";
import { COUNTED_MOST, countSome, findTrainingTime } from "./queries";
import type { Overview } from "./schema";

const DAYS_LOOKED_BACK = 30;

/** What is to be done in the shop now, in one look. Every count is bounded by an index or by COUNTED_MOST. */
export async function reportOverview(shop: Shop, jobs: readonly Job[]): Promise<Overview> {
  const { database } = shop;
  const since = new Date(shop.now().getTime() - DAYS_LOOKED_BACK * 86_400_000).toISOString();
  const states = await listJobs(shop, jobs);
  const placed = "orders o LEFT JOIN payments p ON p.order_id = o.id AND p.is_current = 1 WHERE o.status = 'placed'";
  const isPayable = "(p.id IS NULL OR p.provider = 'cod' OR p.state = 'captured')";
  return {
    to_pack: await countSome(database, `${placed} AND o.payment_status <> 'refunded' AND ${isPayable}`),
    to_ship: await countSome(database, "orders WHERE status = 'packed'"),
    unpaid: await countSome(database, `${placed} AND NOT ${isPayable}`),
    flagged: await countSome(database, "payments WHERE flag IS NOT NULL"),
    refunds_waiting: await countSome(database, "refunds WHERE state IN ('owed', 'sent')"),
    returns_open: await countSome(database, "returns WHERE status IN ('requested', 'approved')"),
    sold_out: await countSome(
      database,
      `sold_out o CROSS JOIN products p
       WHERE p.id = o.product_id AND p.deleted_at IS NULL AND p.parent_id IS NULL`,
    ),
    deliveries_given_up: await countSome(
      database,
      "deliveries WHERE state <> 'sent' AND state = 'given_up' AND ended_at >= $1",
      [since],
    ),
    searches_missed: await countSome(database, "search_misses"),
    jobs_failing: states.filter(({ last_failure }) => last_failure !== null).map(({ name }) => name),
    last_backup_at: states.find(({ name }) => name === "backup")?.last_started_at ?? null,
    last_training_at: await findTrainingTime(database),
    counted_most: COUNTED_MOST,
  };
}
