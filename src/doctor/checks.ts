import { isStep, type States } from "../orders/states";
import { idsRunningOut } from "../storage/sql";
import { accountChecks } from "./account-checks";
import { catalogChecks } from "./catalog-checks";
import { findWrongStock, findWrongUses } from "./counters";
import { type Check, type Finding, finding, told } from "./finding";
import { goodsChecks } from "./goods-checks";
import { leavingChecks } from "./leaving-checks";
import { paymentChecks } from "./payment-checks";
import { priceChecks } from "./price-checks";
import { many } from "../base/many";

/**
 * What must always hold, by what it is called. Reads across all tables, as nothing else does; each check is one
 * statement, and so sees one moment of a shop that goes on selling.
 */
export const checks: Record<string, Check> = {
  "stock counters are the sums of the ledger": (reader) =>
    told(
      findWrongStock(reader),
      (row) =>
        `Product ${row.product_id} has ${row.on_hand} on hand and ${row.reserved} reserved, but its ledger says ${row.ledger_on_hand} and ${row.ledger_reserved}.`,
      true,
    ),

  ...catalogChecks,

  "ids do not run out": (reader) =>
    told(
      reader.all<{ name: string; last_id: number }>(idsRunningOut(reader.engine)),
      ({ name, last_id }) =>
        `Ids of ${name} are at ${last_id} of 2147483647. In a quiet hour: ALTER TABLE ${name} ALTER COLUMN id TYPE BIGINT, and so ` +
        "for each column that refers to it. The table is locked meanwhile, about three seconds for a million rows.",
    ),

  ...goodsChecks,

  "the ledger moves what orders have": (reader) =>
    told(
      reader.all<{ order_id: number; product_id: number }>(
        `SELECT DISTINCT m.order_id, m.product_id FROM stock_moves m
         LEFT JOIN order_items i ON i.order_id = m.order_id AND i.product_id = m.product_id
         WHERE m.order_id IS NOT NULL AND i.order_id IS NULL ORDER BY m.order_id, m.product_id`,
      ),
      (row) => `Order ${row.order_id} moved product ${row.product_id}, which it does not have.`,
    ),

  ...priceChecks,

  ...accountChecks,
  ...paymentChecks,
  ...leavingChecks,

  "coupons are used as often as they say, and may be": (reader) =>
    told(
      findWrongUses(reader),
      (row) =>
        `Coupon ${row.code} says ${many(row.uses, "use")}, but ${many(row.counted, "order holds", "orders hold")} one.`,
      true,
    ),

  "orders hold the coupon that they name": (reader) =>
    told(
      reader.all<{
        id: number;
        status: string;
      }>(`SELECT o.id, o.status FROM orders o LEFT JOIN coupon_uses u ON u.order_id = o.id
       WHERE COALESCE(o.coupon_code, '') <> COALESCE(u.code, '')
         OR (u.order_id IS NOT NULL
           AND (o.status = 'cancelled' OR o.payment_status = 'failed') <> (u.returned_at IS NOT NULL)) ORDER BY o.id`),
      (row) => `Order ${row.id} is ${row.status}, and its use of a coupon does not fit that.`,
    ),

  "histories are paths in the state graphs": async (reader) => {
    const broken: Finding[] = [];
    for (let after = 0; ;) {
      const steps = await reader.all<OrderStep>(
        `SELECT o.id, h.step, h.status, h.payment_status, h.cause, o.status AS now_status, o.payment_status AS now_payment_status
         FROM (SELECT id, status, payment_status FROM orders WHERE id > $1 ORDER BY id LIMIT ${ORDERS_AT_ONCE}) o
         LEFT JOIN order_history h ON h.order_id = o.id ORDER BY o.id, h.step`,
        [after],
      );
      if (steps.length === 0) return broken;
      broken.push(...brokenPaths(steps));
      after = steps.at(-1)?.id ?? after;
    }
  },
};

/** As many histories as are held in memory at once. */
const ORDERS_AT_ONCE = 2_000;

type OrderStep = Step & { now_status: string; now_payment_status: string };

function brokenPaths(steps: readonly OrderStep[]): Finding[] {
  const broken: Finding[] = [];
  for (const [id, path] of Map.groupBy(steps, (step) => step.id)) {
    const last = path.at(-1);
    const ends = last?.status === last?.now_status && last?.payment_status === last?.now_payment_status;
    if (!isPath(path) || !ends) broken.push(finding(`Order ${id} has a history that is no path to where it is.`));
  }
  return broken;
}

interface Step extends States {
  id: number;
  /** Null in the one row of an order without a history. */
  step: number | null;
  cause: string;
}

function isPath(path: readonly Step[]): boolean {
  const [first] = path;
  if (!first || first.step !== 1) return false;
  const begins =
    first.cause === "imported" ||
    (first.cause === "placed" && first.status === "placed" && first.payment_status === "pending");
  return (
    begins &&
    path.every((step, index) => {
      const before = path[index - 1];
      return !before || (step.step === index + 1 && isStep(before, step));
    })
  );
}
