import type { Shop } from "./shop";

/**
 * What a program keeps in memory for each shop that it has open, such as what waits to be written. `make` runs when it is first
 * asked for. It stays on the shop, also on copies of it (an audited shop is one), and goes with it.
 */
export function perShop<State>(make: () => State): (shop: Pick<Shop, "state">) => State {
  const key = Symbol("state");
  return ({ state }) => {
    if (!state.has(key)) state.set(key, make());
    // Only this function writes under its key.
    return state.get(key) as State;
  };
}
