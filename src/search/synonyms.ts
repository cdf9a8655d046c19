import type { Reader } from "../storage/database";
import { dialectOf } from "./dialect";
import { stem, wordsOf } from "./fold";
import type { Spelling } from "./query";

/** The spellings that mean the same as these words or pairs of words, by their stems. */
export async function findSynonyms(reader: Reader, phrases: readonly string[]): Promise<Map<string, Spelling[]>> {
  const rows = await reader.all<{ asked: string; stems: string }>(
    `SELECT one.stems AS asked, other.stems AS stems FROM search_synonyms one
     JOIN search_synonyms other ON other.meaning = one.meaning AND other.stems <> one.stems
     WHERE one.stems IN (${dialectOf(reader).texts("$1")}) ORDER BY one.stems, other.stems`,
    [JSON.stringify(phrases.map(stemsOf))],
  );
  const found = new Map<string, Spelling[]>();
  for (const { asked, stems } of rows) {
    const spellings = found.get(asked) ?? [];
    found.set(asked, [...spellings, { stems: stems.split(" ") }]);
  }
  return found;
}

const stemsOf = (phrase: string) => wordsOf(phrase).map(stem).join(" ");
