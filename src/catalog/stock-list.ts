import type { Listed, Page } from "../base/page";
import type { Shop } from "../shop/shop";
import { FREE } from "../stock/queries";
import type { ShelfDetail, ShelfLine, ShelfMove } from "../stock/schema";
import type { Reader } from "../storage/database";
import { type List, readList } from "../storage/lists";
import { nameKey, noProduct } from "./catalog";

/** What is said of a shelf; `stock s` and `products p` belong together by SHELF_OF. */
const COLUMNS = `p.id AS product_id, p.slug, p.name, p.sku, s.on_hand, s.reserved, ${FREE} AS stock, s.low_at`;
const SHELF_OF = "p.id = s.product_id";

/** What lies on a shelf of its own and is in the catalog: what a product with variants has, they have. */
const SOLD_BY_ITSELF = `s.is_sum = 0 AND EXISTS (SELECT 1 FROM products o WHERE o.id = s.product_id AND o.deleted_at IS NULL)`;

const BY_PRODUCT = { column: "s.product_id", part: "id" } as const;

/** What all products have in stock, by id; with `q` those that are called so, or have it as a code. */
export function listStock(shop: Shop, page: Page, q?: string): Promise<Listed<ShelfLine>> {
  const called = q === undefined ? "" : ` AND ${CALLED}`;
  const values = q === undefined ? [] : [`%${nameKey(q).replaceAll(/[\\%_]/g, String.raw`\$&`)}%`];
  return listShelves(shop, { sql: `${SOLD_BY_ITSELF}${called}`, values, order: [BY_PRODUCT] }, page);
}

/** A look at every product, for admins. */
const CALLED = String.raw`EXISTS (SELECT 1 FROM products n WHERE n.id = s.product_id AND (n.name_key LIKE $1 ESCAPE '\'
  OR n.sku_key LIKE $1 ESCAPE '\' OR n.barcode_key LIKE $1 ESCAPE '\' OR n.slug LIKE $1 ESCAPE '\'))`;

/** An index knows the shelves that hold no more than this. */
const LOW_INDEXED = 20;

/**
 * What has run low, as products say themselves or STOCK_LOW_AT says of the rest, the lowest first. Where that is more than
 * the index knows, all shelves are looked at.
 */
export async function listLowStock(shop: Shop, page: Page): Promise<Listed<ShelfLine>> {
  // In the words of the index, so that the engine sees that it serves.
  const usual = `${FREE} <= $1${shop.settings.stockLowAt <= LOW_INDEXED ? ` AND ${FREE} <= ${LOW_INDEXED}` : ""}`;
  const saysItself = await shop.database.first("SELECT product_id FROM stock WHERE low_at IS NOT NULL LIMIT 1");
  // Most shops have none that does, and don't pay for it.
  const low = saysItself
    ? `((s.low_at IS NULL AND ${usual}) OR (s.low_at IS NOT NULL AND ${FREE} <= s.low_at))`
    : usual;
  const order = [{ column: FREE, part: "amount" }, BY_PRODUCT] as const;
  return listShelves(shop, { sql: `${SOLD_BY_ITSELF} AND ${low}`, values: [shop.settings.stockLowAt], order }, page);
}

async function listShelves(
  shop: Shop,
  which: Pick<List, "sql" | "values" | "order">,
  page: Page,
): Promise<Listed<ShelfLine>> {
  const { items, ...listed } = await readList<Shelf>(
    shop.database,
    {
      ...which,
      columns: COLUMNS,
      from: "stock s",
      joined: { tables: "products p", on: SHELF_OF },
      descending: false,
    },
    page,
  );
  return { ...listed, items: items.map((shelf) => lineOf(shop, shelf)) };
}

/** What a product has in stock, and each of its variants. Throws `not_found`. */
export async function getStock(shop: Shop, productId: number): Promise<ShelfDetail> {
  const [shelf] = await findShelves(shop.database, "p.id", productId);
  if (!shelf) throw noProduct();
  const variants = await findShelves(shop.database, "p.parent_id", productId);
  return { ...lineOf(shop, shelf), variants: variants.map((variant) => lineOf(shop, variant)) };
}

/** What was done to a shelf beside its orders, newest first. Throws `not_found`. */
export async function listShelfMoves(shop: Shop, productId: number, page: Page): Promise<Listed<ShelfMove>> {
  await getStock(shop, productId);
  return readList<ShelfMove>(
    shop.database,
    {
      columns: "m.id, m.cause, m.on_hand_change AS change, m.note, m.created_at AS at",
      from: "stock_moves m",
      sql: "m.product_id = $1 AND m.order_id IS NULL",
      values: [productId],
      order: [{ column: "m.id", part: "id" }],
      descending: true,
    },
    page,
  );
}

type Shelf = Omit<ShelfLine, "low_at"> & { low_at: number | null };

const findShelves = (reader: Reader, column: "p.id" | "p.parent_id", id: number): Promise<Shelf[]> =>
  reader.all(
    `SELECT ${COLUMNS} FROM products p JOIN stock s ON ${SHELF_OF}
     WHERE ${column} = $1 AND p.deleted_at IS NULL ORDER BY p.id`,
    [id],
  );

const lineOf = ({ settings }: Shop, shelf: Shelf): ShelfLine => ({
  ...shelf,
  low_at: shelf.low_at ?? settings.stockLowAt,
});
