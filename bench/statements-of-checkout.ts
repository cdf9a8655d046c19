const now = "'2030-01-01T09:00:00.000Z'";

const line = (number: number, product: string) =>
  `(:order_id, ${number}, ${product}, 1, 10000, 'Product', NULL, 'p', 'All', NULL, NULL, 'standard', 0, 0)`;

const reserve = (product: string) =>
  `UPDATE stock SET reserved = reserved + 1, ordered = ordered + 1
    WHERE product_id = ${product} AND on_hand - reserved >= 1 AND is_sum = 0 RETURNING parent_id, on_hand - reserved AS free;`;

const move = (product: string) => `(${product}, 'reserved', 0, 1, :order_id, NULL, ${now})`;

/**
 * The statements of a checkout of two lines, as `pgbench` runs them: each waits for the one before, as it was before what does
 * not depend on each other went out together.
 */
export const statementsOfCheckout = ({ products, buyers }: { products: number; buyers: number }): string => {
  return oneLineEach(`
\\set user random(1, ${buyers})
\\set one random(1, ${products / 2})
\\set two :one + ${products / 2}
SELECT s.id, s.user_id, s.created_at, s.expires_at, u.is_active, u.is_admin FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = 's-' || :user;
BEGIN ISOLATION LEVEL READ COMMITTED;
SELECT md5(random()::text) AS key \\gset
INSERT INTO idempotency_keys (user_id, key, fingerprint, answer, created_at) VALUES (:user, :key, 'print', '', ${now})
  ON CONFLICT (user_id, key) DO UPDATE SET fingerprint = excluded.fingerprint WHERE idempotency_keys.created_at < ${now};
INSERT INTO carts (user_id) VALUES (:user) ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id;
SELECT i.product_id, p.parent_id, p.name, p.category, p.sku, p.slug, p.options, p.image_url, p.tax_class, p.weight_grams, i.qty,
  p.price_minor, i.shown_minor, s.on_hand - s.reserved AS stock, p.option_names, p.deleted_at
  FROM cart_items i JOIN products p ON p.id = i.product_id JOIN stock s ON s.product_id = i.product_id
  WHERE i.user_id = :user ORDER BY i.product_id;
SELECT id, user_id, label, address_line, city, state, pincode, country, full_name, phone, lat, lng FROM addresses
  WHERE id = :user AND user_id = :user;
SELECT email, CASE WHEN EXISTS (SELECT 1 FROM shipping_methods) THEN 1 ELSE 0 END AS ships,
  CASE WHEN EXISTS (SELECT 1 FROM tax_rates) THEN 1 ELSE 0 END AS taxes FROM users WHERE id = :user;
INSERT INTO orders (user_id, status, payment_status, payment_method, subtotal_minor, goods_minor, total_minor, currency, address, metadata, placed_at)
  VALUES (:user, 'placed', 'pending', 'cod', 20000, 20000, 20000, 'INR', '{"city":"Pune","label":"Home"}', '{}', ${now}) RETURNING id AS order_id \\gset
INSERT INTO order_items (order_id, line, product_id, qty, price_minor, name, sku, slug, category, options, image_url, tax_class, discount_minor, tax_minor)
  VALUES ${line(1, ":one")}, ${line(2, ":two")};
INSERT INTO order_history (order_id, step, status, payment_status, cause, at) VALUES (:order_id, 1, 'placed', 'pending', 'placed', ${now});
INSERT INTO outbox (event_id, type, order_id, data, created_at)
  VALUES ('evt_' || :key, 'order.placed', :order_id, '{"status":"placed"}', ${now});
INSERT INTO payments (order_id, provider, reference, state, amount_minor, currency, created_at)
  VALUES (:order_id, 'cod', :key, 'open', 20000, 'INR', ${now}) RETURNING id;
${reserve(":one")}
${reserve(":two")}
INSERT INTO stock_moves (product_id, cause, on_hand_change, reserved_change, order_id, note, created_at)
  VALUES ${move(":one")}, ${move(":two")};
DELETE FROM cart_items WHERE user_id = :user;
UPDATE idempotency_keys SET answer = '{"status":"placed"}' WHERE user_id = :user AND key = :key;
COMMIT;
`);
};

/** A statement goes on where a line is indented. */
const oneLineEach = (script: string): string => script.trim().replaceAll(/\n\s+/g, " ");
