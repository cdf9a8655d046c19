import { listCategoryNames } from "../catalog/category-queries";
import { type Field, FIELDS } from "../search-index/documents";
import { stem } from "../search-index/stem";
import { one, type Spelling, type Term } from "../search-index/terms";
import { tokensOf } from "../search-index/tokens";
import { perShop } from "../shop/per-shop";
import { countEach, type Searched } from "./counts";
import { functionWordsOf } from "./function-words";
import { inFields } from "./queries";
import { isKnown, type Meaning } from "./understand";

/** Where one in so many products of a category is called by a word, and two at least, the word does not mean the others. */
const CALLED_BY_ONE_OF = 8;
const CALLED_PRODUCTS = 2;

const BESIDE_CATEGORY: readonly Field[] = FIELDS.filter((field) => field !== "category");

/**
 * The meanings, where a category of several kinds counts as none of them: what stands in `Atta, Rice and Grains` is no rice
 * unless it says so itself, since that is what names there do. A category whose products are not called by the word (`Meat
 * and Fish`), or that is asked for as a whole, counts.
 */
export async function withoutMixedCategories(shop: Searched, meanings: Meaning[]): Promise<Meaning[]> {
  const known = meanings.filter(({ asked, term }) => asked.kind === "word" && !asked.isFunctionWord && isKnown(term));
  const mixed = await mixedIn(shop, known);
  if (mixed.size === 0) return meanings;
  const stemsAsked = new Set(known.map(stemOf));
  const isWhole = (await namesOf(shop)).some(
    ({ stems, isMixed }) => isMixed && stemsAsked.size > 1 && [...stemsAsked].every((asked) => stems.includes(asked)),
  );
  return isWhole
    ? meanings
    : meanings.map((meaning) => (meaning.term && mixed.has(meaning) ? narrowed(meaning, meaning.term) : meaning));
}

const narrowed = (meaning: Meaning, term: Term): Meaning => {
  const [reading = term] = inFields([term], BESIDE_CATEGORY);
  return { ...meaning, term: reading };
};

/** Those that stand in the names of mixed categories alone, and by which products there are called. */
async function mixedIn(shop: Searched, meanings: readonly Meaning[]): Promise<Set<Meaning>> {
  const names = await namesOf(shop);
  const suspected = meanings.filter((meaning) => {
    const holding = names.filter(({ stems }) => stems.includes(stemOf(meaning)));
    return holding.length > 0 && holding.every(({ isMixed }) => isMixed);
  });
  const termsOf = (field: Field) => suspected.map(({ term }) => inFields(term ? [term] : [], [field]));
  const [inCategory, inName] = [termsOf("category"), termsOf("name")];
  const about = (at: number) => suspected[at % suspected.length]?.term?.products ?? 0;
  const counts = await countEach(
    shop,
    [...inCategory, ...inCategory.map((term, at) => [...term, ...(inName[at] ?? [])])].map(one),
    about,
  );
  return new Set(
    suspected.filter((_, at) => {
      const [all = 0, called = 0] = [counts[at], counts[at + suspected.length]];
      return called >= CALLED_PRODUCTS && called * CALLED_BY_ONE_OF >= all;
    }),
  );
}

const stemOf = ({ term, asked }: Meaning): string => {
  const [first]: (Spelling | undefined)[] = term?.spellings ?? [];
  return first?.stems.join(" ") ?? asked.text;
};

interface CategoryName {
  stems: string[];
  /** Whether it names several kinds: with an `and` in it. */
  isMixed: boolean;
}

/** Names are read again after so many look-ups, since categories come and go. */
const LOOK_UPS_PER_READING = 500;
const kept = perShop((): { names: Promise<CategoryName[]> | undefined; lookUps: number } => ({
  names: undefined,
  lookUps: 0,
}));

function namesOf(shop: Searched): Promise<CategoryName[]> {
  const memory = kept(shop);
  if (memory.names === undefined || ++memory.lookUps > LOOK_UPS_PER_READING) {
    memory.lookUps = 0;
    memory.names = readNames(shop);
    // What could not be read is read again, not kept.
    memory.names.catch(() => (memory.names = undefined));
  }
  return memory.names;
}

async function readNames({ database, settings }: Searched): Promise<CategoryName[]> {
  const functionWords = functionWordsOf(settings.searchLanguages);
  return (await listCategoryNames(database)).map((name) => {
    const words = tokensOf(name).flatMap(({ terms }) => terms);
    return {
      stems: words.map((word) => stem(word, settings.searchLanguages)),
      isMixed: /[,/&+]/.test(name) || words.slice(1, -1).some((word) => functionWords.has(word)),
    };
  });
}
