import { perShop } from "../shop/per-shop";
import type { Shop } from "../shop/shop";

const changesOf = perShop(() => ({ count: 0 }));

/** How often this process has put a model into service: a cache of models asks again when it has risen. */
export function modelChanges(shop: Pick<Shop, "state">): number {
  return changesOf(shop).count;
}

/** Says that a model was put into service, so that the next request sees it. Other processes find out by looking. */
export function modelHasChanged(shop: Pick<Shop, "state">): void {
  changesOf(shop).count++;
}
