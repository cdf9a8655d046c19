import { ShopError } from "../base/errors";
import { toMajor } from "../base/money";
import type { Settings } from "../shop/settings";
import type { Transaction } from "../storage/database";
import { deleteGone, findCart, type KeptCart, markShown } from "./queries";
import type { CartNotice } from "./schema";

type Currency = Pick<Settings, "minorPerMajor">;

/** What has changed since the customer last saw the cart: goods that are gone, and prices. */
export function noticesOf({ lines, gone }: KeptCart, currency: Currency): CartNotice[] {
  const major = (minor: number | null) => (minor === null ? null : toMajor(minor, currency));
  const repriced = lines.filter(({ price_minor, shown_minor }) => (shown_minor ?? price_minor) !== price_minor);
  return [
    ...gone.map(({ product_id, name, shown_minor }) => ({
      product_id,
      name,
      kind: "gone" as const,
      price_before: major(shown_minor),
      price: null,
    })),
    ...repriced.map(({ product_id, name, shown_minor, price_minor }) => ({
      product_id,
      name,
      kind: price_minor > (shown_minor ?? price_minor) ? ("dearer" as const) : ("cheaper" as const),
      price_before: major(shown_minor),
      price: major(price_minor),
    })),
  ];
}

/** Says what has changed in a cart that is held, and from then on the customer knows it. */
export async function takeNotices(tx: Transaction, userId: number, currency: Currency): Promise<CartNotice[]> {
  const notices = noticesOf(await findCart(tx, userId), currency);
  if (notices.length === 0) return notices;
  await deleteGone(tx, userId);
  await markShown(tx, userId);
  return notices;
}

/** Changes whenever what is in the cart or what it costs does. */
export function cartVersion({ lines }: Pick<KeptCart, "lines">): string {
  const content = lines.map(({ product_id, qty, price_minor }) => `${product_id}x${qty}@${price_minor}`);
  return Bun.hash(content.join()).toString(36);
}

/**
 * A customer buys what they have seen. Throws `price_changed` naming what has left the cart or costs more since, unless the
 * client says what it has shown: the total, or the version of the cart.
 */
export function checkShown(
  cart: KeptCart,
  shown: { expected_total?: number | null | undefined; cart_version?: string | null | undefined },
): void {
  if (typeof shown.cart_version === "string") {
    if (shown.cart_version === cartVersion(cart)) return;
    throw new ShopError("price_changed", "The cart is not what it was when it was shown: look at it again.");
  }
  if (typeof shown.expected_total === "number") return;
  const dearer = cart.lines.filter(({ price_minor, shown_minor }) => price_minor > (shown_minor ?? price_minor));
  const changes = [
    ...cart.gone.map((line) => ({ line, message: `${line.name} is not sold any more.`, code: "gone" })),
    ...dearer.map((line) => ({ line, message: `${line.name} costs more now.`, code: "dearer" })),
  ];
  if (changes.length === 0) return;
  throw new ShopError("price_changed", `${changes.map(({ message }) => message).join(" ")} Look at the cart again.`, {
    errors: changes.map(({ line, message, code }) => ({ path: `items.${line.product_id}`, message, code })),
  });
}
