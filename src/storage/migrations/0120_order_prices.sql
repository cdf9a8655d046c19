-- What an order comes to ------------------------------------------------------------------------------------------------

-- The total so far was that of the goods. Renamed, so that the unnamed CHECK on it is rewritten with it on both engines.
ALTER TABLE orders RENAME COLUMN total_minor TO goods_minor;
ALTER TABLE orders ADD COLUMN shipping_minor {bigint} NOT NULL DEFAULT 0 CONSTRAINT orders_shipping_is_an_amount CHECK (shipping_minor >= 0);
-- Added to the prices; what is part of them already stands beside it.
ALTER TABLE orders ADD COLUMN tax_minor {bigint} NOT NULL DEFAULT 0 CONSTRAINT orders_tax_is_an_amount CHECK (tax_minor >= 0);
ALTER TABLE orders ADD COLUMN included_tax_minor {bigint} NOT NULL DEFAULT 0 CONSTRAINT orders_included_tax_is_an_amount CHECK (included_tax_minor >= 0);
ALTER TABLE orders ADD COLUMN total_minor {bigint} NOT NULL DEFAULT 0;

UPDATE orders SET total_minor = goods_minor;

ALTER TABLE orders ADD CONSTRAINT orders_total_is_the_sum CHECK (total_minor = goods_minor + shipping_minor + tax_minor);

-- What was taken off the order before it was paid.
ALTER TABLE orders ADD COLUMN cancelled_minor {bigint} NOT NULL DEFAULT 0 CONSTRAINT orders_cancelled_is_an_amount CHECK (cancelled_minor >= 0);
-- Each tax as it was: name, percent, base and amount.
ALTER TABLE orders ADD COLUMN taxes {json};
-- The way of delivery as it was.
ALTER TABLE orders ADD COLUMN shipping_method {json};

-- Whom it is for --------------------------------------------------------------------------------------------------------

-- Where mail about it goes; never an identity. Its key only where the customer gave another than the account has.
ALTER TABLE orders ADD COLUMN email TEXT;
ALTER TABLE orders ADD COLUMN email_key {text};
ALTER TABLE orders ADD COLUMN billing_address {json};
ALTER TABLE orders ADD COLUMN tax_id TEXT;
ALTER TABLE orders ADD COLUMN customer_note TEXT;
ALTER TABLE orders ADD COLUMN tags {json};

CREATE INDEX orders_by_email ON orders (email_key) WHERE email_key IS NOT NULL;

ALTER TABLE addresses ADD COLUMN country TEXT;
ALTER TABLE addresses ADD COLUMN full_name TEXT;
ALTER TABLE addresses ADD COLUMN phone TEXT;

-- Lines, as they were at the purchase. Those of before have none of it: their product says what it is called now. --------

ALTER TABLE order_items ADD COLUMN name TEXT;
ALTER TABLE order_items ADD COLUMN sku TEXT;
ALTER TABLE order_items ADD COLUMN slug TEXT;
ALTER TABLE order_items ADD COLUMN category TEXT;
ALTER TABLE order_items ADD COLUMN options {json};
ALTER TABLE order_items ADD COLUMN image_url TEXT;
ALTER TABLE order_items ADD COLUMN tax_class TEXT;
-- The part of the order's discount that this line has. NULL: of before, when a discount was for every line.
ALTER TABLE order_items ADD COLUMN discount_minor {bigint} CONSTRAINT order_items_discount_is_an_amount CHECK (discount_minor >= 0);
-- Its part of the taxes, added or included.
ALTER TABLE order_items ADD COLUMN tax_minor {bigint} NOT NULL DEFAULT 0 CONSTRAINT order_items_tax_is_an_amount CHECK (tax_minor >= 0);

-- What became of the units ----------------------------------------------------------------------------------------------

CREATE TABLE shipments (
  id              {id},
  order_id        INTEGER NOT NULL REFERENCES orders (id),
  tracking_number TEXT,
  carrier         TEXT,
  shipped_at      TEXT    NOT NULL
);

CREATE INDEX shipments_by_order ON shipments (order_id);

-- Units of a line that were taken off the order, left, or came back. An order that left whole, before there were
-- shipments of parts, has none of these.
CREATE TABLE unit_moves (
  id          {id},
  order_id    INTEGER NOT NULL,
  line        INTEGER NOT NULL,
  cause       TEXT    NOT NULL CONSTRAINT unit_moves_cause_is_known CHECK (cause IN ('cancelled', 'shipped', 'returned')),
  qty         INTEGER NOT NULL CONSTRAINT unit_moves_move_something CHECK (qty > 0),
  -- How many of them lie on the shelf again.
  restocked   INTEGER NOT NULL DEFAULT 0 CONSTRAINT unit_moves_restock_what_moved CHECK (restocked BETWEEN 0 AND qty),
  shipment_id INTEGER REFERENCES shipments (id),
  -- The refund that paid for them, where they were paid.
  refund_id   INTEGER REFERENCES refunds (id),
  at          TEXT    NOT NULL,
  FOREIGN KEY (order_id, line) REFERENCES order_items (order_id, line)
);

CREATE INDEX unit_moves_by_order ON unit_moves (order_id, line);

-- What the shop's people wrote down about an order.
CREATE TABLE order_notes (
  id         {id},
  order_id   INTEGER NOT NULL REFERENCES orders (id),
  user_id    INTEGER REFERENCES users (id) ON DELETE SET NULL,
  note       TEXT    NOT NULL,
  created_at TEXT    NOT NULL
);

CREATE INDEX order_notes_by_order ON order_notes (order_id);
