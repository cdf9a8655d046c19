/**
 * The bare loop that checkout is held against: the statements of an order and nothing else, on a connection of its own, with
 * so many orders a commit. Prints how many orders a second were on disk.
 */
import { Database } from "bun:sqlite";

const [path = "", perCommit = "1", seconds = "3"] = process.argv.slice(2);
const db = new Database(path, { create: true });
db.run("PRAGMA busy_timeout = 5000");
db.run("PRAGMA journal_mode = WAL");
db.run("PRAGMA synchronous = FULL");
db.run("PRAGMA foreign_keys = ON");
db.run("CREATE TABLE stock (id INTEGER PRIMARY KEY, on_hand INTEGER NOT NULL, reserved INTEGER NOT NULL) STRICT");
db.run(
  "CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER, status TEXT, total INTEGER, address TEXT, placed_at TEXT) STRICT",
);
db.run(
  "CREATE TABLE items (order_id INTEGER REFERENCES orders, product_id INTEGER, qty INTEGER, price INTEGER) STRICT",
);
db.run("CREATE TABLE moves (id INTEGER PRIMARY KEY, product_id INTEGER, order_id INTEGER, change INTEGER) STRICT");
db.run("CREATE TABLE payments (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders, amount INTEGER) STRICT");
db.run(
  `INSERT INTO stock SELECT value, 10000000, 0 FROM json_each('[${Array.from({ length: 100 }, (_, id) => id + 1).join()}]')`,
);

const reserve = db.prepare("UPDATE stock SET reserved = reserved + 1 WHERE id = ?1 AND on_hand - reserved >= 1");
const order = db.prepare(
  "INSERT INTO orders (user_id, status, total, address, placed_at) VALUES (?1, 'placed', 100, ?2, ?3) RETURNING id",
);
const item = db.prepare("INSERT INTO items VALUES (?1, ?2, 1, 100)");
const move = db.prepare("INSERT INTO moves (product_id, order_id, change) VALUES (?1, ?2, 1)");
const payment = db.prepare("INSERT INTO payments (order_id, amount) VALUES (?1, 100)");

function placeOrder(index: number): void {
  const product = (index % 100) + 1;
  reserve.run(product);
  const { id } = order.get(index, '{"city":"Pune"}', new Date().toISOString()) as { id: number };
  item.run(id, product);
  move.run(product, id);
  payment.run(id);
}

const startedAt = performance.now();
const endsAt = startedAt + Number(seconds) * 1000;
let placed = 0;
while (performance.now() < endsAt) {
  db.run("BEGIN IMMEDIATE");
  for (let one = 0; one < Number(perCommit); one++) {
    db.run("SAVEPOINT job");
    placeOrder(placed++);
    db.run("RELEASE job");
  }
  db.run("COMMIT");
}
console.log(JSON.stringify({ per_second: (placed / (performance.now() - startedAt)) * 1000 }));
db.close();
