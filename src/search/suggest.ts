import { isIndic, romanized } from "../base/romanize";
import { fold, wordsOf } from "../base/text";
import { type Language, stem, stemsOf } from "../search-index/stem";
import { one, type Query, type Reading, type Spelling, type Term } from "../search-index/terms";
import { tokensOf, wordsBeingTyped } from "../search-index/tokens";
import { countEach, type Searched } from "./counts";
import { functionWordsOf } from "./function-words";
import { findNamed, type Named } from "./queries";
import { repair } from "./repair";
import { spelled } from "./spelled";
import { cutsOf } from "./split";
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
  if (typed.pieces.length === 0) return [];
  const reading = await Promise.all(typed.pieces.map((piece, at) => termFor(shop, piece, isBegun(typed, at))));
  const named = await findNamed(shop.database, one(reading));
  if (named.length > 0) return mostUseful(named, typed);
  for await (const looser of forgiven(shop, typed, reading)) {
    const found = await findNamed(shop.database, looser);
    if (found.length > 0) return mostUseful(found, typed);
  }
  return [];
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

/** A word that was typed, or an amount. */
interface Piece {
  text: string;
  kind: "word" | "amount";
  /** What stands for it in the index, the best first. */
  terms: string[];
  /** Of a number: what it may be where no name has it so, such as `5.0` on the way to `5.0 m`. */
  plainly?: string[];
}

interface Typed {
  pieces: Piece[];
  /** The words, as a name begins with them. */
  words: string[];
  /** Whether the last word has come to its end. */
  isFinished: boolean;
}

function typedIn(text: string, languages: readonly Language[]): Typed {
  const functionWords = functionWordsOf(languages);
  const all = tokensOf(text).flatMap(({ kind, text, terms, words }): Piece[] =>
    kind === "amount"
      ? [{ text, kind, terms }]
      : kind === "number"
        ? [{ text, kind: "word", terms, plainly: [...words, text.replaceAll(",", "")] }]
        : terms.map((term) => ({ text: term, kind: "word", terms: [term] })),
  );
  const last = all.at(-1);
  const telling = all.slice(0, -1).filter((piece) => !functionWords.has(piece.text));
  const pieces = last ? [...telling.slice(0, WORDS_MOST - 1), last] : [];
  return {
    pieces: [...new Map(pieces.map((piece) => [piece.text, piece])).values()],
    words: wordsBeingTyped(text),
    isFinished: ENDED.test(fold(text)),
  };
}

/** `1.` may go on as `1.25`, `T-` as `T-Shirt`. */
const ENDED = /[^\p{L}\p{N}\p{M}.,'’"-]$/u;

const isBegun = ({ pieces, isFinished }: Typed, at: number) => at === pieces.length - 1 && !isFinished;

function termFor(shop: Searched, piece: Piece, begins: boolean): Promise<Term> {
  if (piece.kind === "amount") return Promise.resolve(termOf(spellingsOfAmount(piece, begins)));
  return begins ? begun(shop, piece) : finished(shop, piece);
}

/** In every spelling; one that is not finished may go on: `500 m` as `500 ml`, `15g` as `15G042Y`. */
function spellingsOfAmount({ text, terms }: Piece, begins: boolean): Spelling[] {
  const exactly = terms.slice(0, 1).map((term): Spelling => ({ stems: [term] }));
  return begins ? [...exactly, ...asNumberAndUnit(text)] : exactly;
}

/** `5k` on the way to `5 kg`, however a name divides it. */
function asNumberAndUnit(text: string): Spelling[] {
  const { number = "", unit = "" } = NUMBER_AND_UNIT.exec(text)?.groups ?? {};
  return unit === ""
    ? []
    : [
        { stems: [number, unit], unfinished: true },
        { stems: [`${number}${unit}`], unfinished: true },
      ];
}
const NUMBER_AND_UNIT = /^(?<number>\d+)[\s-]*(?<unit>\p{L}+)$/u;

async function finished(shop: Searched, { terms }: Piece): Promise<Term> {
  const { searchLanguages } = shop.settings;
  const words = terms.flatMap(inLatinLettersToo);
  const found = await findSynonyms(shop, words);
  const synonyms = words.flatMap((word) => found.get(stemsOfPhrase(word, searchLanguages)) ?? []);
  return termOf([...words.flatMap((word) => spelled(word, searchLanguages)), ...synonyms]);
}

/**
 * Every word that begins so. Its stem may end otherwise (`fri` is on the way to `fries`, of which the index knows `fry`), so
 * those count too, and what words that begin so are synonyms of.
 */
async function begun(shop: Searched, { text, terms }: Piece): Promise<Term> {
  const { searchLanguages } = shop.settings;
  const words = terms.flatMap(inLatinLettersToo);
  const [word = text] = words;
  const [vocabulary, ...synonyms] = await Promise.all([
    vocabularyOf(shop),
    ...words.map((one) => findSynonymsBegun(shop, one)),
  ]);
  // Those that begin so as well are found already.
  const otherwise = spelledAll([word, `${word}s`, ...vocabulary.otherwiseStemmed(word)], searchLanguages)
    .filter(({ stems: [first = "", ...others] }) => others.length > 0 || !first.startsWith(word))
    .slice(0, WORDS_COMPARED);
  return termOf([
    ...words.map((one): Spelling => ({ stems: [one], unfinished: true })),
    ...otherwise,
    ...asNumberAndUnit(text),
    ...synonyms.flat(),
  ]);
}

const inLatinLettersToo = (word: string): string[] => (isIndic(word) ? [word, ...romanized(word)] : [word]);

const spelledAll = (words: readonly string[], languages: readonly Language[]): Spelling[] =>
  [...new Set(words.flatMap((word) => stemsOf(word, languages)))].map((stem) => ({ stems: [stem] }));

const termOf = (spellings: Spelling[]): Term => ({ spellings, products: 0 });

/**
 * What may have been meant by words that are in no name together, the nearest first: those that are in none get their nearest
 * ones, or are left out; then neighbours are read as one; then all but one of the words.
 */
async function* forgiven(shop: Searched, typed: Typed, reading: Reading): AsyncGenerator<Query> {
  const counts = await countEach(
    shop,
    reading.map((term) => one([term])),
  );
  const known = reading.filter((_, at) => (counts[at] ?? 0) > 0);
  const meant: Reading = [];
  for (const [at, piece] of typed.pieces.entries()) {
    const term = reading[at];
    if (term && (counts[at] ?? 0) > 0) meant.push(term);
    else if (piece.plainly) meant.push(termOf(numbersLike(piece.plainly, isBegun(typed, at))));
    else if (piece.kind === "word") meant.push(...(await nearest(shop, piece.text, known, isBegun(typed, at))));
  }
  if (meant.some(tells)) yield one(meant);
  // What is longer was pasted, not typed.
  if (typed.pieces.length > TYPED_WORDS) return;
  const joined = joinedReadings(typed, reading, shop.settings.searchLanguages);
  if (joined.length > 0) yield { readings: joined };
  const fewer = meant.map((left) => meant.filter((term) => term !== left)).filter((rest) => rest.some(tells));
  if (meant.length > 2 && fewer.length > 0) yield { readings: fewer };
}

const TYPED_WORDS = 5;

/** Whether a word names something, as numbers and single letters do not. */
const tells = ({ spellings }: Term) => spellings.some(({ stems }) => stems.some((one) => /\p{L}{2}/u.test(one)));

const numbersLike = (numbers: readonly string[], begins: boolean) =>
  numbers.map((number): Spelling => ({ stems: [number], ...(begins && { unfinished: true }) }));

/** What an unknown word may be: the beginning of others, two words, or a misspelt one. */
async function nearest(shop: Searched, word: string, known: Reading, begins: boolean): Promise<Term[]> {
  const like = begins ? await likeBeginning(shop, word, known) : undefined;
  if (like) return [like];
  const { made } = await repair(shop, word, { others: known, beside: undefined, isLast: true });
  if (made) return [made];
  // `icecre` on the way to `ice cream`.
  const apart = termOf(
    begins ? cutsOf(word, shop.settings.searchLanguages).map((stems) => ({ stems, unfinished: true })) : [],
  );
  const [products = 0] = apart.spellings.length > 0 ? await countEach(shop, [one([apart, ...known])]) : [];
  return products > 0 ? [apart] : [];
}

/** With two neighbours as one word: `tooth paste`. */
function joinedReadings({ pieces, isFinished }: Typed, reading: Reading, languages: readonly Language[]): Reading[] {
  return pieces.slice(1).flatMap(({ text, kind }, at) => {
    const before = pieces[at];
    if (before?.kind !== "word" || kind !== "word") return [];
    const whole = `${before.text}${text}`;
    const isLast = at + 1 === pieces.length - 1 && !isFinished;
    const spellings = isLast ? [{ stems: [whole], unfinished: true }] : spelled(whole, languages);
    return [reading.toSpliced(at, 2, termOf([...spellings]))];
  });
}

async function likeBeginning(shop: Searched, word: string, others: Reading): Promise<Term | undefined> {
  // Beside other words a letter less is enough.
  if (word.length < FORGIVING_FROM_LETTERS - (others.length > 0 ? 1 : 0)) return undefined;
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

function mostUseful(named: readonly Named[], { words }: Typed): number[] {
  const whole = words.map((word, at) => (at === words.length - 1 ? word : stem(word))).join(" ");
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
