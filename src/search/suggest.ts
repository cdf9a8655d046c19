import type { Reader } from "../storage/database";
import { fold, stem, wordsOf } from "../base/text";
import { countEach, findNamed, type Named } from "./queries";
import { only, type Query, type Reading, type Spelling, type Term } from "../search-index/terms";
import { correct } from "./repair";
import { vocabularyOf } from "./vocabulary";

/** From so many letters on the word that is being typed may have an edit in it. */
const FORGIVING_FROM = 4;
/** How many words that begin like a misspelt beginning are asked after. */
const LOOKED_AT = 24;
const TAKEN = 3;
const MOST_WORDS = 12;

/**
 * The ids of the products whose names have the words typed so far, of which the last may be unfinished. The most useful
 * come first: names that begin so, then what sells, what is in stock, and short names.
 */
export async function suggestProducts(reader: Reader, text: string): Promise<number[]> {
  const typed = wordsOf(text).slice(0, MOST_WORDS);
  const last = typed.at(-1);
  if (last === undefined) return [];
  const isFinished = /[^\p{L}\p{N}\p{M}]$/u.test(fold(text));
  const reading = typed.map((word, at) => (at === typed.length - 1 && !isFinished ? begun(word) : finished(word)));
  const named = await findNamed(reader, [reading]);
  if (named.length > 0) return mostUseful(named, typed);
  const forgiven = await forgive(reader, typed, reading, isFinished);
  return forgiven ? mostUseful(await findNamed(reader, forgiven), typed) : [];
}

/** Of these categories those that the words typed so far may be the beginning of, the likeliest first. */
export function suggestCategories(text: string, categories: readonly string[]): string[] {
  const typed = wordsOf(text);
  if (typed.length === 0) return [];
  const whole = typed.join(" ");
  return categories
    .map((category) => ({ category, words: wordsOf(category) }))
    .filter(({ words }) => typed.every((word) => words.some((other) => other.startsWith(word))))
    .map(({ category, words }) => ({ category, begins: words.join(" ").startsWith(whole) }))
    .sort((a, b) => Number(b.begins) - Number(a.begins) || a.category.length - b.category.length)
    .map(({ category }) => category);
}

const finished = (word: string): Term => ({ spellings: [{ stems: [stem(word)] }], products: 0 });

/** Every word that begins so. Its stem may end otherwise (`batterie` is on the way to `battery`), so that counts too. */
const begun = (word: string): Term => ({
  spellings: [{ stems: [word], unfinished: true }, { stems: [stem(`${word}s`)] }],
  products: 0,
});

/** What may have been meant by words that are in no name together: those that are in none get their nearest ones. */
async function forgive(
  reader: Reader,
  typed: readonly string[],
  reading: Reading,
  isFinished: boolean,
): Promise<Query | undefined> {
  const counts = await countEach(
    reader,
    reading.map((term): Query => [[term]]),
    1,
  );
  const known = reading.filter((_, at) => (counts[at] ?? 0) > 0);
  const forgiven: Reading = [];
  for (const [at, word] of typed.entries()) {
    const term = reading[at];
    const isBegun = at === typed.length - 1 && !isFinished;
    const meant =
      (counts[at] ?? 0) > 0
        ? term
        : isBegun
          ? await likeBeginning(reader, word, known)
          : await correct(reader, word, known);
    if (!meant) return undefined;
    forgiven.push(meant);
  }
  return [forgiven];
}

async function likeBeginning(reader: Reader, word: string, others: Reading): Promise<Term | undefined> {
  if (word.length < FORGIVING_FROM) return undefined;
  const like = (await vocabularyOf(reader)).beginningLike(word).slice(0, LOOKED_AT);
  const spellings = like.map((other): Spelling => ({ stems: [stem(other)] }));
  const products = await countEach(
    reader,
    spellings.map((spelling) =>
      others.length === 0 ? only(spelling) : [[{ spellings: [spelling], products: 0 }, ...others]],
    ),
  );
  const best = spellings
    .map((spelling, at) => ({ spelling, products: products[at] ?? 0 }))
    .filter((candidate) => candidate.products > 0)
    .sort((a, b) => b.products - a.products)
    .slice(0, TAKEN);
  return best.length > 0
    ? { spellings: best.map(({ spelling }) => spelling), products: best[0]?.products ?? 0 }
    : undefined;
}

function mostUseful(named: readonly Named[], typed: readonly string[]): number[] {
  const whole = typed.map((word, at) => (at === typed.length - 1 ? word : stem(word))).join(" ");
  return named
    .map((product) => ({ ...product, begins: product.name.startsWith(` ${whole}`) }))
    .sort(
      (a, b) =>
        Number(b.begins) - Number(a.begins) ||
        b.ordered - a.ordered ||
        Number(b.free > 0) - Number(a.free > 0) ||
        a.name.length - b.name.length ||
        a.product_id - b.product_id,
    )
    .map(({ product_id }) => product_id);
}
