import { getProduct } from "../catalog/catalog";
import { conditionOf } from "../catalog/filters";
import type { Spelling } from "../search-index/terms";
import type { Shop } from "../shop/shop";
import { findIndexed, findMatches, isAmong, type Match, RANKED_MOST } from "./queries";
import { fieldsOf, type Part, partsOf, weigh } from "./rank";
import { type Level, levels } from "./relax";
import type { SearchReason, WordReason } from "./schema";
import { type Found, pageOfFound, search } from "./search";
import { covers, isKnown, type Meaning, understand, type Understood } from "./understand";

/** Why a search finds a product where it does, or does not find it. Throws `not_found` for an unknown product. */
export async function whyFound(shop: Shop, text: string, productId: number): Promise<SearchReason> {
  const asked = await getProduct(shop, productId);
  const product = asked.parent_id === null ? asked : await getProduct(shop, asked.parent_id);
  const found = await search(shop, text);
  const [understood, indexed] = [await understand(shop, found.text), await findIndexed(shop.database, product.id)];
  const level = indexed && (await levelOf(shop, understood, product.id));
  const scored = indexed && level ? await scoreOf(shop, found, level, indexed) : undefined;
  const priced = found.within.min_price ?? found.within.max_price;
  const condition = priced === undefined ? undefined : await conditionOf(shop.database, found.within, shop.settings);
  const hasPrice =
    found.asked_price === null || (condition !== undefined && (await isAmong(shop.database, product.id, condition)));
  const ranked = { limit: condition ? RANKED_MOST : 0, offset: 0 };
  const { items, total } = await pageOfFound(shop.database, found, ranked, condition);
  const place = placeOf(condition ? { best: items, following: [] } : found, total, product.id);
  const words = indexed ? wordsOf(understood, scored?.parts ?? [], indexed) : [];
  const isWhole = level?.full === true && hasPrice;
  const answers = isWhole ? "whole" : place === null ? "no" : "part";
  const reason = { place, answers, level, words, total, indexed, understood, found, hasPrice } as const;
  return {
    product_id: product.id,
    name: product.name,
    place,
    answers,
    because: `${product === asked ? "" : "Of a variant the parent is found. "}${sentence(reason)}`,
    total_exact: found.answer?.full === true ? total : 0,
    corrected_query: found.corrected_query,
    words,
    score: answers === "no" ? null : (scored?.score ?? null),
  };
}

/** The first, strictest way in which the product is found. */
async function levelOf(shop: Shop, understood: Understood, id: number): Promise<Level | undefined> {
  const within = { few: "SELECT CAST($1 AS INTEGER)", sql: "p.id = $1", values: [id], isNarrow: true };
  for await (const level of levels(shop, understood))
    if ((await findMatches(shop.database, level.query, understood.signs, within)).length > 0) return level;
  return undefined;
}

/** From 1: among the answers, or among the looser ones that follow them. */
function placeOf({ best, following }: Pick<Found, "best" | "following">, total: number, id: number): number | null {
  const at = best.indexOf(id);
  if (at >= 0) return at + 1;
  const after = following.findIndex((other) => other.id === id);
  return after >= 0 ? total + after + 1 : null;
}

async function scoreOf(shop: Shop, { signs }: Found, { query, wanted: readings }: Level, indexed: Match) {
  const matches = await findMatches(shop.database, query, signs);
  const all = matches.some((match) => match.product_id === indexed.product_id) ? matches : [...matches, indexed];
  const wanted = { readings, signs };
  const weighed = weigh(all, wanted);
  const own = weighed.find(({ id }) => id === indexed.product_id);
  const { parts, together } = partsOf(indexed, all, wanted);
  const score = {
    exact: own?.exact ?? false,
    words: rounded(parts.reduce((sum, { relevance }) => sum + relevance, 0)),
    side_by_side: rounded(together),
    sells_and_in_stock: rounded(own?.mild ?? 1),
    total: rounded(own?.score ?? 0),
    of_the_first: rounded(Math.max(0, ...weighed.map((other) => other.score))),
  };
  return { parts, score };
}

const rounded = (value: number) => Math.round(value * 10_000) / 10_000;

function wordsOf({ meanings, runs }: Understood, parts: readonly Part[], indexed: Match): WordReason[] {
  return meanings.map((meaning, at): WordReason => {
    const own = partFor(meaning.term?.spellings, parts, indexed);
    const run = runs.find(covers(at));
    const together = run && partFor(run.term.spellings, parts, indexed);
    // Where the neighbours counted as one, that is why it is found, even if it has one of them elsewhere.
    const isRun =
      together?.spelling !== undefined && (own.spelling === undefined || own.relevance < together.relevance);
    const part = together && isRun ? together : own;
    return {
      word: meaning.asked.text,
      taken_for: meaning.as ?? null,
      products: isKnown(meaning.term) ? meaning.term.products : 0,
      matched_by: isRun ? "neighbours" : matchedBy(meaning, part.spelling),
      as: part.spelling?.stems.join(" ") ?? null,
      fields: part.fields,
      says_what_it_is: part.isHead,
      // Neighbours that are one count once.
      relevance: isRun && run?.at !== at ? 0 : rounded(part.relevance),
    };
  });
}

/** What the ranking made of a word; where it played no part there, where the product has it all the same. */
function partFor(
  spellings: readonly Spelling[] | undefined,
  parts: readonly Part[],
  indexed: Match,
): Omit<Part, "term"> {
  const key = spellings?.[0]?.stems.join(" ");
  const counted = parts.find(({ term }) => key !== undefined && term.spellings[0]?.stems.join(" ") === key);
  if (counted?.spelling) return counted;
  const spelling = spellings?.find((one) => fieldsOf(one, indexed).length > 0);
  return { spelling, fields: spelling ? fieldsOf(spelling, indexed) : [], isHead: false, relevance: 0 };
}

function matchedBy({ asked, as }: Meaning, spelling: Spelling | undefined): WordReason["matched_by"] {
  if (spelling === undefined) return null;
  const stems = spelling.stems.join(" ");
  if (asked.exact.some((own) => own.stems.join(" ") === stems)) return "word";
  if (spelling.unfinished) return "beginning";
  return as === undefined ? "synonym" : "repair";
}

interface Reason {
  place: number | null;
  answers: SearchReason["answers"];
  level: Level | undefined;
  words: readonly WordReason[];
  total: number;
  indexed: Match | undefined;
  understood: Understood;
  found: Found;
  hasPrice: boolean;
}

function sentence({ place, answers, level, words, total, indexed, understood, found, hasPrice }: Reason): string {
  if (indexed === undefined) return "It is not in the search index: `sanset search reindex` puts it there.";
  if (words.length === 0) return "There is no word in this search.";
  if (understood.without.some((spelling) => fieldsOf(spelling, indexed).length > 0))
    return "It has a word that the search excludes with a minus.";
  if (level?.full && !hasPrice)
    return `It has another price than the search asks for${place === null ? "." : "; it is shown because nothing that is found has that."}`;
  const isFunctionWord = new Map(understood.meanings.map(({ asked }) => [asked.text, asked.isFunctionWord]));
  const telling = words.filter(({ word }) => isFunctionWord.get(word) === false);
  const missing = telling.filter(({ matched_by }) => matched_by === null).map(({ word }) => word);
  const lacks =
    missing.length > 0 ? `It lacks ${listed(missing)}` : `It has the words, but not where it says what it is (${HEAD})`;
  if (place !== null && answers === "whole")
    return level?.full && found.best[0] === indexed.product_id
      ? "It answers the whole search, better than all others."
      : `It answers the whole search; ${count(place - 1)} more to the point.`;
  if (answers === "whole")
    return `It answers the whole search, as do ${total - 1} others; after those that are ranked the newest come first, and it is further down.`;
  if (place !== null) return `${lacks}; it is shown because few products answer the whole search, or none.`;
  if (level) return `${lacks}, and enough products answer better.`;
  return `${lacks}, so it is no answer.`;
}

const HEAD = "name, brand or category";
const count = (products: number) => (products === 1 ? "one product is" : `${products} products are`);
const listed = (words: readonly string[]) => words.map((word) => `"${word}"`).join(", ");
