import { fold, wordsOf } from "../base/text";
import { type Language, stem, stemsOf } from "../search-index/stem";
import { one, type Query, type Reading, type Spelling, type Term } from "../search-index/terms";
import { wordsBeingTyped } from "../search-index/tokens";
import { countEach, type Searched } from "./counts";
import { functionWordsOf } from "./function-words";
import { findNamed, type Named } from "./queries";
import { correct } from "./repair";
import { findSynonyms, findSynonymsBegun, stemsOfPhrase } from "./synonyms";
import { vocabularyOf } from "./vocabulary";

/** From so many letters on the word that is being typed may have an edit in it. */
const FORGIVING_FROM_LETTERS = 4;
/** How many words that begin like a misspelt beginning are asked after, and how many of them are searched for. */
const WORDS_COMPARED = 24;
const WORDS_TRIED = 3;
const WORDS_MOST = 12;

/**
 * The ids of the products whose names have the words typed so far, of which the last may be unfinished. The most useful
 * come first: names that begin so, then what sells, what is in stock, and short names.
 */
export async function suggestProducts(shop: Searched, text: string): Promise<number[]> {
  const typed = typedIn(text, shop.settings.searchLanguages);
  const last = typed.words.at(-1);
  if (last === undefined) return [];
  const reading = await Promise.all(
    typed.words.map((word, at) => (isBegun(typed, at) ? begun(shop, word) : finished(shop, word))),
  );
  const named = await findNamed(shop.database, one(reading));
  if (named.length > 0) return mostUseful(named, typed.words);
  const forgiven = await forgive(shop, typed, reading);
  return forgiven ? mostUseful(await findNamed(shop.database, forgiven), typed.words) : [];
}

/** Of these names those that the words typed so far may be the beginning of, the likeliest first. */
export function suggestNames(text: string, names: readonly string[]): string[] {
  const typed = wordsOf(text);
  if (typed.length === 0) return [];
  const whole = typed.join(" ");
  return names
    .map((name) => ({ name, words: wordsOf(name) }))
    .filter(({ words }) => typed.every((word) => words.some((other) => other.startsWith(word))))
    .map(({ name, words }) => ({ name, begins: words.join(" ").startsWith(whole) }))
    .sort((a, b) => Number(b.begins) - Number(a.begins) || a.name.length - b.name.length)
    .map(({ name }) => name);
}

interface Typed {
  words: string[];
  /** Whether the last word has come to its end. */
  isFinished: boolean;
}

function typedIn(text: string, languages: readonly Language[]): Typed {
  const all = wordsBeingTyped(text);
  const functionWords = functionWordsOf(languages);
  const last = all.at(-1);
  const telling = all.slice(0, -1).filter((word) => !functionWords.has(word));
  const words = last === undefined ? [] : [...new Set([...telling.slice(0, WORDS_MOST - 1), last])];
  return { words, isFinished: ENDED.test(fold(text)) };
}

/** `1.` may go on as `1.25`, `T-` as `T-Shirt`. */
const ENDED = /[^\p{L}\p{N}\p{M}.,'’"-]$/u;

const isBegun = ({ words, isFinished }: Typed, at: number) => at === words.length - 1 && !isFinished;

async function finished(shop: Searched, word: string): Promise<Term> {
  const { searchLanguages } = shop.settings;
  const synonyms = (await findSynonyms(shop, [word])).get(stemsOfPhrase(word, searchLanguages)) ?? [];
  return termOf([...stemsOf(word, searchLanguages).map((stem): Spelling => ({ stems: [stem] })), ...synonyms]);
}

/**
 * Every word that begins so. Its stem may end otherwise (`fri` is on the way to `fries`, of which the index knows `fry`), so
 * those count too, and what words that begin so are synonyms of.
 */
async function begun(shop: Searched, word: string): Promise<Term> {
  const { searchLanguages } = shop.settings;
  const otherwise = (await vocabularyOf(shop)).otherwiseStemmed(word).slice(0, WORDS_COMPARED);
  const stems = new Set([word, `${word}s`, ...otherwise].flatMap((other) => stemsOf(other, searchLanguages)));
  const synonyms = await findSynonymsBegun(shop, word);
  return termOf([
    { stems: [word], unfinished: true },
    ...[...stems].map((stem): Spelling => ({ stems: [stem] })),
    ...synonyms,
  ]);
}

const termOf = (spellings: Spelling[]): Term => ({ spellings, products: 0 });

/** What may have been meant by words that are in no name together: those that are in none get their nearest ones. */
async function forgive(shop: Searched, typed: Typed, reading: Reading): Promise<Query | undefined> {
  const counts = await countEach(
    shop,
    reading.map((term) => one([term])),
  );
  const known = reading.filter((_, at) => (counts[at] ?? 0) > 0);
  const forgiven: Reading = [];
  for (const [at, word] of typed.words.entries()) {
    const term = reading[at];
    const isKnown = (counts[at] ?? 0) > 0;
    const meant = isKnown
      ? term
      : isBegun(typed, at)
        ? await likeBeginning(shop, word, known)
        : (await correct(shop, word, { others: known, beside: undefined })).made;
    if (!meant) return undefined;
    forgiven.push(meant);
  }
  return one(forgiven);
}

async function likeBeginning(shop: Searched, word: string, others: Reading): Promise<Term | undefined> {
  if (word.length < FORGIVING_FROM_LETTERS) return undefined;
  const like = (await vocabularyOf(shop)).beginningLike(word).slice(0, WORDS_COMPARED);
  const spellings = like.map((other): Spelling => ({ stems: [stem(other, shop.settings.searchLanguages)] }));
  const products = await countEach(
    shop,
    spellings.map((spelling) => one([termOf([spelling]), ...others])),
  );
  const best = spellings
    .map((spelling, at) => ({ spelling, products: products[at] ?? 0 }))
    .filter((candidate) => candidate.products > 0)
    .sort((a, b) => b.products - a.products)
    .slice(0, WORDS_TRIED);
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
