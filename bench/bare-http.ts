/**
 * The rival of `bun run bench http`: Bun.serve and the same prepared statements, and nothing else. No validation, no
 * schema, no request id, no ETag.
 */
import { Database } from "bun:sqlite";

const path = process.env["DATABASE_URL"]?.replace("sqlite:///", "") ?? "";
const database = new Database(path, { readonly: true });
database.run("PRAGMA cache_size = -16000");

const columns = `p.id, p.slug, p.name, p.category, p.description, p.price_minor, s.on_hand - s.reserved AS stock, p.image_url,
  p.attributes, p.created_at, p.updated_at`;
const from = "FROM products p JOIN stock s ON s.product_id = p.id";
const one = database.prepare(`SELECT ${columns} ${from} WHERE p.id = ? AND p.deleted_at IS NULL`);
const page = database.prepare(
  `SELECT ${columns} ${from} WHERE p.deleted_at IS NULL AND p.parent_id IS NULL ORDER BY p.id LIMIT ? OFFSET ?`,
);
const count = database.prepare("SELECT SUM(products) AS total FROM category_counts");

const session = database.prepare(
  `SELECT s.id, s.user_id, s.expires_at, s.ended_at, u.is_active, u.is_admin
   FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ?`,
);
const cart = database.prepare(
  `SELECT i.product_id, p.name, i.qty, p.price_minor, s.on_hand - s.reserved AS stock
   FROM cart_items i JOIN products p ON p.id = i.product_id JOIN stock s ON s.product_id = i.product_id
   WHERE i.user_id = ? AND p.deleted_at IS NULL ORDER BY i.product_id`,
);

interface Row {
  price_minor: number;
  attributes: string;
}

const toProduct = ({ price_minor, attributes, ...row }: Row) => ({
  ...row,
  price: price_minor / 100,
  attributes: JSON.parse(attributes),
});

/** The two statements of a signed-in cart, for whoever is named, without asking whether it is them. */
function cartOf(sessionId: string) {
  const { user_id } = session.get(sessionId) as { user_id: number };
  const lines = cart.all(user_id) as { qty: number; price_minor: number }[];
  const total = lines.reduce((sum, { qty, price_minor }) => sum + qty * price_minor, 0) / 100;
  return { user_id, items: lines.map(({ price_minor, ...line }) => ({ ...line, price: price_minor / 100 })), total };
}

const PRODUCT = "/api/v1/products/";
const CART = "/bare/cart/";

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname.startsWith(PRODUCT))
      return Response.json(toProduct(one.get(Number(pathname.slice(PRODUCT.length))) as Row));
    if (pathname.startsWith(CART)) return Response.json(cartOf(pathname.slice(CART.length)));
    const size = Number(searchParams.get("size"));
    const { total } = count.get() as { total: number };
    return Response.json({ total, page: 1, size, items: (page.all(size, 0) as Row[]).map(toProduct) });
  },
});
console.log(JSON.stringify({ port: server.port }));
