import { BoundedMap } from "../../base/bounded-map";
import { HOUR_MS } from "../../base/time";
import { perShop } from "../../shop/per-shop";
import { writeBehind } from "../../jobs/write-behind";
import type { Shop } from "../../shop/shop";
import { insertShown, type Shown } from "../evaluate/queries";

const impressions = writeBehind<Shown>({
  what: "What was recommended",
  mostWaiting: 20_000,
  write: insertShown,
});

/** A customer who reads on and on is shown so many lists an hour; what a program asks for beyond that says nothing of them. */
const LISTS_PER_HOUR_MOST = 120;

/** Who asked for how many since when: those who asked last, and no more than are remembered. */
const askedOf = perShop(() => new BoundedMap<number, { lists: number; endsAt: number }>(20_000));

function isTooMany(shop: Shop, userId: number): boolean {
  const [asked, now] = [askedOf(shop), shop.now().getTime()];
  const known = asked.get(userId);
  if (known === undefined || known.endsAt <= now) {
    asked.set(userId, { lists: 1, endsAt: now + HOUR_MS });
    return false;
  }
  return ++known.lists > LISTS_PER_HOUR_MOST;
}

/** Notes what was shown to whom. It is written within a second or so, with whatever else was. */
export function noteShown(shop: Shop, shown: Omit<Shown, "created_at">): void {
  if (shop.settings.recommendLogDays === 0 || shown.products.length === 0) return;
  if (isTooMany(shop, shown.user_id)) return;
  impressions.add(shop, { ...shown, created_at: shop.now().toISOString() });
}
