import { fold } from "../base/text";
import { categoryNames, getProducts } from "../catalog/catalog";
import { perShop } from "../shop/per-shop";
import type { Shop } from "../shop/shop";
import { priceIn } from "./asked-price";
import { listBrands } from "./queries";
import type { Suggestion } from "./schema";
import { suggestNames, suggestProducts } from "./suggest";

const SUGGESTIONS = 10;
/** Categories and brands come first, but leave room for products. */
const CATEGORIES_MOST = 3;
const BRANDS_MOST = 2;

/** Categories, brands and products for what is being typed, each text once. */
export async function suggest(shop: Shop, text: string, limit = SUGGESTIONS): Promise<Suggestion[]> {
  const typed = (await priceIn(shop, text))?.rest ?? text;
  const ids = await suggestProducts(shop, typed);
  const categories = suggestNames(typed, await categoryNames(shop)).slice(0, CATEGORIES_MOST);
  const brands = suggestNames(typed, await brandNames(shop)).slice(0, BRANDS_MOST);
  // Some more than asked for, because products may share a name.
  const products = await getProducts(shop, ids.slice(0, limit * 2));
  return distinct([
    ...categories.map((text): Suggestion => ({ text, kind: "category", id: null })),
    ...brands.map((text): Suggestion => ({ text, kind: "brand", id: null })),
    ...products.map(({ id, name }): Suggestion => ({ text: name, kind: "product", id })),
  ]).slice(0, limit);
}

/** Without what differs only in case and accents. */
const distinct = (suggestions: readonly Suggestion[]) =>
  [...new Map(suggestions.toReversed().map((suggestion) => [fold(suggestion.text), suggestion])).values()].toReversed();

/** A brand that is new is suggested within so long. */
const BRANDS_KEPT_SECONDS = 30;

const brandsOf = perShop((): { names: Promise<string[]> | undefined; readAt: number } => ({
  names: undefined,
  readAt: 0,
}));

function brandNames(shop: Shop): Promise<string[]> {
  const kept = brandsOf(shop);
  const now = shop.now().getTime();
  if (kept.names === undefined || now - kept.readAt > BRANDS_KEPT_SECONDS * 1000) {
    kept.names = listBrands(shop.database);
    kept.readAt = now;
    // What could not be read is read again, not kept.
    kept.names.catch(() => (kept.names = undefined));
  }
  return kept.names;
}
