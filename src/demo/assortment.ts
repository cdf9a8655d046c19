import { brandStarts, foodBrandEnds, homeBrandEnds } from "../../data/brands";
import { categories } from "../../data/categories/index";
import type { Category, Kind, Trait } from "../../data/shape";
import { steady } from "../base/random";

/** One product of the demo shop as it is sold: a kind, from a brand, in a pack. */
export interface AssortmentItem {
  /** Position of its kind in `kindsSold`. */
  kind: number;
  brand: string;
  variety: string | undefined;
  pack: string;
  /** Whole rupees. */
  price: number;
  /** Its price beside that of the plain product in the same pack. */
  price_factor: number;
}

export interface AssortmentKind extends Kind {
  category: Category;
}

/** What a customer of the catalog reads about it. */
export interface ProductText {
  slug: string;
  name: string;
  category: string;
  description: string;
  attributes: Record<string, Trait>;
}

/** From this appeal on a kind comes from two brands. */
const FAVOURITE_APPEAL = 8;

/** Every kind of thing that the demo shop sells; the first of each aisle first, so that any beginning of it is a shop. */
export const kindsSold: readonly AssortmentKind[] = categories
  .flatMap((category) => category.kinds.map((kind, row) => ({ row, kind: { ...kind, category } })))
  .toSorted((left, right) => left.row - right.row)
  .map(({ kind }) => kind);

/**
 * The first `count` products. The hand-written assortment comes first (each kind, then its further packs, then a second
 * brand of what many like), then further brands with varieties of their own. Throws RangeError beyond what there is.
 */
export function assortment(count: number): AssortmentItem[] {
  const items: AssortmentItem[] = [];
  for (const item of allItems()) {
    if (items.length === count) break;
    items.push(item);
  }
  if (items.length < count) throw new RangeError(`There are only ${items.length} different products.`);
  return items;
}

/** How many products are written by hand. */
export const HAND_WRITTEN: number = [...handWritten()].length;

export function describeProduct(item: AssortmentItem): ProductText {
  const { name: kindName, category, about, traits, ...kind } = kindOf(item);
  const words = [item.brand, item.variety, kindName].filter((part) => part !== undefined);
  const name = `${words.join(" ")}, ${item.pack}`;
  const origin = kind.origin ?? "India";
  const storage = kind.storage ?? category.storage;
  const diet = kind.diet ?? category.diet;
  return {
    slug: slugOf(name),
    name,
    category: category.name,
    description: `${about} ${item.pack} by ${item.brand}, from ${origin}. ${keeping[storage] ?? `Keep in a ${storage.toLowerCase()}.`}`,
    attributes: {
      brand: item.brand,
      pack: item.pack,
      ...quantityOf(item.pack),
      origin,
      storage,
      shelf_life_days: kind.shelf_life_days ?? category.shelf_life_days,
      ...(diet === undefined ? {} : { diet, organic: item.variety === "Organic" }),
      ...traits,
    },
  };
}

const keeping: Readonly<Record<string, string>> = {
  Refrigerated: "Keep refrigerated.",
  Frozen: "Keep frozen.",
  "Away from children and food": "Keep away from children and food.",
};

function* allItems(): Generator<AssortmentItem> {
  yield* handWritten();
  // Every round brings one more brand to each kind, in one variety. After all brands the varieties move on by one.
  for (let round = 0; ; round++) {
    let found = false;
    for (const [at, kind] of kindsSold.entries()) {
      const brands = brandsOf(kind.category);
      const varieties = [undefined, ...Object.keys(kind.category.varieties)];
      const brandAt = round % brands.length;
      const lap = Math.floor(round / brands.length);
      if (lap >= varieties.length) continue;
      found = true;
      const variety = varieties[(brandAt + lap) % varieties.length];
      const brand = brands[brandAt] ?? "";
      // The plain products of the house brands are the hand-written ones.
      if (variety === undefined && brandAt < kind.category.brands.length) continue;
      if (variety !== undefined && kind.name.includes(variety)) continue;
      for (const pack of Object.keys(kind.packs)) yield itemOf(at, brand, variety, pack);
    }
    if (!found) return;
  }
}

function* handWritten(): Generator<AssortmentItem> {
  for (const position of [0, 1, 2]) {
    for (const [at, kind] of kindsSold.entries()) {
      const pack = packAt(kind, position);
      if (pack !== undefined) yield itemOf(at, houseBrand(kind, at), undefined, pack);
    }
  }
  for (const [at, kind] of kindsSold.entries()) {
    const pack = packAt(kind, 0);
    if (kind.appeal >= FAVOURITE_APPEAL && pack !== undefined) {
      yield itemOf(at, houseBrand(kind, at + 1), undefined, pack);
    }
  }
}

function packAt(kind: Kind, position: number): string | undefined {
  return Object.keys(kind.packs)[position];
}

function itemOf(at: number, brand: string, variety: string | undefined, pack: string): AssortmentItem {
  const kind = kindsSold[at];
  if (kind === undefined) throw new RangeError(`There is no kind ${at}.`);
  const ownBrand = kind.category.brands.indexOf(brand);
  const brandFactor = brand === houseBrand(kind, at) ? 1 : 0.9 + 0.25 * steady(at, brand.length * 31 + ownBrand);
  const factor = brandFactor * (variety === undefined ? 1 : (kind.category.varieties[variety] ?? 1));
  const price = Math.max(1, Math.round((kind.packs[pack] ?? 0) * factor));
  return { kind: at, brand, variety, pack, price, price_factor: factor };
}

/** Brands take turns along an aisle. */
function houseBrand(kind: AssortmentKind, turn: number): string {
  const { brands } = kind.category;
  return brands[Math.floor(turn / categories.length + turn) % brands.length] ?? "";
}

const brandsByCategory = new Map<Category, readonly string[]>();

function brandsOf(category: Category): readonly string[] {
  let brands = brandsByCategory.get(category);
  if (brands === undefined) {
    const ends = category.diet === undefined ? homeBrandEnds : foodBrandEnds;
    brands = [...category.brands, ...ends.flatMap((end) => brandStarts.map((start) => `${start} ${end}`))];
    brandsByCategory.set(category, brands);
  }
  return brands;
}

function kindOf(item: AssortmentItem): AssortmentKind {
  const kind = kindsSold[item.kind];
  if (kind === undefined) throw new RangeError(`There is no kind ${item.kind}.`);
  return kind;
}

/** "1.25 kg" is 1250 g: a number that filters can compare within a category. */
function quantityOf(pack: string): { net_quantity: number; unit: string } {
  const [number = "", unit = ""] = pack.split(" ");
  const quantity = Number(number);
  switch (unit) {
    case "kg":
      return { net_quantity: Math.round(quantity * 1000), unit: "g" };
    case "l":
      return { net_quantity: Math.round(quantity * 1000), unit: "ml" };
    default:
      return { net_quantity: quantity, unit: quantity === 1 || unit.length < 3 ? unit : unit.replace(/s$/, "") };
  }
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll("'", "")
    .replace(/(\d)\.(\d)/g, "$1-$2")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
