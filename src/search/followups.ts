import { BoundedMap } from "../base/bounded-map";
import { wordsOf } from "../base/text";
import { writeBehind } from "../jobs/write-behind";
import { stem } from "../search-index/stem";
import { perShop } from "../shop/per-shop";
import type { ProposedSynonym } from "./schema";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { slipBetween } from "../base/edit-distance";
import { functionWordsOf } from "./function-words";
import { LONGEST_PHRASE, listSynonyms, stemsOfPhrase } from "./synonyms";

/** A search that found what an earlier one had missed. */
interface Followup {
  missed: string;
  found: string;
}

/** Only the latest are kept, so that no stranger can fill the disk by searching. */
const FOLLOWUPS_KEPT = 1_000;
/** So many clients who have just missed something are remembered, and for so long. */
const CLIENTS_MOST = 5_000;
const FOLLOWED_WITHIN_SECONDS = 120;

const missedBy = perShop(() => new BoundedMap<string, { words: string; at: number }>(CLIENTS_MOST));

const followups = writeBehind<Followup>({
  what: "What was searched after a miss",
  mostWaiting: FOLLOWUPS_KEPT,
  write: (tx, items, shop) => writeFollowups(tx, items, shop.now().toISOString()),
});

/** Takes down what a client searched: a miss waits for what they search next, and a hit after one is noted beside it. */
export function noteSearch(shop: Shop, client: string, words: string, isMiss: boolean): void {
  const waiting = missedBy(shop);
  const now = shop.now().getTime();
  const before = waiting.get(client);
  if (isMiss) waiting.set(client, { words, at: now });
  else if (before) {
    waiting.delete(client);
    if (now - before.at <= FOLLOWED_WITHIN_SECONDS * 1000) followups.add(shop, { missed: before.words, found: words });
  }
}

async function writeFollowups(tx: Transaction, items: readonly Followup[], now: string): Promise<void> {
  for (const { missed, found } of items) {
    await tx.run(
      `INSERT INTO search_followups (missed, found, times, followed_at) VALUES ($1, $2, 1, $3)
       ON CONFLICT (missed, found) DO UPDATE SET times = search_followups.times + 1, followed_at = excluded.followed_at`,
      [missed, found, now],
    );
  }
  await tx.run(
    `DELETE FROM search_followups WHERE followed_at <
     (SELECT followed_at FROM search_followups ORDER BY followed_at DESC LIMIT 1 OFFSET ${FOLLOWUPS_KEPT})`,
  );
}

/**
 * Synonyms that the shop may lack, by what customers searched in vain and what they searched next: `haldi powder` and then
 * `turmeric powder` speak for `haldi`. The most often seen first; none that is there already or is only a misspelling.
 */
export async function proposeSynonyms(shop: Shop, limit: number, timesLeast = 2): Promise<ProposedSynonym[]> {
  const rows = await shop.database.all<Followup & { times: number }>(
    "SELECT missed, found, CAST(times AS INTEGER) AS times FROM search_followups ORDER BY times DESC, missed, found",
  );
  const languages = shop.settings.searchLanguages;
  const known = new Set(
    (await listSynonyms(shop)).flatMap(({ phrases }) => phrases.map((phrase) => stemsOfPhrase(phrase, languages))),
  );
  const proposals = new Map<string, ProposedSynonym>();
  for (const { missed, found, times } of rows) {
    const asked = without(missed, found, shop);
    const finds = without(found, missed, shop);
    if (!canBeSynonyms(asked, finds) || known.has(stemsOfPhrase(asked.join(" "), languages))) continue;
    const [one, other] = [asked.join(" "), finds.join(" ")];
    const key = `${one}\n${other}`;
    proposals.set(key, { asked: one, finds: other, times: (proposals.get(key)?.times ?? 0) + times });
  }
  return [...proposals.values()]
    .filter(({ times }) => times >= timesLeast)
    .sort((a, b) => b.times - a.times || (a.asked < b.asked ? -1 : 1))
    .slice(0, limit);
}

/** The words of one search that the other has not. */
function without(text: string, other: string, { settings }: Shop): string[] {
  const functionWords = functionWordsOf(settings.searchLanguages);
  const stems = new Set(wordsOf(other).map((word) => stem(word, settings.searchLanguages)));
  return wordsOf(text).filter((word) => !functionWords.has(word) && !stems.has(stem(word, settings.searchLanguages)));
}

/** The most that two spellings of one word differ by. */
const MISSPELLING = 2;

const canBeSynonyms = (asked: readonly string[], finds: readonly string[]): boolean =>
  [asked, finds].every((words) => words.length > 0 && words.length <= LONGEST_PHRASE) &&
  slipBetween(asked.join(" "), finds.join(" "), MISSPELLING) > MISSPELLING;
