/**
 * The bare loop that checkout is held against: an order as the shop writes it, the same statements on the same tables, and
 * nothing else: no HTTP, no checks, no promises. Empties the cart of every customer once, with so many orders a commit,
 * and prints how many orders a second were on disk.
 */
import { Database } from "bun:sqlite";

const [path = "", customers = "0", perCommit = "1"] = process.argv.slice(2);
const db = new Database(path);
db.run("PRAGMA busy_timeout = 5000");
db.run("PRAGMA synchronous = FULL");
db.run("PRAGMA foreign_keys = ON");
db.run("PRAGMA cache_size = -16000");
db.run("PRAGMA temp_store = MEMORY");

const takeKey = db.prepare(
  `INSERT INTO idempotency_keys (user_id, key, fingerprint, answer, created_at) VALUES (?1, ?2, ?3, '', ?4)
   ON CONFLICT (user_id, key) DO NOTHING`,
);
const holdCart = db.prepare("INSERT INTO carts (user_id) VALUES (?1) ON CONFLICT (user_id) DO NOTHING");
const cart = db.prepare(
  `SELECT i.product_id, p.name, i.qty, p.price_minor, s.on_hand - s.reserved AS stock
   FROM cart_items i JOIN products p ON p.id = i.product_id JOIN stock s ON s.product_id = i.product_id
   WHERE i.user_id = ?1 AND p.deleted_at IS NULL ORDER BY i.product_id`,
);
const address = db.prepare(
  "SELECT id, user_id, label, address_line, city, state, pincode, lat, lng FROM addresses WHERE id = ?1 AND user_id = ?1",
);
const order = db.prepare(
  `INSERT INTO orders (user_id, status, payment_status, payment_method, subtotal_minor, discount_minor, goods_minor, total_minor,
     currency, address, metadata, source, placed_at, delivery_eta, hold_until, coupon_code)
   VALUES (?1, 'placed', 'pending', 'cod', ?2, 0, ?2, ?2, 'INR', ?3, '{}', NULL, ?4, ?4, NULL, NULL) RETURNING id`,
);
const item = db.prepare(
  `INSERT INTO order_items (order_id, line, product_id, qty, price_minor, name, slug, category, tax_class, discount_minor)
   VALUES (?1, ?2, ?3, ?4, ?5, 'Product', 'p-1', 'All', 'standard', 0)`,
);
const step = db.prepare("INSERT INTO order_history VALUES (?1, 1, 'placed', 'pending', 'placed', ?2)");
const payment = db.prepare(
  `INSERT INTO payments (order_id, provider, reference, state, amount_minor, currency, created_at)
   VALUES (?1, 'cod', ?2, 'open', ?3, 'INR', ?4)`,
);
const reserve = db.prepare(
  `UPDATE stock SET reserved = reserved + ?1, ordered = ordered + ?1 WHERE product_id = ?2 AND on_hand - reserved >= ?1`,
);
const move = db.prepare(
  `INSERT INTO stock_moves (product_id, cause, on_hand_change, reserved_change, order_id, note, created_at)
   VALUES (?1, 'reserved', 0, ?2, ?3, NULL, ?4)`,
);
const emptyCart = db.prepare("DELETE FROM cart_items WHERE user_id = ?1");
const keepAnswer = db.prepare("UPDATE idempotency_keys SET answer = ?3 WHERE user_id = ?1 AND key = ?2");

interface Line {
  product_id: number;
  qty: number;
  price_minor: number;
}

function placeOrder(customer: number): void {
  const now = new Date().toISOString();
  const key = crypto.randomUUID();
  takeKey.run(customer, key, "0".repeat(64), now);
  holdCart.run(customer);
  const lines = cart.all(customer) as Line[];
  const total = lines.reduce((sum, { qty, price_minor }) => sum + qty * price_minor, 0);
  const { id } = order.get(customer, total, JSON.stringify(address.get(customer)), now) as { id: number };
  for (const [index, line] of lines.entries()) item.run(id, index + 1, line.product_id, line.qty, line.price_minor);
  step.run(id, now);
  payment.run(id, Bun.randomUUIDv7(), total, now);
  for (const { qty, product_id } of lines) reserve.run(qty, product_id);
  for (const { qty, product_id } of lines) move.run(product_id, qty, id, now);
  emptyCart.run(customer);
  keepAnswer.run(customer, key, JSON.stringify({ order_id: id, status: "placed", total_amount: total / 100 }));
}

const startedAt = performance.now();
for (let customer = 1; customer <= Number(customers);) {
  db.run("BEGIN IMMEDIATE");
  for (let one = 0; one < Number(perCommit) && customer <= Number(customers); one++) {
    db.run("SAVEPOINT job");
    placeOrder(customer++);
    db.run("RELEASE job");
  }
  db.run("COMMIT");
}
console.log(JSON.stringify({ per_second: (Number(customers) / (performance.now() - startedAt)) * 1000 }));
db.close();
