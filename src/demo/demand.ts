import { affinities } from "../../data/affinities";
import { type Taste, tastes } from "../../data/tastes";
import { type AssortmentItem, type AssortmentKind, kindsSold } from "./assortment";
import { seasonFactor } from "./calendar";
import { bell, pickWeighted, randomFrom, steady, summed } from "../base/random";

/** How one product fares in the course of the year. */
export interface Career {
  /** Day of the year on which it came; below 0: it was there before. */
  launched: number;
  /** Growth over the year, as the exponent of e. */
  growth: number;
}

const CAREER = 21;
/** The first of each aisle is always there, so that every basket finds something. */
const ALWAYS_THERE = 24;
/** How prices weigh with each purse, as exponents: dear is bad for the first, good for the last. */
const PURSES = [-3, 0, 3] as const;
/** How sharply tastes differ, as the exponent of what data/tastes.ts says. */
const CONTRAST = 1.3;
/** Of what only few households need, the others buy this share. */
const NICHE = 0.01;

export function careerOf(seed: number, product: number): Career {
  const random = randomFrom(seed, CAREER, product);
  const isNew = random() < 0.1 && product >= ALWAYS_THERE;
  return { launched: isNew ? 15 + Math.floor(random() * 320) : -1, growth: 0.5 * bell(random) };
}

/** Who may eat what: households that are vegetarian take no meat and no eggs. */
export const eats: readonly boolean[][] = tastes.map(({ diet }) =>
  kindsSold.map((kind) => {
    const contains = kind.diet ?? kind.category.diet;
    return diet === "everything" || (contains !== "egg" && contains !== "non-vegetarian");
  }),
);

/** For each kind, what goes with it, and how likely one who takes it takes that too. */
export const companions: readonly { kind: number; chance: number }[][] = kindsSold.map((kind) => {
  const partners = affinities.flatMap(([one, other]) => (one === kind.name ? other : other === kind.name ? one : []));
  return partners.flatMap((partner) => {
    const at = kindsSold.findIndex(({ name }) => name === partner);
    // Cereal asks for milk, but hardly a customer who buys milk, every third day, needs cereal with it.
    const chance = (0.45 * Math.min(1, demandOf(kindsSold[at]) / demandOf(kind))) / partners.length ** 0.5;
    return at === -1 ? [] : [{ kind: at, chance }];
  });
});

/** What a kind sells beside others, whoever buys it. */
function demandOf(kind: AssortmentKind | undefined): number {
  return kind ? kind.appeal ** 1.7 * (20 / kind.every) ** 0.5 : 0;
}

/** How much a household of this taste likes a kind, whatever the season. */
function liking(taste: Taste, kind: AssortmentKind): number {
  const category = (taste.categories[kind.category.name] ?? 1) ** CONTRAST;
  const own = taste.kinds?.[kind.name] ?? 1;
  // Households of one taste agree on many small things too, which nobody could name.
  const agreed = Math.exp(3.6 * (steady(tastes.indexOf(taste), kindsSold.indexOf(kind)) - 0.5));
  return kind.appeal ** 1.7 * (kind.category.niche ? NICHE : 1) * category * own * agreed;
}

/** What is bought at a time of the year. `moveTo` comes before everything else. */
export interface Demand {
  moveTo(dayOfYear: number): void;
  /** A kind that a household of this taste feels like, or wants to have at home at all times. */
  wish(taste: number, share: number): number;
  regular(taste: number, share: number): number;
  season(kind: number): number;
  /** One of the products of a kind, the more popular the likelier; undefined when there is none yet. */
  product(kind: number, purse: number, share: number): number | undefined;
}

/** The demand for these products in the year that begins on the day `start`. */
export function demandFor(items: readonly AssortmentItem[], seed: number, start: number): Demand {
  const { first, products } = byKind(items);
  const careers = products.map((product) => careerOf(seed, product));
  const standing = PURSES.map((leaning) =>
    Float64Array.from(products, (product, at) => {
      const item = items[product];
      const rank = at - (first[item?.kind ?? 0] ?? 0);
      return (rank + 1) ** -1 * (item?.price_factor ?? 1) ** leaning;
    }),
  );
  const isSold = kindsSold.map((_, kind) => (first[kind + 1] ?? 0) > (first[kind] ?? 0));
  const likings = tastes.map((taste, at) =>
    kindsSold.map((kind, place) => (isSold[place] && eats[at]?.[place] ? liking(taste, kind) : 0)),
  );
  const regulars = likings.map((likes) =>
    summed(likes.map((like, at) => ((kindsSold[at]?.every ?? 999) > 60 ? 0 : like * regularity(kindsSold[at])))),
  );
  let productSums: Float64Array[] = [];
  let wishSums: Float64Array[] = [];
  let seasons: number[] = [];

  return {
    moveTo(dayOfYear) {
      seasons = kindsSold.map(({ season }) => (season ? seasonFactor(season, start + dayOfYear) : 1));
      wishSums = likings.map((likes) =>
        summed(likes.map((like, at) => like * variety(kindsSold[at]) * (seasons[at] ?? 1))),
      );
      const favour = careers.map((career) => favourOn(career, dayOfYear));
      productSums = standing.map((weights) => summed(weights.map((weight, at) => weight * (favour[at] ?? 0))));
    },
    wish: (taste, share) => pickWeighted(wishSums[taste] ?? new Float64Array(0), share),
    regular: (taste, share) => pickWeighted(regulars[taste] ?? new Float64Array(0), share),
    season: (kind) => seasons[kind] ?? 1,
    product(kind, purse, share) {
      const sums = productSums[purse] ?? new Float64Array(0);
      const from = first[kind] ?? 0;
      const to = first[kind + 1] ?? 0;
      if (to === from || (sums[to - 1] ?? 0) - (sums[from - 1] ?? 0) <= 0) return undefined;
      return products[pickWeighted(sums, share, from, to)];
    },
  };
}

/** For a treat people look beyond what everybody likes. */
function variety(kind: AssortmentKind | undefined): number {
  return kind ? kind.appeal ** -0.6 : 0;
}

/** Nobody keeps mangoes at home all year. */
function regularity(kind: AssortmentKind | undefined): number {
  return kind && kind.season === undefined ? (20 / kind.every) ** 0.3 : 0.05;
}

/** New products take some weeks to be found, and are talked about then. */
function favourOn({ launched, growth }: Career, dayOfYear: number): number {
  if (dayOfYear < launched) return 0;
  const found = launched < 0 ? 1 : 2.2 * (1 - Math.exp(-(dayOfYear - launched + 2) / 45));
  return found * Math.exp(growth * (dayOfYear / 365 - 0.5));
}

/** Product numbers sorted by kind: those of kind k stand from `first[k]` to `first[k + 1]`. */
function byKind(items: readonly AssortmentItem[]): { first: number[]; products: number[] } {
  const products = items.map((_, at) => at).toSorted((a, b) => (items[a]?.kind ?? 0) - (items[b]?.kind ?? 0) || a - b);
  const counts = kindsSold.map(() => 0);
  for (const { kind } of items) counts[kind] = (counts[kind] ?? 0) + 1;
  const first = [0];
  for (const count of counts) first.push((first.at(-1) ?? 0) + count);
  return { first, products };
}
