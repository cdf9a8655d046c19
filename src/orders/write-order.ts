import { emailKey } from "../base/email";
import { ShopError } from "../base/errors";
import type { Address } from "../accounts/schema";
import { countUse } from "../coupons/coupons";
import { recordEvent } from "../events/events";
import { CASH } from "../payments/gateways";
import { insertPayment, findPayment } from "../payments/queries";
import { deliveryEta } from "../shipping/eta";
import type { Shop } from "../shop/shop";
import { reserveLines } from "../stock/order-lines";
import type { Transaction } from "../storage/database";
import { together } from "../storage/together";
import { holdFor } from "./holds";
import { getHeldOrder } from "./orders";
import { checkAmount } from "./payment-opening";
import { insertFirstSteps } from "./history-queries";
import { insertLines } from "./line-queries";
import { insertOrder, type OrderRecord } from "./queries";
import { quoteForOrder, type Quoted, type ToQuote } from "./quote";
import { settle } from "./settle";

/** An order that is about to be written: what is bought, by whom, and where it goes. Lines come by product id. */
export interface Draft extends ToQuote {
  address: Address | null;
  billing_address: Address | null;
  /** The word of the customer's program, and the provider that it means. */
  payment_method: string;
  provider: string;
  /** Where mail goes; without it, to the account. */
  email?: string | null | undefined;
  tax_id?: string | null | undefined;
  customer_note?: string | null | undefined;
  tags?: readonly string[];
  /** The money is here already. */
  is_paid?: boolean;
  /** Looks at what the customer has already; throws where the shop lets nobody have more. */
  checkLimits?(): Promise<void>;
  /** Looks at what it comes to before anything is written; throws where that is not what was expected. */
  check(quoted: Quoted): void;
}

export interface Written {
  id: number;
  order: OrderRecord;
}

/**
 * The one writer of orders: prices and reserves every line, or none, and writes down what the order, each line and each tax
 * came to. Throws `out_of_stock` naming every line that is short, what a quote throws, and `invalid` where the way to pay
 * takes no amount so small. What is done `meanwhile` is written with it.
 */
export async function writeOrder(
  shop: Shop,
  tx: Transaction,
  draft: Draft,
  meanwhile?: (written: Written) => Promise<unknown>,
): Promise<Written> {
  const placed_at = shop.now().toISOString();
  await draft.checkLimits?.();
  const quoted = await quoteForOrder(shop, tx, draft);
  draft.check(quoted);
  const { price, discount } = quoted;
  if (!draft.is_paid) checkAmount(shop, draft.provider, price.total_minor, shop.settings.currency);
  const order = orderOf(shop, draft, quoted);
  const id = await insertOrder(tx, order);
  const payment = { order_id: id, provider: draft.provider, reference: shop.newId(), currency: order.currency };
  const state = draft.provider === CASH ? "open" : "new";
  const placed = { order_id: id, status: "placed", payment_status: "pending" } as const;
  const [, , , , , , short] = await together([
    discount ? countUse(tx, { order_id: id, user_id: draft.user_id, code: discount.code }, placed_at) : NOTHING,
    insertLines(tx, [{ id, lines: draft.lines, shares: price.shares }]),
    insertFirstSteps(tx, [{ id, order }], "placed"),
    recordEvent(tx, "order.placed", placed, placed_at),
    insertPayment(tx, { ...payment, amount_minor: price.total_minor, state }, placed_at),
    meanwhile?.({ id, order }) ?? NOTHING,
    // Last, since others wait for the same shelves from here on.
    reserveLines(tx, id, draft.lines, placed_at, shop.settings.stockLowAt),
  ]);
  if (short.length > 0) {
    const lines = short.map((line) => ({ ...line, name: nameOf(draft, line.product_id) }));
    throw new ShopError("out_of_stock", "Not enough is left of what you want to buy: see lines.", { lines });
  }
  if (price.total_minor === 0 || draft.is_paid) await settleAtOnce(shop, tx, id, order);
  return { id, order };
}

const NOTHING = Promise.resolve();

function orderOf(shop: Shop, draft: Draft, { price, discount, offer, email }: Quoted): OrderRecord {
  const { settings } = shop;
  const now = shop.now();
  const mail = draft.email ?? (email === "" ? null : email);
  const eta = deliveryEta(settings, draft.address ?? NOWHERE, now);
  const minutes = offer?.method.delivery_minutes ?? null;
  return {
    user_id: draft.user_id,
    status: "placed",
    payment_status: "pending",
    payment_method: draft.payment_method,
    price,
    currency: settings.currency,
    address: draft.address,
    billing_address: draft.billing_address,
    metadata: {},
    source: null,
    placed_at: now.toISOString(),
    delivery_eta: minutes === null ? eta : new Date(now.getTime() + minutes * 60_000).toISOString(),
    hold_until: holdFor(shop, draft.provider),
    coupon_code: discount?.code ?? null,
    email: mail,
    email_key: mail === null || mail === email ? null : emailKey(mail),
    shipping_method: offer ? { id: offer.method.id, name: offer.method.name } : null,
    tax_id: draft.tax_id ?? null,
    customer_note: draft.customer_note ?? null,
    tags: draft.tags ?? [],
  };
}

const NOWHERE = { lat: null, lng: null };

/** An order that a coupon pays wholly, or that is paid already, is paid at once. */
async function settleAtOnce(shop: Shop, tx: Transaction, id: number, order: OrderRecord): Promise<void> {
  const held = await getHeldOrder(tx, id);
  const payment = await findPayment(tx, id);
  const { currency, price } = order;
  const amount_minor = price.total_minor;
  const cause = amount_minor === 0 ? "nothing_to_pay" : "paid";
  if (payment) await settle(shop, tx, held, payment, { is: "captured", amount_minor, currency }, cause);
}

const nameOf = ({ lines }: Draft, productId: number): string =>
  lines.find((line) => line.product_id === productId)?.name ?? "";
