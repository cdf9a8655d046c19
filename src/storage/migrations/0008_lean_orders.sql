-- What an order costs is how many pages it dirties: each goes to the log and later to the file. ----------------------

-- Nothing looks for the moves of one product; who adds up the ledger reads all of it.
DROP INDEX stock_moves_by_product;

-- When a cart was last held says nothing; on SQLite its row is not written again to hold it.
ALTER TABLE carts DROP COLUMN updated_at;

-- only sqlite
-- Answers lie where they come, one after the other; only their keys are in an order of their own.
CREATE TABLE idempotency_answers (
  user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  key         TEXT    NOT NULL,
  fingerprint TEXT    NOT NULL,
  answer      TEXT    NOT NULL,
  created_at  TEXT    NOT NULL,
  PRIMARY KEY (user_id, key)
);

INSERT INTO idempotency_answers (user_id, key, fingerprint, answer, created_at)
SELECT user_id, key, fingerprint, answer, created_at FROM idempotency_keys;

DROP TABLE idempotency_keys;
ALTER TABLE idempotency_answers RENAME TO idempotency_keys;
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

-- A cart's items are few and small: they lie in the order of their key, once.
CREATE TABLE cart_lines (
  user_id    INTEGER NOT NULL REFERENCES carts (user_id) ON DELETE CASCADE,
  product_id INTEGER NOT NULL REFERENCES products (id),
  qty        INTEGER NOT NULL CHECK (qty > 0),
  added_at   TEXT    NOT NULL,
  PRIMARY KEY (user_id, product_id)
) {rowidless};

INSERT INTO cart_lines (user_id, product_id, qty, added_at)
SELECT user_id, product_id, qty, added_at FROM cart_items;

DROP TABLE cart_items;
ALTER TABLE cart_lines RENAME TO cart_items;
-- end
