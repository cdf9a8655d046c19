import { getAddress } from "../accounts/addresses";
import type { Address, User } from "../accounts/schema";
import { currencyOf } from "../base/currency";
import { emailKey } from "../base/email";
import { ShopError } from "../base/errors";
import { countOutcome } from "../base/instruments";
import { hasCurrencyDigits, toMajor, toMinor } from "../base/money";
import { cartVersion, checkShown } from "../carts/notices";
import { deleteItems, findCart, holdCart, type KeptCart } from "../carts/queries";
import { variantRequired } from "../catalog/variants";
import { dropAnswer, type Once, transactOnce } from "../idempotency/idempotency";
import { CASH, providerFor } from "../payments/gateways";
import { findPayment } from "../payments/queries";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { together } from "../storage/together";
import { findFailed, findRules, type Rules } from "./customer-queries";
import { checkCustomerLimits, strangersOrders } from "./limits";
import { getHeldOrder } from "./orders";
import { openPayment } from "./payment-opening";
import { presentReceipt } from "./present";
import type { Quoted } from "./quote";
import type { Checkout, Receipt } from "./checkout-schema";
import { getUserIn } from "../accounts/accounts";
import { checkVerified } from "../auth/emails";
import { undoOrder } from "./undo";
import { writeOrder } from "./write-order";

/**
 * Turns the cart into an order: prices and reserves every line, or none, then opens its payment. Throws `cart_empty`,
 * `not_found` for an address that is not the customer's, `out_of_stock` naming every line that is short, `price_changed`,
 * `invalid` and `coupon_used_up` for a coupon, `no_delivery`, `payment_unavailable` when the order stands but can't be paid
 * yet, and `payment_refused` when it never can: then all is as it was.
 */
export function placeOrder(
  shop: Shop,
  userId: number,
  checkout: Checkout,
  once?: Once,
  from: From = NOWHERE,
): Promise<Receipt> {
  const outcome = () => (once?.replayed ? "replayed" : "placed");
  return countOutcome(shop.metrics.checkouts, () => place(shop, userId, { checkout, once, from }), outcome);
}

/** Who places an order, as far as limits ask: admins have none, and strangers are counted by their address. */
export interface From {
  address: string | null;
  is_admin: boolean;
}

const NOWHERE: From = { address: null, is_admin: false };

interface Placing {
  checkout: Checkout;
  once: Once | undefined;
  from: From;
}

async function place(shop: Shop, userId: number, { checkout, once, from }: Placing): Promise<Receipt> {
  const provider = providerFor(shop.settings, checkout.payment_method);
  const wanted = { checkout, provider, from };
  const placed = await transactOnce<Receipt, Seen>(
    shop,
    once,
    (tx, seen, keep) => writeCart(shop, tx, userId, { ...wanted, keep }, seen),
    (tx) => look(shop, tx, userId, wanted),
  );
  if (provider === CASH) return placed;
  try {
    // After the commit, so that no gateway is waited for while others want to write. What is lost in between is made up
    // for when the customer asks again, or falls to the end of the hold.
    return { ...placed, payment_url: await openPayment(shop, placed.order_id) };
  } catch (error) {
    if (error instanceof ShopError && error.code === "payment_refused") {
      await giveAllBack(shop, placed.order_id, once);
      throw new ShopError("payment_refused", `${error.message} Your cart is as it was.`, {}, { cause: error.cause });
    }
    throw error;
  }
}

/** What is asked before anything is decided. Each of it says what is amiss when it is its turn. */
interface Seen {
  held: Promise<void>;
  user: Promise<User> | undefined;
  cart: Promise<KeptCart>;
  address: Promise<Address>;
  billing_address: Promise<Address> | null;
  rules: Promise<Rules>;
}

async function look(shop: Shop, tx: Transaction, userId: number, wanted: Wanted): Promise<Seen> {
  const { address_id, billing_address_id } = wanted.checkout;
  const addressOf = (id: number) => getAddress(tx, shop.settings, userId, id);
  const seen = {
    // Held first: edits and other checkouts of this cart come before or after, never between.
    held: holdCart(tx, userId),
    user: asksForVerified(shop, wanted) ? getUserIn(tx, userId) : undefined,
    cart: findCart(tx, userId),
    address: addressOf(address_id),
    billing_address: typeof billing_address_id === "number" ? addressOf(billing_address_id) : null,
    rules: findRules(tx, userId),
  };
  const asked: (Promise<unknown> | null | undefined)[] = Object.values(seen);
  await Promise.allSettled(asked.filter((one) => one !== null && one !== undefined));
  return seen;
}

/** What a customer asks for, and the provider that their way to pay means. */
interface Wanted {
  checkout: Checkout;
  provider: string;
  from: From;
}

const asksForVerified = ({ settings }: Shop, { provider }: Wanted): boolean =>
  provider === CASH && settings.requireVerifiedEmail !== "off";

async function writeCart(
  shop: Shop,
  tx: Transaction,
  userId: number,
  { checkout, provider, from, keep }: Wanted & { keep(receipt: Receipt): Promise<void> },
  seen: Seen,
): Promise<Receipt> {
  await seen.held;
  if (seen.user) checkVerified(shop, await seen.user, "cod");
  const cart = await seen.cart;
  checkShown(cart, checkout);
  for (const line of cart.lines) if (line.option_names.length > 0) throw variantRequired(line);
  if (cart.lines.length === 0) throw new ShopError("cart_empty", "The cart is empty.");
  const address = await seen.address;
  const ended = checkout.coupon_code ? await endFailedOrders(shop, tx, userId) : 0;
  const looked = await seen.rules;
  const rules = { ...looked, open_orders: looked.open_orders - ended };
  const strangers = isAnybodys(checkout, rules) && !from.is_admin ? strangersOrders(shop, from.address) : undefined;
  strangers?.check();
  const draft = {
    ...checkout,
    user_id: userId,
    lines: cart.lines,
    place: address,
    address,
    billing_address: await seen.billing_address,
    rules,
    provider,
    ...(!from.is_admin && {
      checkLimits: () => checkCustomerLimits(shop, tx, { user_id: userId, lines: cart.lines, rules }),
    }),
    check: (quoted: Quoted) => {
      checkContact(checkout, quoted);
      checkExpected(shop, checkout, cart, quoted);
    },
  };
  const { id, order } = await writeOrder(shop, tx, draft, (written) =>
    together([deleteItems(tx, userId), keep(presentReceipt(written.id, written.order))]),
  );
  strangers?.count();
  return presentReceipt(id, order);
}

/** Whether anybody could have placed it: a guest, or an account whose order is mailed to some other e-mail. */
const isAnybodys = ({ email }: Checkout, rules: Rules): boolean =>
  rules.email === "" || (email !== undefined && email !== null && emailKey(email) !== emailKey(rules.email));

/**
 * Orders of the customer whose payment came to nothing wait to be paid again; they keep no coupon from a new one. Returns how
 * many were ended.
 */
async function endFailedOrders(shop: Shop, tx: Transaction, userId: number): Promise<number> {
  const now = shop.now().toISOString();
  let ended = 0;
  for (const id of await findFailed(tx, userId)) {
    const order = await getHeldOrder(tx, id);
    const payment = await findPayment(tx, id);
    if (order.status !== "placed" || order.payment_status !== "pending" || payment?.state !== "failed") continue;
    await undoOrder(tx, order, payment, { cause: "payment_failed", now, restoresCart: false });
    ended += 1;
  }
  return ended;
}

/** A guest has no account that mail could go to. */
function checkContact({ email }: Checkout, quoted: Quoted): void {
  if (email || quoted.email !== "") return;
  const message = "Say where mail about your order goes.";
  throw new ShopError("invalid", message, { errors: [{ path: "email", message, code: "required" }] });
}

function checkExpected(
  { settings }: Shop,
  { expected_total }: Checkout,
  cart: KeptCart,
  { price, discount }: Quoted,
): void {
  if (expected_total === undefined || expected_total === null) return;
  if (hasCurrencyDigits(expected_total, settings) && toMinor(expected_total, settings) === price.total_minor) return;
  const major = (minor: number) => toMajor(minor, currencyOf(settings.currency));
  const parts = [
    `the goods ${major(price.subtotal_minor)}`,
    ...(discount ? [`the discount ${major(price.discount_minor)}`] : []),
    ...(price.shipping_minor > 0 ? [`the delivery ${major(price.shipping_minor)}`] : []),
    ...(price.tax_minor > 0 ? [`taxes ${major(price.tax_minor)}`] : []),
  ];
  const gone = cart.gone.map(({ product_id, name }) => ({
    path: `items.${product_id}`,
    message: `${name} is not sold any more.`,
    code: "gone",
  }));
  const dearer = cart.lines.flatMap(({ product_id, name, price_minor, shown_minor }) =>
    shown_minor === null || shown_minor === price_minor
      ? []
      : [
          {
            path: `items.${product_id}`,
            message: `${name} costs ${major(price_minor)}, no longer ${major(shown_minor)}.`,
            code: price_minor > shown_minor ? "dearer" : "cheaper",
          },
        ],
  );
  throw new ShopError(
    "price_changed",
    `The total is not what you expected any more, but ${major(price.total_minor)}: ${parts.join(", ")}.`,
    { total: major(price.total_minor), cart_version: cartVersion(cart), errors: [...gone, ...dearer] },
  );
}

/** An order that can never be paid was none: the cart is as it was, and the request may be sent again with its key. */
async function giveAllBack(shop: Shop, orderId: number, once: Once | undefined): Promise<void> {
  await shop.database.transaction(async (tx) => {
    const order = await getHeldOrder(tx, orderId);
    if (order.status !== "placed" || order.payment_status !== "pending") return;
    const now = shop.now().toISOString();
    const payment = await findPayment(tx, orderId);
    await undoOrder(tx, order, payment, { cause: "payment_refused", now, restoresCart: true });
    if (once) await dropAnswer(tx, once);
  });
}
