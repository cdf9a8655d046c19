/** Where the goods of an order can be. */
export const ORDER_STATES = ["placed", "packed", "shipped", "delivered", "cancelled", "returned"] as const;

/** Where its money can be. */
export const PAYMENT_STATES = ["pending", "paid", "failed", "partially_refunded", "refunded"] as const;

type OrderState = (typeof ORDER_STATES)[number];
type PaymentState = (typeof PAYMENT_STATES)[number];

type Steps<State extends string> = Readonly<Record<State, readonly State[]>>;

/**
 * Where an order can go from each state: the goods. Cancelling is for what has not left; what has left is returned.
 * Only packing is taken back: nobody outside has seen it.
 * docs/orders.md draws both graphs from here, and a test holds it to that.
 */
export const statusSteps: Steps<OrderState> = {
  placed: ["packed", "shipped", "cancelled"],
  packed: ["placed", "shipped", "cancelled"],
  shipped: ["delivered", "returned"],
  delivered: ["returned"],
  cancelled: [],
  returned: [],
};

/**
 * The same for the money. `failed` means that nothing will come for this order; where it comes all the same, it is taken
 * as paid and refunded, hence the step from failed to paid. A refund that fails at its gateway has not happened, hence the
 * steps back.
 */
export const paymentSteps: Steps<PaymentState> = {
  pending: ["paid", "failed"],
  failed: ["paid"],
  paid: ["partially_refunded", "refunded"],
  partially_refunded: ["partially_refunded", "refunded", "paid"],
  refunded: ["partially_refunded", "paid"],
};

/** Both states of an order. */
export interface States {
  status: OrderState;
  payment_status: PaymentState;
}

/** Whether an order may go from one pair of states to another in one step: each stays or follows its graph. */
export function isStep(from: States, to: States): boolean {
  return (
    (from.status === to.status || statusSteps[from.status].includes(to.status)) &&
    (from.payment_status === to.payment_status || paymentSteps[from.payment_status].includes(to.payment_status))
  );
}

/** Why an order took a step, as its history says. */
export const causes = [
  "placed",
  "imported",
  "paid",
  "nothing_to_pay",
  "payment_declined",
  "payment_expired",
  "payment_failed",
  "payment_refused",
  "payment_under_way",
  "payment_method_changed",
  "hold_expired",
  "cancelled_by_customer",
  "cancelled_by_shop",
  "packed",
  "unpacked",
  "shipped",
  "shipped_in_part",
  "cancelled_in_part",
  "delivered",
  "refunded",
  "refunded_at_provider",
  "refund_failed",
  "paid_too_late",
  "returned",
  "returned_in_part",
] as const;

export type Cause = (typeof causes)[number];
