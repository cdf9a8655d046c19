import { writeBehind } from "../../jobs/write-behind";
import type { Shop } from "../../shop/shop";
import { insertShown, type Shown } from "../evaluate/queries";

const impressions = writeBehind<Shown>({
  what: "What was recommended",
  mostWaiting: 20_000,
  write: insertShown,
});

/** Notes what was shown to whom. It is written within a second or so, with whatever else was. */
export function noteShown(shop: Shop, shown: Omit<Shown, "created_at">): void {
  if (shop.settings.recommendLogDays === 0 || shown.products.length === 0) return;
  impressions.add(shop, { ...shown, created_at: shop.now().toISOString() });
}
