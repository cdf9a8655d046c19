import { type Cursor, type Page, placeIn, writeCursor } from "../base/page";
import { turns } from "../base/turns";
import { noProduct } from "../catalog/catalog";
import type { Shop } from "../shop/shop";
import { type BoughtLine, listBoughtLines } from "./buyer-queries";
import type { Buyer, BuyersPage, BuyersQuery } from "./buyer-schema";
import { findFamily, findNextOrdersWith } from "./sold-queries";

/** So many orders are looked at for one page, of which some may be too old or have come back: it may be short of others. */
const LOOKED_AT_MOST = 5_000;
const LOOKED_AT_LEAST = 50;

type Span = Pick<BuyersQuery, "since" | "until">;

/**
 * Who has a product or one of its variants: an order each, by id, and where the walk goes on. Also of what has left the
 * catalog. Throws `not_found` for what never was in it.
 */
export async function listBuyers(shop: Shop, productId: number, span: Span, page: Page) {
  const { items, next } = await walk(shop, productId, span, page);
  const answer: BuyersPage = { items, next_cursor: next ? writeCursor(next) : null };
  return { answer, next };
}

/** All of them, some at a time. */
export async function* walkBuyers(shop: Shop, productId: number, span: Span): AsyncGenerator<Buyer[]> {
  for (let after: Cursor | undefined; ;) {
    const { items, next } = await walk(shop, productId, span, { limit: 500, offset: 0, ...(after && { after }) });
    yield items;
    if (!next) return;
    after = next;
  }
}

async function walk({ database }: Shop, productId: number, span: Span, page: Page) {
  const [place = 0] = (placeIn(page, ["id"]) ?? []).map(Number);
  const family = await findFamily(database, productId);
  if (family.length === 0) throw noProduct();
  const items: Buyer[] = [];
  const atOnce = Math.max(LOOKED_AT_LEAST, page.limit);
  let after = place;
  for (let looked = 0; looked < LOOKED_AT_MOST; looked += atOnce) {
    if (looked > 0) await turns.yield();
    const ids = await findNextOrdersWith(database, family, after, atOnce);
    const byOrder = Map.groupBy(await listBoughtLines(database, ids, family), ({ order_id }) => order_id);
    for (const [id, lines] of byOrder) {
      after = id;
      const buyer = presentBuyer(lines);
      if (buyer && isWithin(span, buyer.placed_at)) items.push(buyer);
      if (items.length === page.limit) return { items, next: [id] };
    }
    if (ids.length < atOnce) return { items };
  }
  return { items, next: [after] };
}

const isWithin = ({ since, until }: Span, moment: string) =>
  (since === undefined || moment >= since) && (until === undefined || moment < until);

/** What they have or will get. */
const unitsIn = ({ status, qty, gone }: BoughtLine): number =>
  status === "cancelled" || status === "returned" ? 0 : qty - gone;

/** Nothing where none of it is with the customer. */
function presentBuyer(lines: readonly BoughtLine[]): Buyer | undefined {
  const items = lines
    .map((line) => ({ product_id: line.product_id, name: line.name, sku: line.sku, units: unitsIn(line) }))
    .filter(({ units }) => units > 0);
  const [first] = lines;
  if (!first || items.length === 0) return undefined;
  const { order_id, status, placed_at, user_id, customer_name, email, phone } = first;
  return {
    order_id,
    status,
    placed_at,
    units: items.reduce((sum, { units }) => sum + units, 0),
    items,
    user_id,
    customer_name,
    email,
    phone: phone !== null && /\d/.test(phone) ? phone : null,
  };
}
