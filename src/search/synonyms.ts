import { ShopError } from "../base/errors";
import { wordsOf } from "../base/text";
import { dialectOf } from "../search-index/engines";
import { type Language, stem } from "../search-index/stem";
import type { Spelling } from "../search-index/terms";
import { tokensOf } from "../search-index/tokens";
import type { Shop } from "../shop/shop";
import { insertRows } from "../storage/rows";
import type { Reader, Transaction } from "../storage/database";
import type { Searched } from "./counts";
import type { Synonyms } from "./schema";

/** A synonym is a word or a phrase of at most so many. */
export const LONGEST_PHRASE = 3;

/** A synonym counts for less than the word itself, which is what was asked for. */
const SYNONYM_WEIGHT = 0.55;

/** Words and phrases as they are compared. */
export const stemsOfPhrase = (phrase: string, languages: readonly Language[]) =>
  tokensOf(phrase)
    .flatMap(({ terms }) => terms)
    .map((word) => stem(word, languages))
    .join(" ");

/** The spellings that mean the same as these words and phrases, by their stems. */
export async function findSynonyms(
  { database, settings }: Searched,
  phrases: readonly string[],
): Promise<Map<string, Spelling[]>> {
  if (phrases.length === 0) return new Map();
  const rows = await database.all<{ asked: string; stems: string }>(
    `SELECT DISTINCT one.stems AS asked, other.stems AS stems FROM search_synonyms one
     JOIN search_synonyms other ON other.meaning = one.meaning AND other.stems <> one.stems
     WHERE one.is_only_found = 0 AND one.stems IN (${dialectOf(database).texts("$1")}) ORDER BY one.stems, other.stems`,
    [JSON.stringify(phrases.map((phrase) => stemsOfPhrase(phrase, settings.searchLanguages)))],
  );
  const found = Map.groupBy(rows, ({ asked }) => asked);
  return new Map(
    [...found].map(([asked, others]) => [
      asked,
      others.map(({ stems }) => ({ stems: stems.split(" "), weight: SYNONYM_WEIGHT })),
    ]),
  );
}

/** The single words that have synonyms, folded: misspellings may be meant for one. Of those that begin so, if it is given. */
export async function listSynonymWords(reader: Reader, letter = ""): Promise<string[]> {
  const single = (await listAsked(reader, letter)).flatMap((words) => (words.length === 1 ? words : []));
  return [...new Set(single)];
}

/** The words of each phrase of several words that has synonyms, folded. */
export async function listSynonymPhrases(reader: Reader): Promise<string[][]> {
  return (await listAsked(reader)).filter((words) => words.length > 1);
}

async function listAsked(reader: Reader, letter = ""): Promise<string[][]> {
  // No stem begins with another letter than its word. What begins with a digit may be an amount, which begins with a sign.
  const isLetter = /^\p{L}$/u.test(letter);
  const rows = await reader.all<{ phrase: string }>(
    `SELECT phrase FROM search_synonyms WHERE is_only_found = 0 ${isLetter ? "AND stems >= $1 AND stems < $2" : ""} ORDER BY stems`,
    isLetter ? [letter, `${letter}\u{10ffff}`] : [],
  );
  return rows.map(({ phrase }) => wordsOf(phrase));
}

/** What is found for words that begin so, such as `hald` on the way to `haldi`. */
export async function findSynonymsBegun({ database, settings }: Searched, beginning: string): Promise<Spelling[]> {
  const [letter = ""] = beginning;
  const words = (await listSynonymWords(database, letter))
    .filter((word) => word.startsWith(beginning))
    .slice(0, BEGUN_MOST);
  return [...(await findSynonyms({ database, settings, state: new Map() }, words)).values()].flat();
}
const BEGUN_MOST = 8;

/** Everything that is said in several ways. */
export async function listSynonyms({ database }: Pick<Shop, "database">): Promise<Synonyms[]> {
  const rows = await database.all<{ meaning: number; phrase: string; is_only_found: number }>(
    "SELECT meaning, phrase, is_only_found FROM search_synonyms ORDER BY meaning, stems",
  );
  const phrasesOf = (same: typeof rows, isOnlyFound: boolean) =>
    same.filter((row) => (row.is_only_found === 1) === isOnlyFound).map(({ phrase }) => phrase);
  return [...Map.groupBy(rows, ({ meaning }) => meaning).values()].map((same) => ({
    phrases: phrasesOf(same, false),
    finds: phrasesOf(same, true),
  }));
}

/**
 * From now on a search for one of the phrases finds the others too. What stands in `finds` is found by them, and does not
 * find them. Throws `invalid` for what can't be synonyms.
 */
export function addSynonyms(
  shop: Pick<Shop, "database" | "settings">,
  phrases: readonly string[],
  finds: readonly string[] = [],
): Promise<void> {
  return addAllSynonyms(shop, [{ phrases, finds }]);
}

/** The same for many at once: all of them, or none. */
export async function addAllSynonyms(
  { database, settings }: Pick<Shop, "database" | "settings">,
  several: readonly { phrases: readonly string[]; finds: readonly string[] }[],
): Promise<void> {
  const byStems = (phrases: readonly string[]) =>
    new Map(phrases.map((phrase) => [stemsOfPhrase(phrase, settings.searchLanguages), phrase.trim()]));
  const sets = several.map(({ phrases, finds }) => {
    const asked = byStems(phrases);
    const onlyFound = byStems(finds);
    for (const stems of asked.keys()) onlyFound.delete(stems);
    checkSynonyms([...phrases, ...finds], asked.size, onlyFound.size);
    return { asked, onlyFound };
  });
  await database.transaction(async (tx) => {
    const last = await tx.first<{ meaning: number }>(
      "SELECT COALESCE(MAX(meaning), 0) AS meaning FROM search_synonyms",
    );
    const rows = sets.flatMap(({ asked, onlyFound }, at) => {
      const meaning = (last?.meaning ?? 0) + 1 + at;
      const rowsOf = (phrases: ReadonlyMap<string, string>, is_only_found: number) =>
        [...phrases].map(([stems, phrase]) => ({ meaning, phrase, stems, is_only_found }));
      return [...rowsOf(asked, 0), ...rowsOf(onlyFound, 1)];
    });
    await insertRows(tx, "search_synonyms", rows);
  });
}

function checkSynonyms(phrases: readonly string[], asked: number, onlyFound: number): void {
  if (asked === 0 || asked + onlyFound < 2) {
    throw new ShopError("invalid", "Give two or more words or phrases that mean the same.");
  }
  for (const phrase of phrases) {
    const words = tokensOf(phrase).length;
    if (words < 1 || words > LONGEST_PHRASE) {
      throw new ShopError("invalid", `A synonym has one to ${LONGEST_PHRASE} words.`);
    }
  }
}

/** Whether the phrase had synonyms: now it has none. */
export function removeSynonyms(
  { database, settings }: Pick<Shop, "database" | "settings">,
  phrase: string,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const removed = await tx.run("DELETE FROM search_synonyms WHERE stems = $1", [
      stemsOfPhrase(phrase, settings.searchLanguages),
    ]);
    // What is left without anything that finds it, or that it finds, is no synonym of anything.
    await tx.run(
      `DELETE FROM search_synonyms WHERE meaning IN
       (SELECT meaning FROM search_synonyms GROUP BY meaning HAVING COUNT(*) = 1 OR MIN(is_only_found) = 1)`,
    );
    return removed > 0;
  });
}

/** Compares the phrases anew, for languages that are not those they were written for. */
export async function stemSynonymsAnew(tx: Transaction, languages: readonly Language[]): Promise<void> {
  const rows = await tx.all<{ meaning: number; phrase: string; stems: string; is_only_found: number }>(
    "SELECT meaning, phrase, stems, is_only_found FROM search_synonyms",
  );
  const changed = rows.filter(({ phrase, stems }) => stemsOfPhrase(phrase, languages) !== stems);
  for (const { meaning, phrase, stems, is_only_found } of changed) {
    await tx.run("DELETE FROM search_synonyms WHERE meaning = $1 AND stems = $2", [meaning, stems]);
    await tx.run(
      "INSERT INTO search_synonyms (meaning, phrase, stems, is_only_found) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
      [meaning, phrase, stemsOfPhrase(phrase, languages), is_only_found],
    );
  }
}
