import { fold } from "../base/text";
import { categoryNames, productNames } from "../catalog/catalog";
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
  // Together, since each may be a way over the network.
  const [products, { categories, brands }] = await Promise.all([
    // Some more than asked for, because products may share a name.
    suggestProducts(shop, typed).then((ids) => productNames(shop, ids.slice(0, limit * 2))),
    categoriesAndBrands(shop),
  ]);
  return distinct([
    ...suggestNames(typed, categories)
      .slice(0, CATEGORIES_MOST)
      .map((text): Suggestion => ({ text, kind: "category", id: null })),
    ...suggestNames(typed, brands)
      .slice(0, BRANDS_MOST)
      .map((text): Suggestion => ({ text, kind: "brand", id: null })),
    ...products.map(({ id, name }): Suggestion => ({ text: name, kind: "product", id })),
  ]).slice(0, limit);
}

/** Without what differs only in case and accents. */
const distinct = (suggestions: readonly Suggestion[]) =>
  [...new Map(suggestions.toReversed().map((suggestion) => [fold(suggestion.text), suggestion])).values()].toReversed();

/** A brand or a category that is new is suggested within so long. */
const NAMES_KEPT_SECONDS = 30;

interface Kept {
  names: Promise<{ categories: string[]; brands: string[] }> | undefined;
  readAt: number;
}
const keptFor = perShop((): Kept => ({ names: undefined, readAt: 0 }));

function categoriesAndBrands(shop: Shop): Promise<{ categories: string[]; brands: string[] }> {
  const kept = keptFor(shop);
  const now = shop.now().getTime();
  if (kept.names === undefined || now - kept.readAt > NAMES_KEPT_SECONDS * 1000) {
    kept.names = Promise.all([categoryNames(shop), listBrands(shop.database)]).then(([categories, brands]) => ({
      categories,
      brands,
    }));
    kept.readAt = now;
    // What could not be read is read again, not kept.
    kept.names.catch(() => (kept.names = undefined));
  }
  return kept.names;
}
