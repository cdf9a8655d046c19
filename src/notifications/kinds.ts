/** What the shop writes to a customer, each kind once about one thing. */
const CUSTOMER_KINDS = [
  "order_confirmed",
  "order_shipped",
  "order_cancelled",
  "order_refunded",
  "withdrawal_received",
  "return_decided",
  "invoice_issued",
] as const;

/** What it writes to the shopkeeper, at SHOP_EMAIL. */
const SHOP_KINDS = ["shop_new_order", "shop_low_stock", "shop_deliveries_given_up", "shop_flagged_payment"] as const;

export const MAIL_KINDS = [...CUSTOMER_KINDS, ...SHOP_KINDS] as const;

export type MailKind = (typeof MAIL_KINDS)[number];

export const isShopKind = (kind: MailKind): boolean => SHOP_KINDS.some((shopKind) => shopKind === kind);
