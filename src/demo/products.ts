import type { NamedProduct } from "../catalog/schema";
import { describeProduct, type AssortmentItem } from "./assortment";
import { momentOf } from "./calendar";
import { careerOf } from "./demand";
import { bell, randomFrom } from "../base/random";

const STOCK_AND_AGE = 41;

/** A product as the catalog takes it in. `start` is the first day of the demo year. */
export function newProduct(
  seed: number,
  product: number,
  item: AssortmentItem,
  start: number,
): NamedProduct & { created_at: string } {
  const random = randomFrom(seed, STOCK_AND_AGE, product);
  const { launched } = careerOf(seed, product);
  const shownSince =
    launched < 0 ? momentOf(start - 10 - Math.floor(300 * random()), 0.4) : momentOf(start + launched, 0);
  return {
    ...describeProduct(item),
    price: item.price,
    image_url: null,
    stock: drawStock(random(), bell(random)),
    created_at: shownSince.toISOString(),
  };
}

/** Most have plenty; one in thirty has run out and one in twenty soon will. */
function drawStock(luck: number, spread: number): number {
  if (luck < 1 / 30) return 0;
  if (luck < 1 / 30 + 1 / 20) return 1 + Math.floor(luck * 60);
  return 15 + Math.round(80 * Math.exp(0.6 * spread));
}
