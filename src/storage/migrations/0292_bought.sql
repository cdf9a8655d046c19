-- Who bought a product ---------------------------------------------------------------------------------------------------

-- The orders that have a product. Noted some minutes after they were placed, many at once: an index on their lines would cost
-- every checkout a page for each line. Orders above the last that was noted are looked through.
CREATE TABLE product_orders (
  product_id INTEGER NOT NULL REFERENCES products (id),
  order_id   INTEGER NOT NULL REFERENCES orders (id),
  PRIMARY KEY (product_id, order_id)
) {rowidless};

CREATE TABLE noted_orders (
  id      INTEGER PRIMARY KEY CONSTRAINT noted_orders_is_one_row CHECK (id = 1),
  -- All up to this one are noted.
  last_id INTEGER NOT NULL
);

INSERT INTO noted_orders (id, last_id) VALUES (1, 0);

-- Codes that products had and have no more: orders of then still say them, and no index knows their lines by code.
CREATE TABLE former_codes (
  sku        {text}  NOT NULL,
  product_id INTEGER NOT NULL REFERENCES products (id),
  PRIMARY KEY (sku, product_id)
) {rowidless};

INSERT INTO former_codes (sku, product_id)
SELECT DISTINCT i.sku, i.product_id FROM order_items i JOIN products p ON p.id = i.product_id
WHERE i.sku IS NOT NULL AND (p.deleted_at IS NOT NULL OR p.sku IS NULL OR p.sku <> i.sku);

-- only sqlite
CREATE TRIGGER products_leave_their_code AFTER UPDATE OF sku, deleted_at ON products
WHEN OLD.sku IS NOT NULL AND (NEW.sku IS NOT OLD.sku OR NEW.deleted_at IS NOT NULL)
BEGIN
  INSERT OR IGNORE INTO former_codes (sku, product_id) VALUES (OLD.sku, OLD.id);;
END;
-- end
-- only postgres
CREATE FUNCTION product_leaves_its_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO former_codes (sku, product_id) VALUES (OLD.sku, OLD.id) ON CONFLICT DO NOTHING;;
  RETURN NULL;;
END
$$;

CREATE TRIGGER products_leave_their_code AFTER UPDATE OF sku, deleted_at ON products FOR EACH ROW
WHEN (OLD.sku IS NOT NULL AND (NEW.sku IS DISTINCT FROM OLD.sku OR NEW.deleted_at IS NOT NULL))
EXECUTE FUNCTION product_leaves_its_code();
-- end
