import type { Reader } from "../storage/database";
import { listOf } from "../storage/sql";
import { COLUMNS, type Currency, type ProductRow, toProduct, type VersionedProduct } from "./queries";

const FROM = "FROM products p JOIN stock s ON s.product_id = p.id";
const PARENTS_PER_PAGE = 200;

/**
 * The whole catalog, a page at a time: each product by rising id, and behind it its variants. What is added meanwhile may be
 * among it or not; nothing comes twice.
 */
export async function* walkCatalog(reader: Reader, currency: Currency): AsyncGenerator<VersionedProduct[]> {
  for (let last = 0; ;) {
    const parents = await reader.all<ProductRow>(
      `SELECT ${COLUMNS} ${FROM} WHERE p.parent_id IS NULL AND p.deleted_at IS NULL AND p.id > $1
       ORDER BY p.id LIMIT ${PARENTS_PER_PAGE}`,
      [last],
    );
    if (parents.length === 0) return;
    last = parents.at(-1)?.id ?? last;
    const among = listOf(parents.filter(({ option_names }) => option_names !== null).map(({ id }) => id));
    const variants = await reader.all<ProductRow>(
      `SELECT ${COLUMNS} ${FROM} WHERE p.parent_id IN ${among.sql} AND p.deleted_at IS NULL ORDER BY p.parent_id, p.id`,
      among.values,
    );
    const byParent = Map.groupBy(variants, ({ parent_id }) => parent_id);
    yield parents.flatMap((parent) =>
      [parent, ...(byParent.get(parent.id) ?? [])].map((row) => toProduct(row, currency)),
    );
  }
}
