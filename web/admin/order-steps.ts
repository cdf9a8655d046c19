import { shop, type Shapes } from "../kit/api";
import { attempt, say } from "../kit/toasts";
import * as words from "../words/admin";

export type Status = Shapes["Order"]["status"];

export const STATUSES = ["placed", "packed", "shipped", "delivered", "cancelled", "returned"] as const;

export interface Step {
  to: Status;
  verb: string;
  noun: "packing" | "shipment" | "delivery";
}

/** The usual way of an order; what else can be done stands on its own page. */
export const NEXT_STEPS: Partial<Record<Status, Step>> = {
  placed: { to: "packed", verb: words.pack, noun: "packing" },
  packed: { to: "shipped", verb: words.ship, noun: "shipment" },
  shipped: { to: "delivered", verb: words.delivered, noun: "delivery" },
};

type Order = Shapes["Order"];

/**
 * Takes an order a step on. The key makes asking twice harmless: after a lost answer, or a double click. It is another one
 * once the order has moved, so that what was taken back can be done again.
 */
export function take({ id, history }: Order, { noun, to }: Step): Promise<Order> {
  return shop(`POST /orders/{id}/${noun}`, {
    path: { id },
    idempotencyKey: `admin-${id}-${to}-${history.length}`,
  });
}

/** Says what was done. Packing can be taken back, since nobody outside has seen it; `show` is given each order as it is then. */
export function sayTaken(text: string, { to }: Step, orders: readonly Order[], show: (order: Order) => void): void {
  const unpack = () =>
    void attempt(async () => {
      for (const { id } of orders) {
        show(await shop("POST /orders/{id}/unpacking", { path: { id }, idempotencyKey: crypto.randomUUID() }));
      }
    });
  say(text, to === "packed" && orders.length > 0 ? { undo: unpack } : {});
}
