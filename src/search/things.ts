import { one, type Term } from "../search-index/terms";
import { perShop } from "../shop/per-shop";
import type { Searched } from "./counts";
import { findMatches, inFields } from "./queries";
import { headOf, isHeadOf } from "./rank";

/** So many names at least end with a word that names a thing. */
const NAMES_LEAST = 2;
/** What is known of words is forgotten together after so many, since products come and go. */
const LOOK_UPS_PER_MEMORY = 2_000;

const memoryOf = perShop(() => ({ known: new Map<string, boolean>(), lookUps: 0 }));

/**
 * Whether products here are the thing that a word names, as `Assam Tea, 500 g` is tea: then a milk that is good for tea is
 * none, whatever it costs. Cotton is no such thing where only shirts are of it.
 */
export async function namesThings(shop: Searched, term: Term): Promise<boolean> {
  const memory = memoryOf(shop);
  if (++memory.lookUps > LOOK_UPS_PER_MEMORY) {
    memory.known.clear();
    memory.lookUps = 0;
  }
  const key = term.spellings.map(({ stems, unfinished }) => `${stems.join(" ")}${unfinished ? "*" : ""}`).join("|");
  const known = memory.known.get(key);
  if (known !== undefined) return known;
  const matches = await findMatches(shop.database, one(inFields([term], ["name"])), []);
  const names = matches.filter(({ name }) => isHeadOf(term, headOf(name)));
  const isThing = names.length >= NAMES_LEAST;
  // What is not called so yet may be soon.
  if (isThing) memory.known.set(key, true);
  return isThing;
}
