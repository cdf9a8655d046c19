import { reindex } from "../catalog/indexing";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { stemSynonymsAnew } from "./synonyms";

/** Counted up when words are made otherwise than before (tokens, stems, signs, labels): then every index has to be made anew. */
const RULES = 5;

const rulesFor = ({ settings }: Pick<Shop, "settings">) => `${RULES} ${settings.searchLanguages.join(",")}`;

/** Whether the words of the index were made by the rules and for the languages that searches are read by. */
export async function isIndexCurrent(shop: Shop): Promise<boolean> {
  const state = await shop.database.first<{ rules: string }>("SELECT rules FROM search_state WHERE id = 1");
  return state?.rules === rulesFor(shop);
}

/**
 * Makes the index anew, and what synonyms are compared by, while the shop stays open. Returns how many products there are to
 * find. `mend` is for an index that is damaged.
 */
export async function renewIndex(
  shop: Shop,
  progress?: (done: number, total: number) => void,
  how?: { mend: boolean },
): Promise<number> {
  const products = await reindex(shop, progress, how);
  await shop.database.transaction(async (tx) => {
    await stemSynonymsAnew(tx, shop.settings.searchLanguages);
    await noteRules(shop, tx);
  });
  return products;
}

/** Notes that what is indexed from now on, and all that was, is indexed by the rules of today. */
export async function noteRules(shop: Pick<Shop, "settings">, tx: Transaction): Promise<void> {
  await tx.run(
    "INSERT INTO search_state (id, rules) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET rules = excluded.rules",
    [rulesFor(shop)],
  );
}
