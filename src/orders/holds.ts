import { CASH } from "../payments/gateways";
import type { Shop } from "../shop/shop";

/** Until when stock is kept for an order that waits for its payment. */
export const holdFrom = ({ settings, now }: Pick<Shop, "settings" | "now">): string =>
  new Date(now().getTime() + settings.holdMinutes * 60_000).toISOString();

/** The same by the way to pay: cash is waited for until the order is packed, where the shop sets no end to it. */
export function holdFor(shop: Pick<Shop, "settings" | "now">, provider: string): string | null {
  const { codHoldHours } = shop.settings;
  if (provider !== CASH) return holdFrom(shop);
  return codHoldHours === 0 ? null : new Date(shop.now().getTime() + codHoldHours * 3_600_000).toISOString();
}
