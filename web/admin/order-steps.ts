import { Problem, shop, type Shapes } from "../kit/api";
import { say, sayUndoable } from "../kit/toasts";
import { whoChanged } from "../kit/version";
import * as words from "../words/admin";
import { stateWord } from "../words/kit";

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
export async function take({ id, history }: Order, { noun, to }: Step): Promise<Order> {
  try {
    return await shop(`POST /orders/{id}/${noun}`, {
      path: { id },
      idempotencyKey: `admin-${id}-${to}-${history.length}`,
    });
  } catch (error) {
    const now =
      error instanceof Problem && error.problem.status === 409 && (await shop("GET /orders/{id}", { path: { id } }));
    const last = now && now.history.length > history.length && now.history.at(-1);
    if (!last) throw error;
    // Somebody else was quicker: they, and when, are of more use than that it can't be done.
    const who = await whoChanged(`orders/${id}/${NOUNS[now.status]}`, last.at);
    throw new Error(words.isAlready(stateWord(now.status), who), { cause: error });
  }
}

/** What took an order to a state. */
const NOUNS: Record<Status, string> = {
  placed: "unpacking",
  packed: "packing",
  shipped: "shipment",
  delivered: "delivery",
  cancelled: "cancellation",
  returned: "return",
};

/** Says what was done. Packing can be taken back, since nobody outside has seen it; `show` is given each order as it is then. */
export function sayTaken(text: string, { to }: Step, orders: readonly Order[], show: (order: Order) => void): void {
  const unpack = async () => {
    for (const { id } of orders) {
      show(await shop("POST /orders/{id}/unpacking", { path: { id }, idempotencyKey: crypto.randomUUID() }));
    }
  };
  if (to === "packed" && orders.length > 0) sayUndoable(text, unpack);
  else say(text);
}
