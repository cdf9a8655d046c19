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
const page = database.prepare(`SELECT ${columns} ${from} WHERE p.deleted_at IS NULL ORDER BY p.id LIMIT ? OFFSET ?`);
const count = database.prepare("SELECT COUNT(*) AS total FROM products p WHERE p.deleted_at IS NULL");

interface Row {
  price_minor: number;
  attributes: string;
}

const toProduct = ({ price_minor, attributes, ...row }: Row) => ({
  ...row,
  price: price_minor / 100,
  attributes: JSON.parse(attributes),
});

const PRODUCT = "/api/v1/products/";

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname.startsWith(PRODUCT))
      return Response.json(toProduct(one.get(Number(pathname.slice(PRODUCT.length))) as Row));
    const size = Number(searchParams.get("size"));
    const { total } = count.get() as { total: number };
    return Response.json({ total, page: 1, size, items: (page.all(size, 0) as Row[]).map(toProduct) });
  },
});
console.log(JSON.stringify({ port: server.port }));
