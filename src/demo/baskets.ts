import { type AssortmentItem, kindsSold } from "./assortment";
import type { Household } from "./customers";
import { companions, type Demand, eats } from "./demand";
import { type Random, steady } from "../base/random";

const MOST_REGULARS = 14;
const MOST_LINES = 24;
/** How often people take the product of a kind that they know: what they always have at home, and what they feel like. */
const STAPLE_LOYALTY = 0.93;
const WISH_LOYALTY = 0.7;

export interface DemoLine {
  product: number;
  qty: number;
}

/** What every household keeps at home, and when it will have run out. */
interface Pantries {
  kinds: Int16Array;
  runsOutOn: Float32Array;
}

export function stockPantries(random: Random, households: readonly Household[], demand: Demand): Pantries {
  const kinds = new Int16Array(households.length * MOST_REGULARS).fill(-1);
  const runsOutOn = new Float32Array(kinds.length);
  for (const [customer, { taste, second_taste, joined }] of households.entries()) {
    const chosen = new Set<number>();
    const wanted = 5 + Math.floor(random() * (MOST_REGULARS - 4));
    for (let attempt = 0; attempt < 3 * wanted && chosen.size < wanted; attempt++) {
      const kind = demand.regular(random() < 0.75 ? taste : second_taste, random());
      if (eats[taste]?.[kind]) chosen.add(kind);
    }
    for (const [place, kind] of [...chosen].entries()) {
      const slot = customer * MOST_REGULARS + place;
      kinds[slot] = kind;
      runsOutOn[slot] = Math.max(0, joined) + random() * (kindsSold[kind]?.every ?? 0);
    }
  }
  return { kinds, runsOutOn };
}

interface Visit {
  random: Random;
  demand: Demand;
  items: readonly AssortmentItem[];
  pantry: Pantries;
  customer: number;
  household: Household | undefined;
  day: number;
}

/** First what has run out, then what the household feels like, and with each what goes with it. */
export function fillBasket(visit: Visit): DemoLine[] {
  const { random, demand, items, pantry, customer, household, day } = visit;
  if (!household) throw new RangeError(`There is no customer ${customer}.`);
  const lines: DemoLine[] = [];

  const add = (kind: number, loyalty: number): boolean => {
    if (lines.length >= MOST_LINES || !eats[household.taste]?.[kind]) return false;
    // Most stay with the product that they know; its share of the kind is theirs for good.
    const share = random() < loyalty ? steady(customer, kind) : random();
    const product = demand.product(kind, household.purse, share);
    if (product === undefined || lines.some((line) => line.product === product)) return false;
    lines.push({ product, qty: quantity(random, items[product]?.price ?? 0, household.people) });
    return true;
  };
  const addWithCompanions = (kind: number, loyalty: number) => {
    if (!add(kind, loyalty)) return;
    for (const partner of companions[kind] ?? []) {
      if (random() < partner.chance * demand.season(partner.kind)) add(partner.kind, loyalty);
    }
  };

  // Bigger households run out sooner.
  const pace = 1.25 - 0.1 * household.people;
  for (let slot = customer * MOST_REGULARS; slot < (customer + 1) * MOST_REGULARS; slot++) {
    const kind = pantry.kinds[slot] ?? -1;
    if (kind < 0) break;
    if ((pantry.runsOutOn[slot] ?? 0) > day + 1 || random() < 0.12 || demand.season(kind) < random()) continue;
    pantry.runsOutOn[slot] = day + (kindsSold[kind]?.every ?? 30) * pace * (0.8 + 0.4 * random());
    addWithCompanions(kind, STAPLE_LOYALTY);
  }
  const wishes = Math.min(9, Math.floor(-Math.log(1 - random()) * 2.2) + (lines.length === 0 ? 1 : 0));
  for (let wish = 0; wish < wishes; wish++) {
    addWithCompanions(demand.wish(random() < 0.75 ? household.taste : household.second_taste, random()), WISH_LOYALTY);
  }
  // Bananas are always there.
  if (lines.length === 0) lines.push({ product: 0, qty: 1 });
  return lines;
}

/** Cheap things are taken by the handful. */
function quantity(random: Random, price: number, people: number): number {
  const another = price < 80 ? 0.12 + 0.05 * people : 0.04;
  let qty = 1;
  while (qty < 6 && random() < another) qty++;
  return qty;
}
