import { isCorrectable } from "../search-index/documents";
import { one, type Reading, type Spelling } from "../search-index/terms";
import { countEach, type Searched } from "./counts";
import { inFields } from "./queries";
import { type Candidate, candidatesFor, CORRECTED_FROM_LETTERS, RARELY_PRODUCTS, SOUND_SLIP } from "./near-words";
import { RARER_TIMES, readOtherwise, type Repair } from "./split";

/** How many near words are searched for together. */
const WORDS_TRIED = 3;

export interface Repaired {
  /** What is searched for instead. */
  made?: Repair;
  /** What may have been meant; too unsure to be searched for. */
  offered?: string;
}

export interface Context {
  /** The other words, as far as products have them. They tell between what is equally near. */
  others: Reading;
  /** The words right before and after it. What stands beside them in names is likely meant. */
  beside: { before: string[] | undefined; after: string[] | undefined } | undefined;
  /** Only the last word of a search is likelier to be unfinished than misspelt. */
  isLast: boolean;
}

/**
 * What may be meant by a word that no product has: two words written as one, a word that is not finished, or a misspelt one.
 */
export async function repair(shop: Searched, word: string, context: Context): Promise<Repaired> {
  const { split, completion } = await readOtherwise(shop, word, context.others);
  if (split && split.shortest > 2) return { made: split };
  const correction = await correct(shop, word, context);
  // `tshirt` and `tvstand` are splits, but `ausb` is rather a slip than a USB.
  if (split && split.products * RARER_TIMES > (correction.made?.products ?? 0)) return { made: split };
  const made = context.isLast && completion?.fits ? completion : (correction.made ?? completion);
  return made ? { made } : correction;
}

/** The nearest words that more than `moreThan` products have: the sure ones together, or the best of the others as an offer. */
export async function correct(
  shop: Searched,
  word: string,
  { others, beside }: Omit<Context, "isLast">,
  moreThan = 0,
): Promise<Repaired> {
  if (!isCorrectable(word) || word.length < CORRECTED_FROM_LETTERS) return {};
  const candidates = (await candidatesFor(shop, word, others)).filter(({ products }) => products > moreThan);
  const alone = candidates
    .map((candidate) => ({ ...candidate, margin: allowance(word, candidate) - candidate.slip }))
    .sort((a, b) => likelihood(b) - likelihood(a) || b.together - a.together || b.products - a.products);
  const judged = beside
    ? await besideNeighbours(shop, alone, beside, others.length === 0 || word.length >= TELLING_LETTERS)
    : alone;
  const [first] = judged;
  if (!first) return {};
  if (first.margin < 0) {
    const fits = others.length === 0 || first.together > 0;
    return first.margin > -OFFERED_WITHIN && first.heads > 0 && fits ? { offered: first.word } : {};
  }
  const taken = judged
    .filter((other) => other.margin >= 0 && likelihood(other) > likelihood(first) - AS_LIKELY)
    .slice(0, WORDS_TRIED);
  return {
    made: {
      spellings: taken.flatMap(({ spellings }) => spellings),
      products: first.products,
      as: first.word,
    },
  };
}

/** An offer may be so much less sure than a repair; repairs that differ by less are searched for together. */
const OFFERED_WITHIN = 0.7;
const AS_LIKELY = 0.15;

type Judged = Candidate & { margin: number };

/** Of equally near words the one that more names have is likelier meant. */
const likelihood = ({ margin, heads }: Judged) => margin + 0.1 * Math.log10(1 + heads);

/** How many of the likeliest words are looked for beside their neighbours, and how much it tells that they stand there. */
const LOOKED_FOR_BESIDE = 4;
const BESIDE_WEIGHT = 0.5;
/** How much it tells that no product has the word together with the others: in `beats headphones` no beads are meant. */
const STRANGE_WEIGHT = 0.5;
/** So long a word is seldom another brand's name. */
const TELLING_LETTERS = 8;

/** The likeliest first, after a look at which of them stand in names beside the words that they were typed beside. */
async function besideNeighbours(
  shop: Searched,
  judged: readonly Judged[],
  beside: NonNullable<Context["beside"]>,
  isAlone: boolean,
): Promise<Judged[]> {
  const tried = judged.slice(0, LOOKED_FOR_BESIDE);
  const counts = await countEach(
    shop,
    tried.map(({ spellings }) => one(inFields([{ spellings: besideOf(spellings, beside), products: 0 }], ["name"]))),
  );
  return judged
    .map((candidate, at) => {
      if ((counts[at] ?? 0) > 0) return { ...candidate, margin: candidate.margin + BESIDE_WEIGHT };
      const isStrange = candidate.together === 0 && !isAlone;
      return isStrange ? { ...candidate, margin: candidate.margin - STRANGE_WEIGHT } : candidate;
    })
    .sort((a, b) => likelihood(b) - likelihood(a));
}

/** The word beside its neighbours, and as one with them: `smart watch` may be sold as a smartwatch. */
const besideOf = (
  spellings: readonly Spelling[],
  { before = [], after = [] }: NonNullable<Context["beside"]>,
): Spelling[] =>
  spellings.flatMap(({ stems }) =>
    [
      ...(before.length > 0 ? [[...before, ...stems]] : []),
      ...(after.length > 0 ? [[...stems, ...after]] : []),
    ].flatMap((both) => [{ stems: both }, { stems: [both.join("")] }]),
  );

/** How many products make a word one that is often meant, also beside the other words. */
const OFTEN_PRODUCTS = 20;
const OFTEN_TOGETHER_PRODUCTS = 3;

/** The most slip that is believed of a word of so many letters. */
const believedOf = (letters: number) =>
  letters >= 9
    ? 2.6
    : letters >= 8
      ? 2.4
      : letters >= 7
        ? 1.7
        : letters >= 6
          ? 1.1
          : letters >= 5
            ? 1
            : letters >= 4
              ? 0.5
              : 0;

/** The most that a single edit in a word of six letters or more is: one letter for any other, at its beginning. */
const ONE_EDIT = 1.4;

/** The most slip that is believed here: more of a word that many names have or that fits the other words, less of a rare one. */
function allowance(typed: string, { word, edits, slip, heads, together }: Candidate): number {
  const letters = Math.min(typed.length, word.length + 1);
  const isOne = edits === 1 && letters >= 6;
  // Three letters are as soon a word of their own; `ausb` is a slip, since so much is a USB.
  if (word.length < 4) return word.length === 3 && typed.length === 4 && heads >= OFTEN_PRODUCTS ? 1.2 : 0;
  if (typed.length === 3) return word.length === 4 && together >= OFTEN_TOGETHER_PRODUCTS ? 1 : 0;
  // What is only said in some description is seldom what is searched for, another form of the word never: eggs are candled.
  if (heads === 0 && baseOf(word) === baseOf(typed)) return 0;
  if (heads === 0) return isOne ? (letters === 6 ? 1 : ONE_EDIT) : 0.6 * believedOf(letters);
  let most = believedOf(letters);
  // Of two slips in a short word one is seldom at its very beginning: dollars are no rollers.
  if (edits > 1 && letters < 8 && slip > SOUND_SLIP && !word.startsWith(typed.slice(0, 1)) && !isSwapped(typed, word))
    most -= 0.5;
  if (isOne) most = Math.max(most, ONE_EDIT);
  else if (heads <= RARELY_PRODUCTS) most -= 0.15;
  // `mous` lacks a letter; one letter for another in so short a word is another word.
  if (typed.length === 4 && word.length === 5 && heads > RARELY_PRODUCTS) most = 0.9;
  if (heads >= OFTEN_PRODUCTS) most += Math.min(0.5, 0.3 * Math.log10(heads / (OFTEN_PRODUCTS / 10)));
  if (together > 0) most += together >= OFTEN_TOGETHER_PRODUCTS ? 0.5 : 0.3;
  // By itself one word of four letters is as soon a name as another one: `bose` is no `base`.
  else if (typed.length === 4 && word.length === 4) most = Math.min(most, believedOf(4));
  return most;
}

const isSwapped = (typed: string, word: string) => typed[0] === word[1] && typed[1] === word[0];

/** A word without what English puts at its end: `mixers`, `mixed` and `mixing` are of one base. */
const baseOf = (word: string) => word.replace(/(?:e?s|e?d|ing|er|ly)$/, "");
