import { markReplay } from "../audit/recording";
import { ShopError } from "../base/errors";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { deleteKey, deleteKeysBefore, findAnswer, keepAnswer, type Once, takeKey } from "./queries";

export type { Once } from "./queries";

const REMEMBERED_HOURS = 24;

/**
 * Runs `work` in a transaction that also keeps its answer under the caller's key, or gives the answer kept there before,
 * and says so in `once.replayed`. What `look` finds is handed to `work`: it is asked together with the key, so it must
 * neither change anything nor throw. Where `work` knows its answer before it is done, it may `keep` it beside the rest.
 * What fails keeps nothing, so a corrected request may use its key again. Without a key it just runs.
 * Throws `idempotency_key_reused` when the key was used for another request.
 */
export function transactOnce<Answer extends object, Seen = void>(
  shop: Shop,
  once: Once | undefined,
  work: (tx: Transaction, seen: Seen, keep: (answer: Answer) => Promise<void>) => Promise<Answer>,
  look?: (tx: Transaction) => Promise<Seen>,
): Promise<Answer> {
  return shop.database.transaction(async (tx) => {
    // Without a look there is nothing to see.
    if (!once) return work(tx, (await look?.(tx)) as Seen, async () => {});
    const taking = takeKey(tx, once, shop.now().toISOString(), forgottenBefore(shop));
    const looking = look?.(tx);
    // A transaction may be tried again, and what the first try found out is not so any more.
    once.replayed = !(await taking);
    if (once.replayed) {
      await looking;
      markReplay(tx);
      return answerKept<Answer>(tx, once);
    }
    let isKept = false;
    const keep = (answer: Answer): Promise<void> => {
      isKept = true;
      return keepAnswer(tx, once, JSON.stringify(answer));
    };
    const answer = await work(tx, (await looking) as Seen, keep);
    if (!isKept) await keep(answer);
    return answer;
  });
}

/** Forgets one key, whose effect was taken back: the request may be sent again with it. */
export const dropAnswer = (tx: Transaction, once: Once): Promise<void> => deleteKey(tx, once);

/** Forgets the keys whose time is over. */
export async function forgetOldKeys(shop: Shop): Promise<void> {
  await shop.database.transaction((tx) => deleteKeysBefore(tx, forgottenBefore(shop)));
}

async function answerKept<Answer>(tx: Transaction, once: Once): Promise<Answer> {
  const kept = await findAnswer(tx, once);
  if (!kept) throw new Error("An idempotency key was taken and is not there.");
  if (kept.fingerprint !== once.fingerprint) {
    throw new ShopError(
      "idempotency_key_reused",
      "This Idempotency-Key was used for another request. Use a new key for a new request.",
    );
  }
  // It was written by the same route: the fingerprint says so.
  return JSON.parse(kept.answer) as Answer;
}

function forgottenBefore(shop: Shop): string {
  return new Date(shop.now().getTime() - REMEMBERED_HOURS * 3_600_000).toISOString();
}
