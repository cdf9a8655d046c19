import { findWrongParentPrices, findWrongSums } from "./counters";
import { type Check, told } from "./finding";

/** What must hold of products with variants, and of categories. */
export const catalogChecks: Record<string, Check> = {
  "categories form a tree": (reader) =>
    told(
      reader.all<{ name: string }>(
        `WITH RECURSIVE reached (key) AS (
           SELECT key FROM categories WHERE parent_key IS NULL
           UNION SELECT c.key FROM categories c JOIN reached ON c.parent_key = reached.key
         ) SELECT name FROM categories WHERE key NOT IN (SELECT key FROM reached) ORDER BY name LIMIT 20`,
      ),
      ({ name }) => `Category ${name} stands below itself: sanset category set ${name} --top`,
    ),

  "parents are the sums of their variants": (reader) =>
    told(
      findWrongSums(reader),
      (row) =>
        `Product ${row.product_id} has ${row.on_hand} on hand, ${row.reserved} reserved and ${row.ordered} ordered, but its variants have ${row.sum_on_hand}, ${row.sum_reserved} and ${row.sum_ordered}.`,
      true,
    ),

  "parents cost what their variants do": (reader) =>
    told(
      findWrongParentPrices(reader),
      ({ id }) => `Product ${id} costs something else than the cheapest and the dearest of its variants.`,
    ),

  "variants are called after their parent and stand in its category": (reader) =>
    told(
      reader.all<{ id: number }>(
        `SELECT v.id FROM products v JOIN products p ON p.id = v.parent_id
         WHERE v.deleted_at IS NULL AND (v.category <> p.category OR v.tax_class <> p.tax_class
           OR SUBSTR(v.name, 1, LENGTH(p.name)) <> p.name) ORDER BY v.id`,
      ),
      ({ id }) => `Product ${id} has another name, category or tax class than the product that it is a variant of.`,
    ),
};
