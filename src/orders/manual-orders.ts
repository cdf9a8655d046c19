import { insertGuest } from "../accounts/guest-queries";
import { getAddress } from "../accounts/addresses";
import { findAccount } from "../accounts/queries";
import type { Address } from "../accounts/schema";
import { addDetails } from "../audit/recording";
import { ShopError } from "../base/errors";
import { minorOf } from "../base/money";
import { type Once, transactOnce } from "../idempotency/idempotency";
import { CASH, providerFor } from "../payments/gateways";
import type { Shop } from "../shop/shop";
import type { Reader, Transaction } from "../storage/database";
import { logFailure } from "./batches";
import { wholeAddress } from "./care";
import { findForSale, type SaleLine } from "./line-queries";
import { getOrder } from "./orders";
import { openPayment } from "./payment-opening";
import type { Order } from "./schema";
import type { NewOrder } from "./checkout-schema";
import { writeOrder } from "./write-order";

/**
 * An order that the shop's people take down: for a customer, or for a person without an account, at the catalog's prices or
 * their own. The same writer as a checkout's. Throws `not_found` for customer, address or product, and what a checkout
 * throws.
 */
export async function takeOrder(shop: Shop, order: NewOrder, once?: Once): Promise<Order> {
  const { settings } = shop;
  const provider = providerFor(settings, order.payment_method);
  const taken = await transactOnce(shop, once, async (tx) => {
    const user_id = await customerOf(shop, tx, order);
    const address = await addressOf(shop, tx, user_id, order);
    const given = {
      discount_minor: order.discount === undefined ? undefined : minorOf(order.discount, settings, "discount"),
      shipping_minor: order.shipping === undefined ? undefined : minorOf(order.shipping, settings, "shipping"),
    };
    const lines = await linesOf(shop, tx, order);
    checkDiscount(lines, given.discount_minor);
    const { id } = await writeOrder(shop, tx, {
      user_id,
      lines,
      place: address ?? { country: settings.country },
      address,
      billing_address: null,
      coupon_code: order.coupon_code,
      shipping_method_id: order.shipping_method_id,
      given,
      payment_method: order.payment_method,
      provider,
      email: order.contact?.email ?? null,
      tax_id: order.tax_id,
      customer_note: order.customer_note,
      tags: order.tags,
      is_paid: order.paid,
      check: () => {},
    });
    addDetails(tx, { order_id: id });
    return getOrder(tx, id);
  });
  // Where the customer pays is found out when they ask, should it not be found out now.
  if (provider !== CASH && !order.paid) await logFailure(shop, taken.id, () => openPayment(shop, taken.id));
  return taken;
}

/** A person without an account is a customer all the same, whose name and phone are theirs, and whose e-mail stands in the order. */
async function customerOf(shop: Shop, tx: Transaction, { user_id, contact }: NewOrder): Promise<number> {
  if (user_id === undefined) return insertGuest(tx, `guest:${shop.newId()}`, shop.now().toISOString(), contact);
  if (!(await findAccount(tx, user_id))) throw new ShopError("not_found", "There is no such customer.");
  return user_id;
}

async function addressOf(shop: Shop, tx: Transaction, userId: number, order: NewOrder): Promise<Address | null> {
  const { address, address_id, contact } = order;
  if (address_id !== undefined) return getAddress(tx, shop.settings, userId, address_id);
  if (!address) return null;
  const full_name = address.full_name ?? contact?.full_name;
  const phone = address.phone ?? contact?.phone;
  return wholeAddress(shop.settings, userId, { ...address, full_name, phone });
}

/** Throws `not_found` for what is not sold. */
export async function linesOf({ settings }: Shop, tx: Reader, { lines }: Pick<NewOrder, "lines">): Promise<SaleLine[]> {
  const byId = new Map(
    (
      await findForSale(
        tx,
        lines.map(({ product_id }) => product_id),
      )
    ).map((line) => [line.product_id, line]),
  );
  const sold = lines.map(({ product_id, qty, price }, index): SaleLine => {
    const line = byId.get(product_id);
    if (!line) throw new ShopError("not_found", "One of these products is not for sale.");
    return {
      ...line,
      qty,
      price_minor: price === undefined ? line.price_minor : minorOf(price, settings, `lines.${index}.price`),
    };
  });
  if (new Set(sold.map(({ product_id }) => product_id)).size < sold.length) {
    const message = "Give each product once.";
    throw new ShopError("invalid", message, { errors: [{ path: "lines", message, code: "duplicate" }] });
  }
  return sold.toSorted((one, other) => one.product_id - other.product_id);
}

function checkDiscount(lines: readonly SaleLine[], discount: number | undefined): void {
  const subtotal = lines.reduce((sum, { qty, price_minor }) => sum + qty * price_minor, 0);
  if (discount === undefined || discount <= subtotal) return;
  const message = "The discount is more than the goods cost.";
  throw new ShopError("invalid", message, { errors: [{ path: "discount", message, code: "too_big" }] });
}
