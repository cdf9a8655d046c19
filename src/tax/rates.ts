import { addChange } from "../audit/recording";
import { ShopError } from "../base/errors";
import { wordKey } from "../base/text";
import type { Shop } from "../shop/shop";
import { deleteRate, findRates, holdRate, insertRate, type RateRow, updateRate } from "./queries";
import type { NewTaxRate, StoredTaxRate, TaxRateChange } from "./schema";
import type { Destination } from "../base/destination";

export async function listRates(shop: Shop): Promise<StoredTaxRate[]> {
  return (await findRates(shop.database)).map(presentRate);
}

/** From the next order on. */
export function createRate(shop: Shop, { percent, country, state, ...rate }: NewTaxRate): Promise<StoredTaxRate> {
  const record = {
    ...rate,
    percent_thousandths: thousandthsOf(percent),
    country: country ?? null,
    state: state ?? null,
    state_key: state ? stateKey(state) : null,
    created_at: shop.now().toISOString(),
  };
  return shop.database.transaction(async (tx) => presentRate(await insertRate(tx, record)));
}

/** From the next order on. Throws `not_found`. */
export function changeRate(shop: Shop, id: number, change: TaxRateChange): Promise<StoredTaxRate> {
  return shop.database.transaction(async (tx) => {
    const before = await holdRate(tx, id);
    if (!before) throw noRate();
    const after: RateRow = {
      ...before,
      name: change.name ?? before.name,
      percent_thousandths: change.percent === undefined ? before.percent_thousandths : thousandthsOf(change.percent),
    };
    await updateRate(tx, after);
    addChange(tx, change, presentRate(before), presentRate(after));
    return presentRate(after);
  });
}

/** Throws `not_found`. */
export function removeRate(shop: Shop, id: number): Promise<void> {
  return shop.database.transaction(async (tx) => {
    if (!(await deleteRate(tx, id))) throw noRate();
  });
}

/** The rates that hold at a place for some tax classes: each class has those of the most specific place with any for it. */
export function ratesFor(rates: readonly RateRow[], classes: readonly string[], place: Destination): RateRow[] {
  return [...new Set(classes)].flatMap((tax_class) =>
    ratesAt(
      rates.filter((rate) => rate.tax_class === tax_class),
      place,
    ),
  );
}

/** All rates of the most specific place that has any: its state, its country, or anywhere. */
function ratesAt(rates: readonly RateRow[], { country, state }: Destination): RateRow[] {
  const key = stateKey(state ?? "");
  const levels = [
    rates.filter((rate) => rate.country === country && rate.state_key === key),
    rates.filter((rate) => rate.country === country && rate.state_key === null),
    rates.filter((rate) => rate.country === null),
  ];
  return levels.find((level) => level.length > 0) ?? [];
}

function presentRate({ percent_thousandths, state_key: _, ...rate }: RateRow): StoredTaxRate {
  return { ...rate, percent: percentOf(percent_thousandths) };
}

const stateKey = wordKey;
const thousandthsOf = (percent: number): number => Math.round(percent * 1_000);

/** As people write it: 9, 12.5. */
export const percentOf = (thousandths: number): number => thousandths / 1_000;

const noRate = () => new ShopError("not_found", "There is no such tax rate.");
