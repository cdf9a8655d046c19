import { ShopError } from "../base/errors";
import { type EventType, recordEvent } from "../events/events";
import type { Transaction } from "../storage/database";
import { insertStep } from "./history-queries";
import { type HeldOrder, updateStates } from "./queries";
import { type Cause, paymentSteps, type States, statusSteps } from "./states";

/**
 * Takes an order one step on, and writes the step into its history and the outbox. The order is held by this transaction
 * already, and with the last of it a shipment has left. Throws `conflict` when there is no such step.
 */
export async function advance(
  tx: Transaction,
  order: HeldOrder,
  to: Partial<States>,
  cause: Cause,
  now: string,
  shipmentId: number | null = null,
): Promise<HeldOrder> {
  const next: States = { status: order.status, payment_status: order.payment_status, ...to };
  // What is asked for must be a step: shipping what has shipped is none, though it would change nothing.
  const moves =
    (to.status === undefined || statusSteps[order.status].includes(to.status)) &&
    (to.payment_status === undefined || paymentSteps[order.payment_status].includes(to.payment_status));
  if (!moves) throw noSuchStep(order);
  // A hold is for goods that nobody has paid yet, and only as long as they may still be paid.
  const waits = next.payment_status === "pending" && next.status === order.status;
  const hold_until = waits ? order.hold_until : null;
  await updateStates(tx, order.id, next, hold_until);
  await insertStep(tx, order.id, next, cause, now);
  await recordSteps(tx, order.id, next, { to, cause, now, shipmentId });
  return { ...order, ...next, hold_until };
}

/** Which steps others hear of. What is paid back they hear of with its amount: see `oweRefund`. */
const STEP_EVENTS = {
  placed: "order.unpacked",
  packed: "order.packed",
  delivered: "order.delivered",
  paid: "order.paid",
} as const satisfies Record<string, EventType>;

async function recordSteps(
  tx: Transaction,
  order_id: number,
  { status, payment_status }: States,
  { to, cause, now, shipmentId }: { to: Partial<States>; cause: Cause; now: string; shipmentId: number | null },
): Promise<void> {
  const data = { order_id, status, payment_status };
  if (to.status === "returned") await recordEvent(tx, "order.changed", { ...data, cause }, now);
  if (to.status === "shipped") await recordEvent(tx, "order.shipped", { ...data, shipment_id: shipmentId }, now);
  if (to.status === "cancelled") await recordEvent(tx, "order.cancelled", { ...data, cause }, now);
  for (const [state, type] of Object.entries(STEP_EVENTS)) {
    if (to.status === state || to.payment_status === state) await recordEvent(tx, type, data, now);
  }
}

function noSuchStep({ status, payment_status }: States): ShopError {
  return new ShopError(
    "conflict",
    `That can't be done to an order that is ${status} and whose payment is ${payment_status.replace("_", " ")}.`,
  );
}
