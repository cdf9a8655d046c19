import { shop, type Shapes } from "../kit/api";
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

/** Takes an order a step on. The key makes asking twice harmless: after a lost answer, or a double click. */
export function take(id: number, { noun, to }: Step): Promise<Shapes["Order"]> {
  return shop(`POST /orders/{id}/${noun}`, { path: { id }, idempotencyKey: `admin-${id}-${to}` });
}
