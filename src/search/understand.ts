import type { Reader } from "../storage/database";
import { isCorrectable } from "../search-index/documents";
import { stem, wordsOf } from "../base/text";
import { countEach } from "./queries";
import { only, type Query, type Reading, type Spelling, type Term } from "../search-index/terms";
import { correct, repair } from "./repair";
import { findSynonyms, LONGEST_PHRASE, stemsOf } from "./synonyms";

/** How a search is meant. */
export interface Understood {
  /** The words asked for. */
  typed: string[];
  /** What to look for: strictly first, then ever more leniently. None when nothing was asked. */
  attempts: AsyncIterable<Attempt>;
  corrected_query: string | null;
}

export interface Attempt {
  /** Wider than the one before. */
  query: Query;
  /** Everything that was asked for, to tell how well a product answers it. */
  wanted: Query;
}

/** More words than this are more than anybody means. */
const MOST_WORDS = 12;
/** A word that fewer products have may also be a misspelling that some product shares. */
const RARE = 10;

/**
 * Reads what somebody typed. Every word has to be there; words that no product has are repaired; neighbours are also read
 * as one word (`smart watch`), and synonyms count. For when too little fits: rare words may be misspelt, then the commonest
 * words need not be there, then any word will do.
 */
export async function understand(reader: Reader, text: string): Promise<Understood> {
  const typed = [...new Set(wordsOf(text))].slice(0, MOST_WORDS);
  const { words, runs } = await lookUp(reader, typed);

  const meant = [...typed];
  const reading: Reading = [...words];
  for (const [at, word] of typed.entries()) {
    if (isKnown(words[at]) || runs.some(covers(at))) continue;
    const repaired = await repair(reader, word, { others: words.filter(isKnown), isLast: at === typed.length - 1 });
    if (!repaired) continue;
    reading[at] = repaired;
    meant[at] = repaired.as ?? word;
  }

  const joined = runs.map(({ at, length, term }) => reading.toSpliced(at, length, term));
  // `blue tooth` where no product has `tooth`: then only `bluetooth` is meant.
  const isWhole = typed.every((_, at) => isKnown(reading[at]) || !runs.some(covers(at)));
  return {
    typed,
    attempts: attempts(isWhole ? [reading, ...joined] : joined, reading, () => widen(reader, typed, words, reading)),
    corrected_query: meant.join(" ") === typed.join(" ") ? null : meant.join(" "),
  };
}

/** One by one, because the strict one is mostly enough, and the rest takes time to think of. */
async function* attempts(
  strict: Query,
  reading: Reading,
  widen: () => Promise<Reading | undefined>,
): AsyncGenerator<Attempt> {
  if (reading.length === 0) return;
  const wanted = [...new Set([...strict, reading])];
  yield { query: strict, wanted };
  let query = strict;
  const widened = await widen();
  if (widened) {
    wanted.push(widened);
    query = [...query, widened];
    yield { query, wanted };
  }
  for (const fewer of leniently(reading)) {
    query = [...query, ...fewer];
    yield { query, wanted };
  }
}

/** Neighbours that are one term together, such as `smart watch`. */
interface Run {
  at: number;
  length: number;
  term: Term;
}

const covers =
  (word: number) =>
  ({ at, length }: Run) =>
    at <= word && word < at + length;

/** What the index and the synonyms know of each word, and of neighbours taken together. */
async function lookUp(reader: Reader, typed: readonly string[]): Promise<{ words: Term[]; runs: Run[] }> {
  const neighbours = typed.flatMap((_, at) =>
    [2, LONGEST_PHRASE].flatMap((length) => (at + length <= typed.length ? [{ at, length }] : [])),
  );
  const wordsOfRun = ({ at, length }: { at: number; length: number }) => typed.slice(at, at + length);
  const compounds = neighbours.filter(({ length }) => length === 2).map((run) => wordsOfRun(run).join(""));
  const distinct = [...new Set([...typed, ...compounds])];
  const counts = await countEach(reader, distinct.map(exactly).map(only));
  const products = new Map(distinct.map((word, at) => [word, counts[at] ?? 0]));
  const synonyms = await findSynonyms(reader, [...typed, ...neighbours.map((run) => wordsOfRun(run).join(" "))]);

  /** Where a word has synonyms, some product is taken to have it. */
  const termOf = (word: string | undefined, phrase: string): Term => {
    const own = word === undefined ? 0 : (products.get(word) ?? 0);
    const also = synonyms.get(stemsOf(phrase)) ?? [];
    const spellings = [...(word !== undefined ? [exactly(word)] : []), ...also];
    return { spellings, products: Math.max(own, also.length) };
  };
  return {
    words: typed.map((word) => termOf(word, word)),
    runs: neighbours.flatMap((run): Run[] => {
      const words = wordsOfRun(run);
      const compound = words.join("");
      const term = termOf((products.get(compound) ?? 0) > 0 ? compound : undefined, words.join(" "));
      return isKnown(term) ? [{ ...run, term }] : [];
    }),
  };
}

/** The reading with rare words also taken for more common ones that look like them. */
async function widen(reader: Reader, typed: readonly string[], words: Reading, reading: Reading) {
  const widened = [...reading];
  for (const [at, word] of typed.entries()) {
    const term = words[at];
    if (!term || !isKnown(term) || term.products >= RARE || !isCorrectable(word)) continue;
    const others = words.filter((other) => other !== term && isKnown(other));
    const corrected = await correct(reader, word, others, term.products * RARE);
    if (corrected) widened[at] = { ...term, spellings: [...term.spellings, ...corrected.spellings] };
  }
  return widened.some((term, at) => term !== reading[at]) ? widened : undefined;
}

/** The reading without its commonest word, without the two commonest, …, and at last any of its words. */
function leniently(reading: Reading): Query[] {
  if (reading.length === 1) return [];
  const rarestFirst = reading.filter(isKnown).toSorted((a, b) => a.products - b.products);
  const fewer: Query[] = [];
  for (let size = Math.min(rarestFirst.length, reading.length - 1); size > 0; size--) {
    const kept = new Set(rarestFirst.slice(0, size));
    fewer.push([reading.filter((term) => kept.has(term))]);
  }
  return [...fewer, reading.map((term) => [term])];
}

const isKnown = (term: Term | undefined): boolean => (term?.products ?? 0) > 0;
const exactly = (word: string): Spelling => ({ stems: [stem(word)] });
