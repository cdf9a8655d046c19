import { CASH } from "../payments/gateways";
import type { Shop } from "../shop/shop";

/** Until when stock is kept for an order that waits for its payment. */
export const holdFrom = ({ settings, now }: Pick<Shop, "settings" | "now">): string =>
  new Date(now().getTime() + settings.holdMinutes * 60_000).toISOString();

/**
 * The same by the way to pay: cash is waited for until the order is packed, or for so long after it was placed as the shop says, and
 * no less than for others.
 */
export function holdFor(
  shop: Pick<Shop, "settings" | "now">,
  provider: string,
  placedAtMs = shop.now().getTime(),
): string | null {
  const { codHoldHours } = shop.settings;
  if (provider !== CASH) return holdFrom(shop);
  if (codHoldHours === 0) return null;
  const [others, cash] = [holdFrom(shop), new Date(placedAtMs + codHoldHours * 3_600_000).toISOString()];
  return cash > others || placedAtMs === shop.now().getTime() ? cash : others;
}
