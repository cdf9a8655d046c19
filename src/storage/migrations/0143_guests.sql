-- Guests: customers who have not said who they are -----------------------------------------------------------------------

ALTER TABLE users ADD COLUMN is_guest INTEGER NOT NULL DEFAULT 0 CONSTRAINT users_is_guest_is_a_flag CHECK (is_guest IN (0, 1));
CREATE INDEX users_guests ON users (created_at, id) WHERE is_guest = 1;
CREATE INDEX users_accounts ON users (id) WHERE is_guest = 0;

-- What a mail about an order leads to: whoever holds the token may see that order. Only its hash is kept.
CREATE TABLE order_links (
  token_hash TEXT    PRIMARY KEY,
  order_id   INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  expires_at TEXT    NOT NULL
);

CREATE INDEX order_links_by_time ON order_links (expires_at);
CREATE INDEX order_links_by_order ON order_links (order_id);
