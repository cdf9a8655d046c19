import type { Reader } from "../storage/database";
import { isCorrectable } from "./documents";
import { stem, wordsOf } from "./fold";
import { countEach } from "./queries";
import { only, type Query, type Reading, type Spelling, type Term } from "./query";
import { correct, repair } from "./repair";
import { findSynonyms } from "./synonyms";

/** How a search is meant. */
export interface Understood {
  /** What to look for: strictly first, then ever more leniently, each wider than the one before. Empty when nothing was asked. */
  queries: Query[];
  /** Everything that was asked for, to tell how well a product answers it. */
  wanted: Query;
  corrected_query: string | null;
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
  if (typed.length === 0) return { queries: [], wanted: [], corrected_query: null };
  const { words, pairs } = await lookUp(reader, typed);

  const meant = [...typed];
  const reading: Reading = [...words];
  for (const [at, word] of typed.entries()) {
    const inPair = pairs.some((pair) => pair.at === at || pair.at + 1 === at);
    if (isKnown(words[at]) || inPair) continue;
    const repaired = await repair(reader, word, { others: words.filter(isKnown), isLast: at === typed.length - 1 });
    if (!repaired) continue;
    reading[at] = repaired;
    meant[at] = repaired.as ?? word;
  }

  const joined = pairs.map(({ at, term }) => reading.toSpliced(at, 2, term));
  // `blue tooth` where no product has `tooth`: then only the pair is meant.
  const isWhole = typed.every(
    (_, at) => isKnown(reading[at]) || !pairs.some((pair) => pair.at === at || pair.at + 1 === at),
  );
  const strict = isWhole ? [reading, ...joined] : joined;
  const queries = [strict];
  const widened = await widen(reader, typed, words, reading);
  if (widened) queries.push([...strict, widened]);
  for (const fewer of leniently(reading)) queries.push([...(queries.at(-1) ?? []), ...fewer]);
  return {
    queries,
    wanted: [...strict, reading, ...(widened ? [widened] : [])],
    corrected_query: meant.join(" ") === typed.join(" ") ? null : meant.join(" "),
  };
}

/** What the index and the synonyms know of each word, and of each two neighbours written as one. */
async function lookUp(reader: Reader, typed: readonly string[]) {
  const compounds = typed.slice(1).map((word, at) => `${typed[at]}${word}`);
  const counts = await countEach(
    reader,
    [...typed, ...compounds].map((word) => only(exactly(word))),
  );
  const synonyms = await findSynonyms(reader, [...typed, ...typed.slice(1).map((word, at) => `${typed[at]} ${word}`)]);
  const words = typed.map((word, at): Term => {
    const also = synonyms.get(stem(word)) ?? [];
    return { spellings: [exactly(word), ...also], products: Math.max(counts[at] ?? 0, also.length > 0 ? 1 : 0) };
  });
  const pairs = compounds.flatMap((compound, at): { at: number; term: Term }[] => {
    const products = counts[typed.length + at] ?? 0;
    const also = synonyms.get(`${stem(typed[at] ?? "")} ${stem(typed[at + 1] ?? "")}`) ?? [];
    const spellings = [...(products > 0 ? [exactly(compound)] : []), ...also];
    return spellings.length > 0 ? [{ at, term: { spellings, products } }] : [];
  });
  return { words, pairs };
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
