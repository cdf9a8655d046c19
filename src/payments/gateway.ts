import type { Shop } from "../shop/shop";
import type { Payment } from "./queries";
import type { Refund } from "./refund-queries";

/** How a payment stands at its gateway. */
export type Outcome =
  | { is: "open" }
  // With what the gateway calls it: this may be heard before the answer to our opening it.
  | { is: "captured"; amount_minor: number; currency: string; gateway_id?: string }
  | { is: "declined" }
  | { is: "expired" };

/** What a gateway tells about one payment, by our reference. */
export interface PaymentEvent {
  id: string;
  kind: string;
  /** Ours; absent in events that are about something else. */
  reference: string | undefined;
  outcome: Outcome;
}

/**
 * A way to pay through a gateway. Cash on delivery is none of these: nothing has to be asked of anybody.
 * Every call may be repeated: the payment's and the refund's reference tell the gateway that it is the same one.
 * Each throws ShopError `payment_unavailable` when the gateway can't be asked now, or not within the patience given.
 */
export interface Gateway {
  /** Makes the payment known to the gateway and says where the customer pays. */
  open(shop: Shop, payment: Payment): Promise<{ gateway_id: string; payment_url: string | null }>;
  /** Asks how it stands. */
  look(shop: Shop, payment: Payment): Promise<Outcome>;
  /** Sees to it that it can't be paid any more, and says how it stands then. */
  close(shop: Shop, payment: Payment, patience?: AbortSignal): Promise<Outcome>;
  /** Pays back; undefined when the gateway refuses for good. */
  refund(
    shop: Shop,
    payment: Payment,
    refund: Refund,
    patience?: AbortSignal,
  ): Promise<{ gateway_id: string } | undefined>;
  /** Reads a webhook. Undefined where no secret is set; throws ShopError `bad_signature`. */
  readEvent: ((shop: Shop, headers: Headers, body: string) => PaymentEvent) | undefined;
}
