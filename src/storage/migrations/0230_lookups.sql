-- What is looked up in a large shop ----------------------------------------------------------------------------------------

-- With the version: what is remembered of many products is checked by the index alone.
DROP INDEX products_listed;
CREATE INDEX products_listed ON products (id, version) WHERE deleted_at IS NULL AND parent_id IS NULL;

-- Orders by how their money stands, as by how their goods stand.
CREATE INDEX orders_by_payment ON orders (payment_status, placed_at, id);

-- Shelves that are nearly empty. Most sales change others, and leave it alone.
CREATE INDEX stock_low ON stock ((on_hand - reserved), product_id) WHERE is_sum = 0 AND on_hand - reserved <= 20;

-- Guests by id, as accounts are.
CREATE INDEX users_guests_by_id ON users (id) WHERE is_guest = 1;
