import { getCoupon } from "../coupons/coupons";
import type { Shop } from "../shop/shop";
import { sumUpOrders } from "./orders";
import type { CouponTakings } from "./list-schema";

/** A coupon with what the orders came to that it was used for. Throws `not_found`. */
export async function reportCoupon(shop: Shop, code: string): Promise<CouponTakings> {
  const coupon = await getCoupon(shop, code);
  return { ...coupon, takings: await sumUpOrders(shop, { coupon: coupon.code }) };
}
