import { changeProductIn } from "../catalog/change";
import { addProducts } from "../catalog/create";
import { findIdsBySlug } from "../catalog/id-queries";
import { findParentsOf } from "../catalog/queries";
import type { Shop } from "../shop/shop";
import { type AssortmentItem, describeProduct } from "./assortment";
import { batches } from "../base/batches";

/** Of so many kinds of things the packs are variants: three of each category. */
const KINDS_WITH_VARIANTS = 72;
const FAMILIES_PER_TRANSACTION = 10;
const OPTION = "Pack";

/**
 * Makes the packs of one product variants of it: they keep their ids, stock and orders. What is a variant already stays one,
 * so that doing it again changes nothing. Returns how many products have variants.
 */
export async function writeDemoVariants(
  shop: Shop,
  { items, ids }: { items: readonly AssortmentItem[]; ids: readonly number[] },
): Promise<number> {
  const plain = [...items.entries()].filter(
    ([, { kind, variety }]) => kind < KINDS_WITH_VARIANTS && variety === undefined,
  );
  const families = [...Map.groupBy(plain, ([, { kind, brand }]) => `${kind} ${brand}`).values()].filter(
    ({ length }) => length > 1,
  );
  for (const some of batches(families, FAMILIES_PER_TRANSACTION)) {
    await shop.database.transaction(async (tx) => {
      const parents = await findParentsOf(tx, ids);
      for (const family of some) {
        const [first] = family;
        if (!first || parents.has(ids[first[0]] ?? 0)) continue;
        const { pack, ...item } = first[1];
        const { attributes, ...text } = describeProduct({ ...item, pack });
        const { pack: _, net_quantity: _quantity, unit: _unit, ...shared } = attributes;
        const name = text.name.replace(`, ${pack}`, "");
        const slug = `${text.slug}-family`;
        const parent = { ...text, slug, name, attributes: shared, option_names: [OPTION], price: 0, stock: 0 };
        const added = await addProducts(shop, tx, [parent]);
        const parentId = added.get(slug) ?? (await findIdsBySlug(tx)).get(slug);
        if (parentId === undefined) continue;
        for (const [number, { pack: own }] of family) {
          await changeProductIn(shop, tx, ids[number] ?? 0, { parent_id: parentId, options: { [OPTION]: own } });
        }
      }
    });
    await Bun.sleep(0);
  }
  return families.length;
}
