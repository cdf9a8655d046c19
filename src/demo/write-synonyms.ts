import { synonyms } from "../../data/synonyms";
import { addAllSynonyms, listSynonyms } from "../search/synonyms";
import type { Shop } from "../shop/shop";

/** Gives the shop the synonyms of its trade. Where there are synonyms already, they are left as they are. */
export async function writeDemoSynonyms(shop: Shop): Promise<void> {
  if ((await listSynonyms(shop)).length > 0) return;
  await addAllSynonyms(
    shop,
    synonyms.map(([asked, finds]) => ({ phrases: asked.split(", "), finds: [finds] })),
  );
}
