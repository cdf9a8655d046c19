/** How an order stands, as its events tell it. The words are those of the order's own states. */
interface OrderEvent {
  order_id: number;
  status: string;
  payment_status: string;
}

/**
 * What happens in the shop, by the name under which others hear of it, with what they are told: ids, states and amounts in
 * major units, nothing personal. Receivers ask the API for more.
 */
export interface EventData {
  "order.placed": OrderEvent;
  "order.paid": OrderEvent;
  "order.cancelled": OrderEvent & { cause: string };
  "order.packed": OrderEvent;
  "order.unpacked": OrderEvent;
  /** Without a shipment where what is left of an order that left in part was cancelled. */
  "order.shipped": OrderEvent & { shipment_id: number | null };
  "order.delivered": OrderEvent;
  /** Units came off it before they left, or came back, or it is to be paid in another way. */
  "order.changed": OrderEvent & { cause: string };
  "order.refunded": OrderEvent & { refund_id: number; amount: number; currency: string };
  "return.requested": ReturnEvent;
  "return.decided": ReturnEvent;
  "return.received": ReturnEvent;
  "invoice.issued": { order_id: number; invoice_id: number; kind: "invoice" | "credit_note"; label: string };
  "product.changed": { product_id: number; change: "created" | "changed" | "deleted" };
  "stock.low": { product_id: number; available: number };
  "user.registered": { user_id: number };
  "user.erased": { user_id: number };
  "payment.flagged": { order_id: number };
  "delivery.given_up": { delivery_id: number; channel: string; target: string };
  "webhook.test": { webhook_id: number };
}

interface ReturnEvent {
  order_id: number;
  return_id: number;
  status: string;
  kind: string;
}

export type EventType = keyof EventData;

/** What a webhook can be told of. What is left out is the shop's own business. */
export const WEBHOOK_TYPES = [
  "order.placed",
  "order.paid",
  "order.cancelled",
  "order.packed",
  "order.unpacked",
  "order.shipped",
  "order.delivered",
  "order.refunded",
  "order.changed",
  "return.requested",
  "return.decided",
  "return.received",
  "invoice.issued",
  "product.changed",
  "stock.low",
  "user.registered",
  "user.erased",
  "webhook.test",
] as const satisfies readonly EventType[];

/** An event as it is read back. */
export interface ShopEvent {
  id: number;
  event_id: string;
  type: EventType;
  order_id: number | null;
  data: Record<string, unknown>;
  created_at: string;
  position: number | null;
}

/** One event on its way to one receiver. */
export interface Delivery {
  id: number;
  channel: ChannelName;
  target: string;
  tries: number;
  event: ShopEvent;
}

export type ChannelName = "mail" | "webhook" | "invoice";
