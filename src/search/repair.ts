import type { Reader } from "../storage/database";
import { isCorrectable } from "../search-index/documents";
import { stem } from "../base/text";
import { countEach } from "./queries";
import { only, type Reading, type Spelling, type Term } from "../search-index/terms";
import { vocabularyOf } from "./vocabulary";

/** A word from three letters on may have one edit in it, from six on two. */
const ONE_EDIT_FROM = 3;
const TWO_EDITS_FROM = 6;

/** How many near words are asked after, and how many of them are searched for together. */
const LOOKED_AT = 24;
const TAKEN = 3;

export interface Repair extends Term {
  /** What the word was taken for, when it was taken for another one. */
  as?: string;
}

/**
 * What somebody may have meant by a word that no product has: two words written as one, a word that is not finished, or a
 * misspelt one. `others` are the words beside it, which tell between what is equally near; only the last word of a search is
 * likelier to be unfinished than misspelt.
 */
export async function repair(
  reader: Reader,
  word: string,
  { others, isLast }: { others: Reading; isLast: boolean },
): Promise<Repair | undefined> {
  const { split, completion } = await readOtherwise(reader, word, others);
  if (split && split.shortest > 1) return split;
  const correction = await correct(reader, word, others);
  // `tshirt` is a split, but `ausb` is rather a slip than a USB.
  if (split && split.products * RARER > (correction?.products ?? 0)) return split;
  return isLast && completion?.fits ? completion : (correction ?? completion);
}

/** A split with a half of one letter has to be at least so common, in proportion to what else the word may be. */
const RARER = 10;
const LONGEST_SPLIT = 30;

/** The word as two that some product has side by side, and as the beginning of another. */
async function readOtherwise(reader: Reader, word: string, others: Reading) {
  const cuts = Array.from({ length: Math.min(word.length, LONGEST_SPLIT) - 1 }, (_, at) => [
    word.slice(0, at + 1),
    word.slice(at + 1),
  ]);
  const splits = cuts.map((halves): Spelling => ({ stems: halves.map(stem) }));
  const begun: Spelling = { stems: [word], unfinished: true };
  const [products = 0, fitting = 0, ...apart] = await countEach(reader, [
    only(begun),
    beside(others)(begun),
    ...splits.map(only),
  ]);
  const most = Math.max(0, ...apart);
  const [halves, spelling] = [cuts[apart.indexOf(most)], splits[apart.indexOf(most)]];
  return {
    split:
      most > 0 && halves && spelling
        ? { spellings: [spelling], products: most, as: halves.join(" "), shortest: shortest(halves) }
        : undefined,
    completion: products > 0 ? { spellings: [begun], products, fits: fitting > 0 } : undefined,
  };
}

/** The nearest words that more than `atLeast` products have, best first: that fit the others, that are near, that are common. */
export async function correct(
  reader: Reader,
  word: string,
  others: Reading,
  moreThan = 0,
): Promise<Repair | undefined> {
  if (!isCorrectable(word)) return undefined;
  const mostEdits = word.length >= TWO_EDITS_FROM ? 2 : word.length >= ONE_EDIT_FROM ? 1 : 0;
  const near = (await vocabularyOf(reader)).near(word, mostEdits).slice(0, LOOKED_AT);
  const spellings = near.map((candidate): Spelling => ({ stems: [stem(candidate.word)] }));
  const products = await countEach(reader, spellings.map(only));
  const together = await countEach(reader, spellings.map(beside(others)));
  const best = near
    .map(({ word, edits }, at) => ({ word, edits, products: products[at] ?? 0, together: together[at] ?? 0 }))
    .filter((candidate) => candidate.products > moreThan)
    .sort(
      (a, b) =>
        Number(b.together > 0) - Number(a.together > 0) ||
        a.edits - b.edits ||
        b.together - a.together ||
        b.products - a.products,
    );
  const first = best[0];
  if (!first) return undefined;
  const taken = best.filter(({ edits }) => edits === first.edits).slice(0, TAKEN);
  return { spellings: taken.map(({ word }) => ({ stems: [stem(word)] })), products: first.products, as: first.word };
}

const beside =
  (others: Reading) =>
  (spelling: Spelling): Reading[] => [[{ spellings: [spelling], products: 0 }, ...others]];

const shortest = (words: readonly string[]) => Math.min(...words.map((word) => word.length));
