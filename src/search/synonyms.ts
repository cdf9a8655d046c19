import { ShopError } from "../base/errors";
import type { Shop } from "../shop/shop";
import { insertRows } from "../storage/rows";
import { countOf } from "../storage/sql";
import type { Reader } from "../storage/database";
import { dialectOf } from "../search-index/engines";
import { stem, wordsOf } from "../base/text";
import type { Spelling } from "../search-index/terms";

/** A synonym is a word or a phrase of at most so many. */
export const LONGEST_PHRASE = 3;

/** Words and phrases as they are compared. */
export const stemsOf = (phrase: string) => wordsOf(phrase).map(stem).join(" ");

/** The spellings that mean the same as these words and phrases, by their stems. */
export async function findSynonyms(reader: Reader, phrases: readonly string[]): Promise<Map<string, Spelling[]>> {
  const rows = await reader.all<{ asked: string; stems: string }>(
    `SELECT DISTINCT one.stems AS asked, other.stems AS stems FROM search_synonyms one
     JOIN search_synonyms other ON other.meaning = one.meaning AND other.stems <> one.stems
     WHERE one.stems IN (${dialectOf(reader).texts("$1")}) ORDER BY one.stems, other.stems`,
    [JSON.stringify(phrases.map(stemsOf))],
  );
  const found = Map.groupBy(rows, ({ asked }) => asked);
  return new Map(
    [...found].map(([asked, others]) => [asked, others.map(({ stems }) => ({ stems: stems.split(" ") }))]),
  );
}

/** Everything that is said in several ways: each a list of phrases. */
export async function listSynonyms({ database }: Shop): Promise<string[][]> {
  const rows = await database.all<{ meaning: number; phrase: string }>(
    "SELECT meaning, phrase FROM search_synonyms ORDER BY meaning, stems",
  );
  return [...Map.groupBy(rows, ({ meaning }) => meaning).values()].map((same) => same.map(({ phrase }) => phrase));
}

/** From now on whoever searches for one of these finds the others too. Throws `invalid` for what can't be synonyms. */
export async function addSynonyms({ database }: Shop, phrases: readonly string[]): Promise<void> {
  const byStems = new Map(phrases.map((phrase) => [stemsOf(phrase), phrase.trim()]));
  if (byStems.size < 2) throw new ShopError("invalid", "Give two or more words or phrases that mean the same.");
  for (const stems of byStems.keys()) {
    const words = stems === "" ? 0 : stems.split(" ").length;
    if (words < 1 || words > LONGEST_PHRASE) {
      throw new ShopError("invalid", `A synonym has one to ${LONGEST_PHRASE} words.`);
    }
  }
  await database.transaction(async (tx) => {
    const meaning = 1 + (await countOf(tx, "SELECT COALESCE(MAX(meaning), 0) FROM search_synonyms"));
    await insertRows(
      tx,
      "search_synonyms",
      [...byStems].map(([stems, phrase]) => ({ meaning, phrase, stems })),
    );
  });
}

/** Whether the phrase had synonyms: now it has none. */
export function removeSynonyms({ database }: Shop, phrase: string): Promise<boolean> {
  return database.transaction(async (tx) => {
    const removed = await tx.run("DELETE FROM search_synonyms WHERE stems = $1", [stemsOf(phrase)]);
    // What is left alone is no synonym of anything.
    await tx.run(
      `DELETE FROM search_synonyms WHERE meaning IN
       (SELECT meaning FROM search_synonyms GROUP BY meaning HAVING COUNT(*) = 1)`,
    );
    return removed > 0;
  });
}
