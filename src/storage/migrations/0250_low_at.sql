-- From when on a product is low, where that is not what the shop's own setting says.
ALTER TABLE stock ADD COLUMN low_at INTEGER CONSTRAINT stock_low_at_is_a_count CHECK (low_at >= 0);

CREATE INDEX stock_low_by_itself ON stock (product_id) WHERE low_at IS NOT NULL;
