import { addChange } from "../audit/recording";
import { ShopError } from "../base/errors";
import { costOf, minorOf, partOf, toMajor } from "../base/money";
import { wordKey } from "../base/text";
import { momentIn } from "../base/zoned-time";
import type { Listed, Page } from "../base/page";
import { tagOf } from "../base/tag";
import { findCategoryFamily } from "../catalog/category-queries";
import type { Shop } from "../shop/shop";
import type { Reader, Transaction } from "../storage/database";
import {
  type CouponRecord,
  countUsesOf,
  findBoundCoupons,
  findCoupon,
  findCoupons,
  holdCoupon,
  insertCoupon,
  insertUse,
  returnUse,
  takeUse,
  updateCoupon,
} from "./queries";
import type { Coupon, CouponChange, NewCoupon } from "./schema";

/** Throws `duplicate` when there is one of this code, however it is spelled. */
export async function createCoupon(shop: Shop, coupon: NewCoupon): Promise<Coupon> {
  const { code, percent, amount, ...limits } = coupon;
  const record: CouponRecord = {
    code: couponKey(code),
    percent_hundredths: percent === undefined ? null : Math.round(percent * 100),
    amount_minor: amount === undefined ? null : minorOf(amount, shop.settings, "amount"),
    min_total_minor: 0,
    starts_at: null,
    ends_at: null,
    max_uses: null,
    max_uses_per_customer: null,
    categories: null,
    is_active: true,
    uses: 0,
    created_at: shop.now().toISOString(),
    ...limitsOf(shop, limits),
  };
  checkPeriod(record);
  return shop.database.transaction(async (tx) => {
    if (!(await insertCoupon(tx, record))) throw new ShopError("duplicate", "There is a coupon of this code already.");
    return toCoupon(shop, record);
  });
}

/**
 * Throws `not_found`, and `conflict` when it was used more often than it may be now. `check` is asked with the coupon as it is
 * before anything is written.
 */
export function changeCoupon(
  shop: Shop,
  code: string,
  change: CouponChange,
  check: (now: Coupon) => void = () => {},
): Promise<Coupon> {
  return shop.database.transaction(async (tx) => {
    const before = await holdCoupon(tx, couponKey(code));
    if (!before) throw new ShopError("not_found", "There is no such coupon.");
    check(toCoupon(shop, before));
    const after = { ...before, ...limitsOf(shop, change) };
    checkPeriod(after);
    if (after.max_uses !== null && after.max_uses < after.uses) {
      throw new ShopError("conflict", `This coupon was used ${after.uses} times already.`);
    }
    await updateCoupon(tx, after);
    addChange(tx, change, toCoupon(shop, before), toCoupon(shop, after));
    return toCoupon(shop, after);
  });
}

/** Another one whenever an admin has changed the coupon: what uses it changes nothing that anybody writes. */
export const couponTag = (coupon: Coupon): string =>
  tagOf([
    coupon.min_total,
    coupon.starts_at,
    coupon.ends_at,
    coupon.max_uses,
    coupon.max_uses_per_customer,
    coupon.categories,
    coupon.is_active,
  ]);

/** Throws `not_found`. */
export async function getCoupon(shop: Shop, code: string): Promise<Coupon> {
  const coupon = await findCoupon(shop.database, couponKey(code));
  if (!coupon) throw new ShopError("not_found", "There is no such coupon.");
  return toCoupon(shop, coupon);
}

export async function listCoupons(shop: Shop, page: Page): Promise<Listed<Coupon>> {
  const { items, total } = await findCoupons(shop.database, page);
  return { items: items.map((coupon) => toCoupon(shop, coupon)), total };
}

/** A category has another name, or was taken in by another one: what was for its goods stays for them. */
export async function renameInCoupons(tx: Transaction, from: string, to: string): Promise<void> {
  const isMeant = (name: string) => wordKey(name) === wordKey(from);
  for (const { code, categories } of await findBoundCoupons(tx)) {
    if (!categories.some(isMeant)) continue;
    // Held, so that what an admin has changed meanwhile stays.
    const coupon = await holdCoupon(tx, code);
    if (!coupon?.categories) continue;
    const names = coupon.categories.map((name) => (isMeant(name) ? to : name));
    const kept = names.filter((name, at) => names.findIndex((other) => wordKey(other) === wordKey(name)) === at);
    await updateCoupon(tx, { ...coupon, categories: kept });
  }
}

/** A line as a coupon looks at it. */
export interface CouponLine {
  qty: number;
  price_minor: number;
  category: string;
}

/** What a coupon takes off, and which lines it is for. */
export interface Discount {
  code: string;
  amount_minor: number;
  isFor(line: CouponLine): boolean;
}

/** The same coupon for a caller that only looks, and held for an order, so that nobody else takes its last use. */
export const lookUpCoupon = (reader: Reader, code: string) => findCoupon(reader, couponKey(code));
export const takeHoldOfCoupon = (tx: Transaction, code: string) => holdCoupon(tx, couponKey(code));

/**
 * What a coupon takes off these lines. Throws `invalid` when there is none or it does not fit, `coupon_used_up` when none
 * is left.
 */
export async function discountOf(
  shop: Pick<Shop, "now" | "settings">,
  reader: Reader,
  customer: { id: number; is_guest: boolean },
  coupon: CouponRecord | undefined,
  lines: readonly CouponLine[],
): Promise<Discount> {
  const now = shop.now().toISOString();
  if (!coupon || !coupon.is_active) throw refused("There is no such coupon.", "unknown_coupon");
  if (coupon.starts_at !== null && now < coupon.starts_at)
    throw refused("It is too early for this coupon.", "too_early");
  if (coupon.ends_at !== null && now >= coupon.ends_at) throw refused("This coupon is over.", "coupon_over");
  if (costOf(lines) < coupon.min_total_minor) {
    throw refused(`This coupon is for ${toMajor(coupon.min_total_minor, shop.settings)} or more.`, "below_minimum");
  }
  const categories = coupon.categories && (await familiesOf(reader, coupon.categories));
  const isFor = ({ category }: CouponLine) => categories === null || categories.has(wordKey(category));
  const eligible = costOf(lines.filter(isFor));
  if (eligible === 0) throw refused("This coupon is for other goods.", "other_goods");
  if (coupon.max_uses !== null && coupon.uses >= coupon.max_uses) throw usedUp();
  const most = coupon.max_uses_per_customer;
  if (most !== null && customer.is_guest) throw refused("Sign in to use this coupon.", "not_for_guests");
  if (most !== null && (await countUsesOf(reader, coupon.code, customer.id)) >= most) throw usedUp();
  // A part of a minor unit stays with the shop.
  const { percent_hundredths: share, amount_minor } = coupon;
  const off = share === null ? (amount_minor ?? 0) : partOf(eligible, share, 10_000);
  return { code: coupon.code, amount_minor: Math.min(off, eligible), isFor };
}

/** Counts a use for an order, whose coupon `discountOf` has let pass and which is held since. */
export async function countUse(
  tx: Transaction,
  use: { order_id: number; user_id: number; code: string },
  now: string,
): Promise<void> {
  await takeUse(tx, use.code);
  await insertUse(tx, use, now);
}

/** The order came to nothing: its use of a coupon, if it had one, is given back. Once. */
export async function giveBackUse(tx: Transaction, orderId: number, now: string): Promise<void> {
  await returnUse(tx, orderId, now);
}

/**
 * A code as it is written down: in capitals, without the spaces that a clipboard or a phone's keyboard adds, nor the quotes or
 * the full stop that stood around it in a mail, and with a plain hyphen for each dash that a word processor makes of one.
 * Letters that no code has, such as ß, are none of its letters.
 */
export const couponKey = (code: string): string =>
  code
    .normalize("NFKC")
    .replaceAll(/[\s\p{Cf}]/gu, "")
    .replaceAll(/[\p{Pd}\u2212]/gu, "-")
    .replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}_-]+$/gu, "")
    .replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());

/** These categories with all that stand below them, as they are compared. */
async function familiesOf(reader: Reader, names: readonly string[]): Promise<Set<string>> {
  const families: string[][] = [];
  for (const name of names) families.push(await findCategoryFamily(reader, name));
  return new Set(families.flat().map(wordKey));
}

/** What was given of the limits, as it is written down. */
function limitsOf(shop: Shop, { min_total, starts_at, ends_at, ...others }: CouponChange): Partial<CouponRecord> {
  const { timeZone } = shop.settings;
  const at = (time: string | null | undefined, end: "first" | "last") =>
    typeof time === "string" ? (momentIn(time, timeZone, end)?.toISOString() ?? time) : time;
  const limits = { ...others, starts_at: at(starts_at, "first"), ends_at: at(ends_at, "last") };
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  return {
    // The names are the same, and what is undefined is gone.
    ...(Object.fromEntries(given) as Partial<CouponRecord>),
    ...(min_total !== undefined && { min_total_minor: minorOf(min_total, shop.settings, "min_total") }),
  };
}

function checkPeriod({ starts_at, ends_at }: CouponRecord): void {
  if (starts_at === null || ends_at === null || starts_at < ends_at) return;
  const message = "A coupon must start before it ends.";
  throw new ShopError("invalid", message, { errors: [{ path: "ends_at", message, code: "invalid_period" }] });
}

function toCoupon(
  { settings }: Shop,
  { percent_hundredths, amount_minor, min_total_minor, ...coupon }: CouponRecord,
): Coupon {
  return {
    ...coupon,
    percent: percent_hundredths === null ? null : percent_hundredths / 100,
    amount: amount_minor === null ? null : toMajor(amount_minor, settings),
    min_total: toMajor(min_total_minor, settings),
  };
}

function refused(message: string, code: string): ShopError {
  return new ShopError("invalid", message, { errors: [{ path: "coupon_code", message, code }] });
}

const usedUp = () => new ShopError("coupon_used_up", "This coupon has no uses left.");
