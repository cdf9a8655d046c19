import type { Shop } from "../shop/shop";
import type { Payment } from "./queries";
import type { Refund } from "./refund-queries";

/** How a payment stands at its gateway. */
export type Outcome =
  /** The customer has not paid. */
  | { is: "open" }
  /** The customer has done their part, and the money is on its way: hours or days. */
  | { is: "under_way"; money?: string | undefined }
  /** With what the gateway calls it: this may be heard before the answer to our opening it. */
  | {
      is: "captured";
      amount_minor: number;
      currency: string;
      gateway_id?: string | undefined;
      money?: string | undefined;
    }
  /** This try came to nothing. */
  | { is: "declined" }
  /** The money that was on its way does not come: nothing more will come of the order. */
  | { is: "failed" }
  | { is: "expired" };

/** How a refund stands at its gateway. */
export interface RefundNews {
  gateway_id: string;
  /** Ours, where the refund was asked for by us. */
  reference?: string | undefined;
  amount_minor: number;
  currency: string;
  state: "sent" | "done" | "failed";
}

/** What a gateway tells about. Money is what it calls a payment once there is some. */
export type News =
  | { about: "payment"; reference: string; outcome: Outcome }
  | { about: "refund"; money: string; refund: RefundNews }
  /** How much of a payment was paid back so far, at the shop's wish or by other hands. */
  | { about: "refunds"; money: string; refunded_minor: number; currency: string }
  | {
      about: "dispute";
      money: string;
      state: "open" | "won" | "lost";
      gateway_id: string;
      amount_minor: number;
      currency: string;
      /** When that was so, where the gateway says. */
      at?: string | undefined;
    }
  | { about: "nothing" };

export interface PaymentEvent {
  id: string;
  kind: string;
  news: News;
}

/** What a gateway says to a refund. `already_refunded`: others have paid all of it back. */
export type RefundAnswer =
  | { is: "sent" | "done"; gateway_id: string }
  | { is: "failed"; why: string; gateway_id?: string | undefined }
  | { is: "already_refunded" };

/** Where a customer pays. */
export interface Opened {
  gateway_id: string;
  payment_url: string | null;
}

/**
 * A way to pay through a gateway. Cash on delivery is none of these: nothing has to be asked of anybody.
 * Every call may be repeated within a day: the payment's and the refund's reference tell the gateway that it is the same
 * one. Each throws ShopError `payment_unavailable` when the gateway can't be asked now, or not within the patience given,
 * and `payment_refused` for what it will never take.
 */
export interface Gateway {
  /** The least that it takes, in minor units; undefined where it says nothing. */
  leastAmount(currency: string): number | undefined;
  /** Makes the payment known to the gateway and says where the customer pays. */
  open(shop: Shop, payment: Payment): Promise<Opened>;
  /** One that was made known before, in an answer that never came. */
  find(shop: Shop, payment: Payment): Promise<Opened | undefined>;
  /** Asks how it stands. */
  look(shop: Shop, payment: Payment): Promise<Outcome>;
  /** Sees to it that it can't be paid any more, and says how it stands then. */
  close(shop: Shop, payment: Payment, patience?: AbortSignal): Promise<Outcome>;
  refund(shop: Shop, payment: Payment, refund: Refund, patience?: AbortSignal): Promise<RefundAnswer>;
  /** All refunds of a payment that it knows, also those made by other hands. */
  refundsOf(shop: Shop, payment: Payment, patience?: AbortSignal): Promise<RefundNews[]>;
  /** Our reference of the payment that some money came by; undefined when it is none of ours. */
  referenceOf(shop: Shop, money: string): Promise<string | undefined>;
  /** Reads a webhook. Undefined where no secret is set; throws ShopError `bad_signature`. */
  readEvent: ((shop: Shop, headers: Headers, body: string) => PaymentEvent) | undefined;
}
