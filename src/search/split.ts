import { type Language, stemsOf } from "../search-index/stem";
import { one, only, type Reading, type Spelling, type Term } from "../search-index/terms";
import { countEach, type Searched } from "./counts";
import { functionWordsOf } from "./function-words";

/** What is searched for in place of a word that was typed. */
export interface Repair extends Term {
  /** What the word was taken for, when it was taken for another one. */
  as?: string;
}

/** A split with a half of one or two letters has to be at least so common, in proportion to what else the word may be. */
export const RARER_TIMES = 10;
const LONGEST_SPLIT = 30;

/** The word as two that some product has side by side, and as the beginning of another. */
export async function readOtherwise(shop: Searched, word: string, others: Reading) {
  const { searchLanguages } = shop.settings;
  const cuts = cutsOf(word, searchLanguages);
  const splits = cuts.map((halves) => splitOf(halves, searchLanguages));
  const begun: Spelling = { stems: [word], unfinished: true };
  const [products = 0, fitting = 0, ...apart] = await countEach(shop, [
    only(begun),
    one([{ spellings: [begun], products: 0 }, ...others]),
    ...splits.map(only),
  ]);
  const most = Math.max(0, ...apart);
  const [halves, spelling] = [cuts[apart.indexOf(most)], splits[apart.indexOf(most)]];
  return {
    split:
      most > 0 && halves && spelling
        ? { spellings: [spelling], products: most, as: halves.join(" "), shortest: shortest(halves) }
        : undefined,
    completion: products > 0 && word.length > 1 ? { spellings: [begun], products, fits: fitting > 0 } : undefined,
  };
}

/** A word that few products have may be two that many have: `harddisk` in one name, `hard disk` in a hundred. */
export async function splitInTwo(shop: Searched, word: string, moreThan: number): Promise<Repair | undefined> {
  const { searchLanguages } = shop.settings;
  const cuts = cutsOf(word, searchLanguages).filter((halves) => shortest(halves) >= HALF_FROM_LETTERS);
  const splits = cuts.map((halves) => splitOf(halves, searchLanguages));
  const counts = await countEach(shop, splits.map(only));
  const most = Math.max(0, ...counts);
  const [halves, spelling] = [cuts[counts.indexOf(most)], splits[counts.indexOf(most)]];
  return most > moreThan && halves && spelling
    ? { spellings: [spelling], products: most, as: halves.join(" ") }
    : undefined;
}
const HALF_FROM_LETTERS = 3;

/** The two words that it may be, at each place where it can be cut. */
export function cutsOf(word: string, languages: readonly Language[]): string[][] {
  const functionWords = functionWordsOf(languages);
  return Array.from({ length: Math.min(word.length, LONGEST_SPLIT) - 1 }, (_, at) => [
    word.slice(0, at + 1),
    word.slice(at + 1),
  ]).filter((halves) => !halves.some((half) => half.length > 1 && functionWords.has(half)));
}

const splitOf = (halves: readonly string[], languages: readonly Language[]): Spelling => ({
  stems: halves.map((half) => stemsOf(half, languages)[0] ?? half),
});

const shortest = (words: readonly string[]) => Math.min(...words.map((word) => word.length));
