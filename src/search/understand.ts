import { isIndic } from "../base/romanize";
import { codeSign, isCorrectable, nameSign } from "../search-index/documents";
import { COMMON_FROM_PRODUCTS, one, type Spelling, type Term } from "../search-index/terms";
import { type AskedWord, askedIn } from "./asked";
import { countEach, type Searched } from "./counts";
import { inLatinLetters } from "./indic";
import { lackedIn } from "./lacks";
import { type Context, correct, repair } from "./repair";
import { spelled, termOf } from "./spelled";
import { splitInTwo } from "./split";
import { misspeltPhrases } from "./misspelt-phrases";
import { findSynonyms, LONGEST_PHRASE, stemsOfPhrase } from "./synonyms";

/** What is made of one word that was asked for. */
export interface Meaning {
  asked: AskedWord;
  /** What is looked up for it. Absent where no product has the word, however it is read. */
  term?: Term;
  /** What it was taken for, or would be if that were surer. */
  as?: string;
  offered?: string;
}

/** How a search is meant. */
export interface Understood {
  meanings: Meaning[];
  /** Neighbours that are one term together, such as `smart watch`. */
  runs: Run[];
  without: Spelling[];
  /** The words by which a product is found whose whole code or name the search is. */
  signs: string[];
  corrected_query: string | null;
  did_you_mean: string | null;
}

interface Run {
  at: number;
  length: number;
  term: Term;
}

/** More words than this are more than are needed to tell what is meant. */
const WORDS_MOST = 12;
/** No more are even looked at. */
const WORDS_COUNTED_MOST = 40;

/**
 * Reads what was typed. Words that no product has are repaired where it is plain what is meant, neighbours are also read as
 * one word (`smart watch`), and synonyms count.
 */
export async function understand(shop: Searched, text: string): Promise<Understood> {
  const { words: plain, without: excluded, lacks } = askedIn(text, shop.settings.searchLanguages);
  const { words: told, without: lacked } = await lackedIn(shop, lacks, plain);
  const [all, without] = [
    [...told, ...plain],
    [...excluded, ...lacked],
  ];
  const { words, terms, runs: knownRuns, signs } = await lookUp(shop, text, all.slice(0, WORDS_COUNTED_MOST));
  const known = terms.filter(isKnown);
  const misspelt = await misspeltPhrases(shop, words, (at) => {
    const isWord = words[at]?.kind === "word" && !words[at].isFunctionWord;
    return isWord && !isKnown(terms[at]) && !knownRuns.some(covers(at));
  });
  const runs = [
    ...knownRuns,
    ...misspelt.map(({ at, words, spellings }): Run => ({ at, length: words.length, term: termOf([], 0, spellings) })),
  ];
  const meanings: Meaning[] = [];
  for (const [at, asked] of words.entries()) {
    const term = terms[at];
    const phrase = misspelt.find((one) => one.at <= at && at < one.at + one.words.length);
    const as = phrase?.words[at - phrase.at];
    if (isKnown(term)) meanings.push({ asked, term });
    else if (as !== undefined && as !== asked.text) meanings.push({ asked, as });
    else if (asked.isFunctionWord || asked.kind !== "word" || runs.some(covers(at))) meanings.push({ asked });
    else {
      const beside = neighboursOf(words, at);
      meanings.push(await mend(shop, asked, { others: known, beside, isLast: at === words.length - 1 }));
    }
  }
  const repairedRuns = await runsOfRepaired(shop, meanings);
  if (known.length === 0 && repairedRuns.length === 0) await giveUpUnlikely(shop, meanings);
  return {
    meanings,
    runs: [...runs, ...repairedRuns],
    without,
    signs,
    corrected_query: reworded(meanings, ({ as }) => as),
    did_you_mean: reworded(
      meanings,
      ({ as, offered }) => offered ?? as,
      ({ offered }) => offered !== undefined,
    ),
  };
}

/** What stands right before and after a word; nothing where it stands alone. */
function neighboursOf(words: readonly AskedWord[], at: number): Context["beside"] {
  const [before, after] = [words[at - 1], words[at + 1]].map((word) => word?.exact[0]?.stems);
  return before || after ? { before, after } : undefined;
}

async function mend(shop: Searched, asked: AskedWord, context: Context): Promise<Meaning> {
  const { made, offered } = isIndic(asked.text)
    ? await inLatinLetters(shop, asked.text, context)
    : await repair(shop, asked.text, context);
  return {
    asked,
    ...(made && { term: made, ...(made.as !== undefined && { as: made.as }) }),
    ...(offered !== undefined && { offered }),
  };
}

/** A shorter word is as soon one that the shop does not know. */
const SURE_FROM_LETTERS = 6;

/**
 * Where no product has any of the words, short ones are taken for others only if some product has all of those together: `tej
 * patta` are bay leaves, which are not sold here, and no atta of the brand Tejvan. What they might be is offered instead.
 */
async function giveUpUnlikely(shop: Searched, meanings: Meaning[]): Promise<void> {
  const terms = meanings.flatMap(({ term }) => (isKnown(term) ? [term] : []));
  const isUnsure = ({ asked, term }: Meaning) => isKnown(term) && asked.text.length < SURE_FROM_LETTERS;
  if (terms.length < 2 || !meanings.some(isUnsure)) return;
  const [together = 0] = await countEach(shop, [one(terms)]);
  if (together > 0) return;
  for (const [at, meaning] of meanings.entries()) {
    if (!isUnsure(meaning)) continue;
    const offered = meaning.as ?? meaning.offered;
    meanings[at] = { asked: meaning.asked, ...(offered !== undefined && { offered }) };
  }
}

/** Repaired words as one with their neighbours: `smart wacth` is a smartwatch. */
async function runsOfRepaired(shop: Searched, meanings: readonly Meaning[]): Promise<Run[]> {
  const pairs = meanings.slice(1).flatMap(({ as, asked }, at) => {
    const before = meanings[at];
    if (before === undefined || (as === undefined && before.as === undefined)) return [];
    return [
      { at, spellings: spelled(`${before.as ?? before.asked.text}${as ?? asked.text}`, shop.settings.searchLanguages) },
    ];
  });
  if (pairs.length === 0) return [];
  const counts = await countEach(
    shop,
    pairs.map(({ spellings }) => one([{ spellings, products: 0 }])),
  );
  return pairs.flatMap(({ at, spellings }, pair) => {
    const products = counts[pair] ?? 0;
    return products > 0 ? [{ at, length: 2, term: { spellings, products } }] : [];
  });
}

/** The search in other words, where any of them is another. */
export function reworded(
  meanings: readonly Meaning[],
  other: (meaning: Meaning) => string | undefined,
  matters: (meaning: Meaning) => boolean = (meaning) => other(meaning) !== undefined,
): string | null {
  return meanings.some(matters) ? meanings.map((meaning) => other(meaning) ?? meaning.asked.text).join(" ") : null;
}

export const covers =
  (word: number) =>
  ({ at, length }: Run) =>
    at <= word && word < at + length;

/** What the index and the synonyms know of each word, of neighbours taken together, and of the text as a whole. */
async function lookUp(
  shop: Searched,
  text: string,
  asked: readonly AskedWord[],
): Promise<{ words: AskedWord[]; terms: Term[]; runs: Run[]; signs: string[] }> {
  const { searchLanguages } = shop.settings;
  const compounds = new Map(compoundsOf(asked).map((word) => [word, spelled(word, searchLanguages)]));
  const signs = [codeSign(text), nameSign(text)];
  const spellings = [
    ...asked.map(({ exact }) => exact),
    ...compounds.values(),
    ...signs.map((sign) => [{ stems: [sign] }]),
  ];
  // Of a short search all words count, so that their synonyms can be looked up meanwhile.
  const [counts, itsSynonyms] = await Promise.all([
    countEach(
      shop,
      spellings.map((spellings) => one([{ spellings, products: 0 }])),
    ),
    asked.length <= WORDS_MOST ? synonymsAmong(shop, asked) : undefined,
  ]);
  const compoundCounts = counts.slice(asked.length);
  const compoundProducts = new Map([...compounds.keys()].map((word, at) => [word, compoundCounts[at] ?? 0]));

  const telling = mostTelling(asked, counts);
  const words = telling.map((at) => asked[at]).filter((word) => word !== undefined);
  const neighbours = neighboursIn(words);
  const synonyms = itsSynonyms ?? (await synonymsAmong(shop, words));
  const synonymsOf = (phrase: string) =>
    synonyms.size === 0 ? [] : (synonyms.get(stemsOfPhrase(phrase, searchLanguages)) ?? []);
  return {
    words,
    terms: words.map(({ exact, text, kind }, at) =>
      termOf(exact, counts[telling[at] ?? 0] ?? 0, kind === "phrase" ? [] : synonymsOf(text)),
    ),
    runs: neighbours.flatMap((run): Run[] => {
      const compound = run.length === 2 ? textsIn(words, run).join("") : "";
      const products = compoundProducts.get(compound) ?? 0;
      const own = products > 0 ? (compounds.get(compound) ?? []) : [];
      const term = termOf(own, products, synonymsOf(textsIn(words, run).join(" ")));
      return isKnown(term) ? [{ ...run, term }] : [];
    }),
    signs: signs.filter((_, at) => (counts[asked.length + compounds.size + at] ?? 0) > 0),
  };
}

const neighboursIn = (words: readonly AskedWord[]) =>
  words.flatMap((_, at) =>
    [2, LONGEST_PHRASE].flatMap((length) => (at + length <= words.length ? [{ at, length }] : [])),
  );

const textsIn = (words: readonly AskedWord[], { at, length }: { at: number; length: number }) =>
  words.slice(at, at + length).map(({ text }) => text);

/** The synonyms of each word, and of neighbours together. */
const synonymsAmong = (shop: Searched, words: readonly AskedWord[]) =>
  findSynonyms(shop, [
    ...words.map(({ text }) => text),
    ...neighboursIn(words).map((run) => textsIn(words, run).join(" ")),
  ]);

/** Neighbours written as one: `smart watch` may be sold as a smartwatch. */
const compoundsOf = (asked: readonly AskedWord[]): string[] =>
  asked
    .slice(1)
    .flatMap(({ text, kind }, at) =>
      [kind, asked[at]?.kind].every((kind) => kind === "word" || kind === "number")
        ? [`${asked[at]?.text}${text}`]
        : [],
    );

/** The places of the words that tell most, in their order: of a pasted text those that few products have. */
function mostTelling(asked: readonly AskedWord[], counts: readonly number[]): number[] {
  const places = asked.map((_, at) => at);
  if (asked.length <= WORDS_MOST) return places;
  const weight = (at: number) =>
    asked[at]?.isFunctionWord ? COMMON_FROM_PRODUCTS * 2 : (counts[at] ?? 0) || COMMON_FROM_PRODUCTS;
  return places
    .toSorted((a, b) => weight(a) - weight(b))
    .slice(0, WORDS_MOST)
    .sort((a, b) => a - b);
}

/** A word that fewer products have may also be a misspelling that some product shares. */
const RARE_PRODUCTS = 10;

/** The meanings with rare words also taken for more common ones that look like them. Undefined where there are none. */
export async function widen(shop: Searched, meanings: readonly Meaning[]): Promise<Meaning[] | undefined> {
  const widened: Meaning[] = [];
  const words = meanings.map(({ asked }) => asked);
  for (const [at, meaning] of meanings.entries()) {
    const { asked, term, as } = meaning;
    const isRare = term !== undefined && as === undefined && term.products < RARE_PRODUCTS;
    if (!isRare || asked.kind !== "word" || asked.isFunctionWord || !isCorrectable(asked.text)) {
      widened.push(meaning);
      continue;
    }
    const others = meanings.flatMap((other) =>
      other !== meaning && other.term && !other.asked.isFunctionWord ? [other.term] : [],
    );
    const more = term.products * RARE_PRODUCTS;
    const { made } = await correct(shop, asked.text, { others, beside: neighboursOf(words, at) }, more);
    const split = made ? undefined : await splitInTwo(shop, asked.text, more);
    const also = made ?? split;
    widened.push(
      also
        ? {
            asked,
            term: { ...term, spellings: [...term.spellings, ...also.spellings] },
            ...(also.as !== undefined && { as: also.as }),
          }
        : meaning,
    );
  }
  return widened.some((meaning, at) => meaning !== meanings[at]) ? widened : undefined;
}

export const isKnown = (term: Term | undefined): term is Term => (term?.products ?? 0) > 0;
