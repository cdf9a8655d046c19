import { addChange } from "../audit/recording";
import { ShopError } from "../base/errors";
import { minorOf, toMajor } from "../base/money";
import { refuseBackwards } from "../base/ranges";
import type { Shop } from "../shop/shop";
import {
  deleteMethod,
  findMethods,
  holdMethod,
  insertMethod,
  type MethodRecord,
  type StoredMethod,
  updateMethod,
} from "./queries";
import type { NewShippingMethod, ShippingMethod, ShippingMethodChange } from "./schema";

/** As they are listed: by position. Those that are switched off are for admins. */
export async function listMethods(shop: Shop, { all = false } = {}): Promise<ShippingMethod[]> {
  const methods = await findMethods(shop.database);
  return methods.filter((method) => all || method.is_active).map((method) => presentMethod(shop, method));
}

/** Throws `invalid`. */
export function createMethod(shop: Shop, method: NewShippingMethod): Promise<ShippingMethod> {
  const record: MethodRecord = {
    name: method.name,
    description: null,
    countries: null,
    states: null,
    pincodes: null,
    price_minor: 0,
    price_per_kg_minor: 0,
    free_from_minor: null,
    min_total_minor: null,
    max_total_minor: null,
    max_grams: null,
    delivery_minutes: null,
    position: 0,
    is_active: true,
    created_at: shop.now().toISOString(),
    ...given(shop, method),
  };
  checkLimits(record);
  return shop.database.transaction(async (tx) => presentMethod(shop, await insertMethod(tx, record)));
}

/** Throws `not_found` and `invalid`. */
export function changeMethod(shop: Shop, id: number, change: ShippingMethodChange): Promise<ShippingMethod> {
  return shop.database.transaction(async (tx) => {
    const before = await holdMethod(tx, id);
    if (!before) throw noMethod();
    const after = { ...before, ...given(shop, change) };
    checkLimits(after);
    await updateMethod(tx, after);
    const [old, now] = [presentMethod(shop, before), presentMethod(shop, after)];
    addChange(tx, change, old, now);
    return now;
  });
}

/** Orders keep the way that they chose. Throws `not_found`. */
export function removeMethod(shop: Shop, id: number): Promise<void> {
  return shop.database.transaction(async (tx) => {
    if (!(await deleteMethod(tx, id))) throw noMethod();
  });
}

function presentMethod({ settings }: Pick<Shop, "settings">, method: StoredMethod): ShippingMethod {
  const { price_minor, price_per_kg_minor, free_from_minor, min_total_minor, max_total_minor, ...plain } = method;
  const major = (minor: number | null) => (minor === null ? null : toMajor(minor, settings));
  return {
    ...plain,
    price: toMajor(price_minor, settings),
    price_per_kg: toMajor(price_per_kg_minor, settings),
    free_from: major(free_from_minor),
    min_total: major(min_total_minor),
    max_total: major(max_total_minor),
  };
}

/** What was given, as it is written down. */
function given({ settings }: Shop, change: ShippingMethodChange): Partial<MethodRecord> {
  const { price, price_per_kg, free_from, min_total, max_total, ...plain } = change;
  const amounts = Object.entries({ price, price_per_kg, free_from, min_total, max_total }).flatMap(([field, amount]) =>
    amount === undefined ? [] : [[`${field}_minor`, amount === null ? null : minorOf(amount, settings, field)]],
  );
  const rest = Object.entries(plain).filter(([, value]) => value !== undefined);
  // The names are the same, and what is undefined is gone.
  return Object.fromEntries([...rest, ...amounts]) as Partial<MethodRecord>;
}

const checkLimits = ({ min_total_minor, max_total_minor }: MethodRecord): void =>
  refuseBackwards("max_total", min_total_minor, max_total_minor);

const noMethod = () => new ShopError("not_found", "There is no such way of delivery.");
