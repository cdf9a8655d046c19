import { romanized } from "../base/romanize";
import { one } from "../search-index/terms";
import { countEach, type Searched } from "./counts";
import { type Context, repair, type Repaired } from "./repair";
import { spelled, termOf } from "./spelled";
import { findSynonyms, stemsOfPhrase } from "./synonyms";

/** What is meant by a word in a script of India, where the shop writes it in Latin letters. */
export async function inLatinLetters(shop: Searched, word: string, context: Context): Promise<Repaired> {
  const ways = romanized(word);
  const synonyms = await findSynonyms(shop, ways);
  const { searchLanguages } = shop.settings;
  const terms = ways.map((way) => ({
    own: spelled(way, searchLanguages),
    also: synonyms.get(stemsOfPhrase(way, searchLanguages)) ?? [],
  }));
  const counts = await countEach(
    shop,
    terms.map(({ own }) => one([{ spellings: own, products: 0 }])),
  );
  const made = terms.map(({ own, also }, at) => ({ ...termOf(own, counts[at] ?? 0, also), as: ways[at] ?? word }));
  const [best] = made.filter(({ products }) => products > 0).sort((a, b) => b.products - a.products);
  return best ? { made: best } : repair(shop, ways.at(-1) ?? word, context);
}
