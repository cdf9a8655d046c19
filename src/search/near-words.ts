import { HEAD_FIELDS } from "../search-index/documents";
import { stemsOf } from "../search-index/stem";
import { one, type Reading, type Spelling } from "../search-index/terms";
import { countEach, type Searched } from "./counts";
import { editsBetween, slipBetween } from "../base/edit-distance";
import { functionWordsOf } from "./function-words";
import { inFields } from "./queries";
import { findSynonyms, listSynonymWords } from "./synonyms";
import { vocabularyOf } from "./vocabulary";

/** A word from three letters on may have a slip in it, from six on two. */
export const CORRECTED_FROM_LETTERS = 3;
const TWO_EDITS_FROM_LETTERS = 6;

/** How many near words are asked after. */
const WORDS_COMPARED = 24;

/** How many products make a word one that is seldom meant. */
export const RARELY_PRODUCTS = 2;

/** What a spelling counts that is not the one typed. */
const REPAIRED_WEIGHT = 0.9;

/** A word that may be meant, and what speaks for it. */
export interface Candidate {
  word: string;
  spellings: Spelling[];
  /** How easily one comes from the other; 0 is the same word. */
  slip: number;
  edits: number;
  /** How many products have it, and how many in their name, brand or category. */
  products: number;
  heads: number;
  /** How many of those have the other words too. */
  together: number;
}

/** How much slip it is to write a word as it sounds, and within how many letters that is still looked at. */
export const SOUND_SLIP = 1;
const SOUND_MOST_EDITS = 4;

/** The words of the shop that are spelled or sound like this one, with what speaks for each beside the other words. */
export async function candidatesFor(shop: Searched, word: string, others: Reading): Promise<Candidate[]> {
  const { searchLanguages } = shop.settings;
  const functionWords = functionWordsOf(searchLanguages);
  const mostEdits = word.length >= TWO_EDITS_FROM_LETTERS ? 2 : 1;
  const vocabulary = await vocabularyOf(shop);
  const alike = new Set(vocabulary.soundingLike(word));
  const near = new Map(vocabulary.near(word, mostEdits).map(({ word: other, edits }) => [other, edits]));
  for (const other of alike) if (!near.has(other)) near.set(other, editsBetween(word, other, SOUND_MOST_EDITS));
  const compared = [...near]
    .filter(([other]) => !functionWords.has(other))
    .map(([other, edits]) => {
      const slip = slipBetween(word, other);
      return { word: other, edits, slip: alike.has(other) ? Math.min(slip, SOUND_SLIP) : slip };
    })
    .sort((a, b) => a.slip - b.slip)
    .slice(0, WORDS_COMPARED)
    .map((candidate) => ({
      ...candidate,
      spellings: stemsOf(candidate.word, searchLanguages).map((stem): Spelling => ({
        stems: [stem],
        weight: REPAIRED_WEIGHT,
      })),
    }));
  const synonyms = await synonymsNear(shop, word);
  const all = [
    ...synonyms,
    ...compared.filter((candidate) => !synonyms.some((other) => other.word === candidate.word)),
  ];
  const readings = all.map(({ spellings }): Reading => [{ spellings, products: 0 }]);
  const products = await countEach(shop, readings.map(one));
  const heads = await countEach(
    shop,
    readings.map((reading) => one(inFields(reading, HEAD_FIELDS))),
  );
  const together =
    others.length > 0
      ? await countEach(
          shop,
          readings.map((reading) => one(inFields([...reading, ...others], HEAD_FIELDS))),
        )
      : [];
  return all.map((candidate, at) => ({
    ...candidate,
    products: products[at] ?? 0,
    // A word that only the synonyms know is there because it is meant.
    heads: Math.max(heads[at] ?? 0, at < synonyms.length ? RARELY_PRODUCTS + 1 : 0),
    together: together[at] ?? 0,
  }));
}

/** Words that only the synonyms know are meant as often as others. */
async function synonymsNear(shop: Searched, word: string) {
  // In a short one another letter makes another word: `achar` is no `arhar`.
  const mostSlip = word.length >= TWO_EDITS_FROM_LETTERS ? 2 : 0.95;
  const near = (await listSynonymWords(shop.database))
    .map((other) => ({ word: other, slip: slipBetween(word, other, mostSlip), edits: editsBetween(word, other, 2) }))
    // A shorter one is as soon something else: `tata` is no `ata`.
    .filter((other) => other.slip > 0 && other.slip <= mostSlip && other.word.length > CORRECTED_FROM_LETTERS);
  const found = await findSynonyms(
    shop,
    near.map((candidate) => candidate.word),
  );
  return near.flatMap((candidate) => {
    const own = stemsOf(candidate.word, shop.settings.searchLanguages);
    const spellings = found.get(own[0] ?? "") ?? [];
    return spellings.length > 0 ? [{ ...candidate, spellings: [{ stems: own.slice(0, 1) }, ...spellings] }] : [];
  });
}
