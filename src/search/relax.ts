import { type Field, HEAD_FIELDS } from "../search-index/documents";
import { COMMON_FROM_PRODUCTS, one, type Query, type Reading, type Term } from "../search-index/terms";
import { countEach, type Searched } from "./counts";
import { withoutMixedCategories } from "./mixed-categories";
import { inFields } from "./queries";
import { namesThings } from "./things";
import { isKnown, type Meaning, type Understood, widen } from "./understand";

/** One way to look something up. */
export interface Level {
  query: Query;
  /** All that was asked for, to tell how well a product answers it. */
  wanted: Reading[];
  /** The words as they are read here, where rare ones are also taken for more common ones. */
  widened?: Meaning[] | undefined;
  /** Whether what fits answers the whole search. */
  full: boolean;
  /** Whether words are left out, so that what is found with other words left out is as near. */
  leavesOut?: boolean;
}

/** Ways to look the search up: strictly first, then ever more leniently. One by one, because the first is mostly enough. */
export async function* levels(shop: Searched, understood: Understood): AsyncGenerator<Level> {
  const { runs, without, signs } = understood;
  const told = { ...understood, meanings: await withoutMixedCategories(shop, understood.meanings) };
  const all = readingsOf(told.meanings, runs);
  const meanings = withRunsForUnknown(told);
  const required = requiredOf(meanings);
  const known = termsOf(required);
  // With the function words, which tell between what has all the others.
  const everything = termsOf(meanings);
  const isWhole = meanings.every(({ asked, term }) => asked.isFunctionWord || isKnown(term));
  // Where all words are known the first of the readings is everything but those.
  const wanted = [everything, ...(isWhole ? all.slice(1) : all)];
  const level = (readings: Reading[], more: Partial<Level> = {}): Level => ({
    query: { readings, without },
    wanted: everything.length > 0 ? wanted : readings,
    full: false,
    ...more,
  });

  const signReadings = signs.map((sign): Reading => [{ spellings: [{ stems: [sign] }], products: 0 }]);
  const heading = headOf(required, runs);
  const amounts = required.filter(({ asked }) => asked.kind === "amount");
  const atHead = heading !== undefined && (amounts.length > 0 || required.length >= 2);
  const [only] = required.length === 1 && !atHead && all.length === 1 ? required : [];
  const isThing = only?.asked.kind === "word" && isKnown(only.term) && (await namesThings(shop, only.term));
  const strict = heading && (atHead || isThing) ? all.map((reading) => [...reading, heading]) : all;
  if (strict.length > 0 || signReadings.length > 0) yield level([...signReadings, ...strict], { full: true });
  // What only speaks of the thing follows where there is little of it.
  if (isThing) yield level(all);
  // Of amounts, numbers and single letters alone nothing can be told.
  if (!required.some(isTelling)) return;
  // Some word is in no product at all: what has all the others is no full answer.
  if (strict.length === 0) yield level([heading ? [...known, heading] : known]);

  // Where neighbours were put together the places of the runs are not those of the words any more.
  const widened = meanings.length === understood.meanings.length ? await widen(shop, meanings) : undefined;
  const loosely = (readings: Reading[], more: Partial<Level> = {}) =>
    level(readings, { ...(widened && { wanted: [...wanted, termsOf(widened)], widened }), ...more });
  const leavingOut = (readings: Reading[]) => loosely(readings, { leavesOut: true });
  if (widened && strict.length > 0) yield loosely(readingsOf(widened, runs));

  // Another amount of the same, then all but one of the words where a product says what it is.
  const read = widened ? requiredOf(widened) : required;
  const words = read.filter(({ asked }) => asked.kind !== "amount");
  if (amounts.length > 0 && words.some(isTelling)) {
    if (strict.length > 0 && (await isProperty(shop, words)))
      yield level([[...inFields(termsOf(amounts), ["name"]), ...termsOf(words)]], { full: true });
    yield loosely([inFields(termsOf(words), HEAD_FIELDS)]);
    // Of two words one may go before the amount, where products call themselves by the other: `8gb ddr4 ram`.
    if (words.length === 2 && words.every(isTelling)) {
      const { kinds, brands } = await natureOf(shop, words);
      const kept = [kinds, brands].find(({ length }) => length === 1) ?? words;
      const withAmount = kept.map((word) => [...inFields(termsOf([word]), ["name"]), ...termsOf(amounts)]);
      // Of a brand another amount of the same is as near.
      yield loosely(kept === brands && heading ? [...withAmount, [...termsOf(words), heading]] : withAmount);
    }
    if (heading) yield loosely([[...termsOf(words), heading]]);
  }
  for (const windows of windowsOf(read)) {
    yield loosely(windows.map(termsOf));
  }
  const allButOne = words.map((left) => words.filter((word) => word !== left)).filter((rest) => rest.some(isTelling));
  if (words.length >= 3 && words.length <= WORDS_LEFT_OUT_MOST)
    yield leavingOut(allButOne.map((rest) => inFields(termsOf(rest), HEAD_FIELDS)));
  // Wherever the words stand: in descriptions too.
  if (strict.length > 0 && atHead && amounts.length === 0) yield level(all, { full: true });

  const asked = understood.meanings.filter((meaning) => !meaning.asked.isFunctionWord && isTelling(meaning)).length;
  for (const kept of await fewer(shop, read, asked)) {
    const head = headOf(kept, runs);
    yield leavingOut([head ? [...termsOf(kept), head] : termsOf(kept)]);
  }
  if (strict.length === 0) yield level([known]);
  else if (amounts.length > 0) yield level(all);
  const everywhere = told.meanings === understood.meanings ? [] : readingsOf(understood.meanings, runs);
  if (everywhere.length > 0) yield level(everywhere);
  const anyOf = read.filter(isTelling);
  if (anyOf.length < 2) return;
  const each = anyOf.map((meaning) => termsOf([meaning]));
  yield leavingOut(each.map((reading) => inFields(reading, HEAD_FIELDS)));
  yield leavingOut(each);
}

/** The words, where one of them is known only together with its neighbours those as one: `garbage bags`, which are bin bags. */
function withRunsForUnknown({ meanings, runs }: Understood): Meaning[] {
  const joined: Meaning[] = [];
  for (let at = 0; at < meanings.length; at++) {
    const run = runs.find((one) => one.at === at);
    const covered = run ? meanings.slice(at, at + run.length) : [];
    const [first] = covered;
    if (run && first && covered.some(({ asked, term }) => !asked.isFunctionWord && !isKnown(term))) {
      const text = covered.map(({ asked }) => asked.text).join(" ");
      joined.push({ asked: { ...first.asked, text, kind: "phrase", isFunctionWord: false }, term: run.term });
      at += run.length - 1;
    } else joined.push(...meanings.slice(at, at + 1));
  }
  return joined;
}

/** The words that an answer must have. */
const requiredOf = (meanings: readonly Meaning[]) =>
  meanings.filter(({ asked, term }) => term !== undefined && !asked.isFunctionWord);

const termsOf = (meanings: readonly Meaning[]): Reading =>
  meanings.flatMap(({ term }) => (isKnown(term) ? [term] : []));

/** All words as they are, and with neighbours as one. None where a word is left that no product has. */
function readingsOf(meanings: readonly Meaning[], runs: Understood["runs"]): Reading[] {
  const apart = meanings.map(({ asked, term }) => ({
    term: isKnown(term) ? term : undefined,
    needed: !asked.isFunctionWord,
  }));
  const joined = runs.map(({ at, length, term }) => apart.toSpliced(at, length, { term, needed: true }));
  // `blue tooth` where no product has `tooth`: then only `bluetooth` is meant.
  return [apart, ...joined]
    .filter((places) => places.every(({ term, needed }) => term !== undefined || !needed))
    .map((places) => places.flatMap(({ term, needed }) => (term && needed ? [term] : [])))
    .filter((reading) => reading.length > 0);
}

const isTelling = (meaning: Meaning) =>
  !isMeasure(meaning) && (meaning.asked.kind !== "word" || meaning.asked.text.length > 1);
const isMeasure = ({ asked }: Meaning) => asked.kind === "amount" || asked.kind === "number";

/**
 * That one of the words stands where a product says what it is. With an amount beside them, words in descriptions alone are
 * met by anything of that amount: a detergent of 1 kg that smells of lemon.
 */
function headOf(meanings: readonly Meaning[], runs: Understood["runs"]): Term | undefined {
  const words = meanings.filter((meaning) => !isMeasure(meaning));
  // `back pack` stands there as `backpack`.
  const spellings = [...words, ...runs].flatMap(({ term }) => term?.spellings ?? []);
  if (spellings.length === 0) return undefined;
  const [reading] = [inFields([{ spellings, products: 0 }], HEAD_FIELDS)];
  return reading?.[0];
}

/** Of so many words on, and with so many of them side by side, a pasted title is looked for by its parts. */
const PASTED_FROM_WORDS = 6;
const PASTED_TOGETHER = [5, 3];

/**
 * Neighbours in a long search, fewer and fewer together: what was pasted from another shop is mostly a title, with words of
 * that shop around it (`| Free Shipping`), and the title's words stand beside each other.
 */
function windowsOf(required: readonly Meaning[]): Meaning[][][] {
  if (required.length < PASTED_FROM_WORDS) return [];
  return PASTED_TOGETHER.map((size) =>
    Array.from({ length: required.length - size + 1 }, (_, at) => required.slice(at, at + size)).filter(
      (window) => window.filter(isTelling).length >= 2,
    ),
  ).filter((windows) => windows.length > 0);
}

/** Of longer searches leaving out one word is too little to try with each. */
const WORDS_LEFT_OUT_MOST = 6;

/** How many words go: one at first, then many, so that long searches cost no more. */
const DROPPED = [1, 3, 7];

/** Fewer and fewer of the words: those go first that tell least of what is meant. */
async function fewer(shop: Searched, required: readonly Meaning[], asked: number): Promise<Meaning[][]> {
  if (required.length < 2) return [];
  const tellingness = await tellingnessOf(shop, required, asked);
  const weakestFirst = required.toSorted((a, b) => (tellingness.get(a) ?? 0) - (tellingness.get(b) ?? 0));
  const kept: Meaning[][] = [];
  for (const dropped of [...DROPPED.filter((words) => words < weakestFirst.length - 1), weakestFirst.length - 1]) {
    const rest = new Set(weakestFirst.slice(dropped));
    if (![...rest].some(isTelling)) break;
    kept.push(required.filter((meaning) => rest.has(meaning)));
  }
  return kept;
}

/** Of so many products that have a word one at least is called by it, where the word names things. */
const CALLED_BY_ONE_OF = 10;
const TOLD_FROM_PRODUCTS = 20;

/** Whether the only word is what things have more than what they are: `16gb ram` is as well a computer with that. */
async function isProperty(shop: Searched, words: readonly Meaning[]): Promise<boolean> {
  const [term, more] = termsOf(words);
  if (term === undefined || more !== undefined || term.products < TOLD_FROM_PRODUCTS) return false;
  const [heads = 0] = await countEach(shop, [one(inFields([term], HEAD_FIELDS))], () => term.products);
  return heads * CALLED_BY_ONE_OF < term.products;
}

/** Which of the words name a kind of thing, as a phrase does, and which are brands: mostly met as such, unlike RAM. */
async function natureOf(
  shop: Searched,
  meanings: readonly Meaning[],
): Promise<{ kinds: Meaning[]; brands: Meaning[] }> {
  const { heads, categories, brands } = await headsOf(shop, meanings);
  const isKind = ({ asked }: Meaning, at: number) =>
    asked.kind === "phrase" || ((categories[at] ?? 0) > 0 && (brands[at] ?? 0) === 0);
  return {
    kinds: meanings.filter(isKind),
    brands: meanings.filter((_, at) => (brands[at] ?? 0) * 2 > (heads[at] ?? 0)),
  };
}

/** How many products have each word where they say what they are, in their category, and in their brand. */
async function headsOf(shop: Searched, meanings: readonly Meaning[]) {
  const readings = meanings.map(({ term }): Reading => (term ? [term] : []));
  const within = (fields: readonly Field[]) =>
    countEach(
      shop,
      readings.map((reading) => one(inFields(reading, fields))),
      (at) => meanings[at]?.term?.products ?? 0,
    );
  return {
    heads: await within(HEAD_FIELDS),
    categories: await within(["category"]),
    brands: await within(["brand"]),
  };
}

/** How much of what is meant would go with each word: an amount is soonest given up, a kind of thing last. */
async function tellingnessOf(
  shop: Searched,
  meanings: readonly Meaning[],
  asked: number,
): Promise<Map<Meaning, number>> {
  const { heads, categories, brands } = await headsOf(shop, meanings);
  // In `purple mechanical keyboard` the kind of thing comes last, also where no product has one of the words; of two the
  // rarer one tells more.
  const last = asked > 2 ? meanings.findLast(isTelling) : undefined;
  return new Map(
    meanings.map((meaning, at): [Meaning, number] => {
      const head = heads[at] ?? 0;
      if (meaning.asked.kind === "amount") return [meaning, 1];
      if (meaning.asked.kind === "number") return [meaning, 1.5];
      if (head === 0) return [meaning, 0.5];
      const rarity = 1 - Math.log(Math.min(head, COMMON_FROM_PRODUCTS)) / Math.log(COMMON_FROM_PRODUCTS);
      const isKind = (categories[at] ?? 0) > 0 && (brands[at] ?? 0) === 0;
      // What was only guessed from its beginning tells less than what was typed so.
      const guessed = meaning.term?.spellings[0]?.unfinished ? 1 : 0;
      return [
        meaning,
        2 - guessed + rarity + (meaning.asked.kind === "phrase" ? 1 : isKind ? 0.5 : 0) + (meaning === last ? 0.6 : 0),
      ];
    }),
  );
}
