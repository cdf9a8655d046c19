-- Variants: a variant is a product that has a parent ---------------------------------------------------------------------

ALTER TABLE products ADD COLUMN parent_id INTEGER REFERENCES products (id);
-- What is to be chosen of a parent, as a list of names; without it the product is no parent.
ALTER TABLE products ADD COLUMN option_names {json};
-- What was chosen in a variant, by those names.
ALTER TABLE products ADD COLUMN options {json};
-- The same folded: two variants of one parent never have the same.
ALTER TABLE products ADD COLUMN options_key {text};
-- What the dearest variant of a parent costs; `price_minor` is what the cheapest does.
ALTER TABLE products ADD COLUMN highest_minor {bigint} CONSTRAINT products_highest_is_an_amount CHECK (highest_minor >= 0);
ALTER TABLE products ADD COLUMN sku TEXT;
ALTER TABLE products ADD COLUMN sku_key {text};
ALTER TABLE products ADD COLUMN barcode TEXT;
ALTER TABLE products ADD COLUMN barcode_key {text};
ALTER TABLE products ADD COLUMN tax_class TEXT NOT NULL DEFAULT 'standard';
ALTER TABLE products ADD COLUMN weight_grams INTEGER NOT NULL DEFAULT 0 CONSTRAINT products_weigh_something CHECK (weight_grams >= 0);

CREATE INDEX products_by_parent ON products (parent_id, id) WHERE parent_id IS NOT NULL;
CREATE UNIQUE INDEX products_by_options ON products (parent_id, options_key) WHERE parent_id IS NOT NULL AND deleted_at IS NULL;
CREATE UNIQUE INDEX products_by_sku ON products (sku_key) WHERE sku_key IS NOT NULL AND deleted_at IS NULL;
CREATE UNIQUE INDEX products_by_barcode ON products (barcode_key) WHERE barcode_key IS NOT NULL AND deleted_at IS NULL;

-- The shelf that this one is a part of: that of the parent, whose counters are the sums of its parts.
ALTER TABLE stock ADD COLUMN parent_id INTEGER REFERENCES stock (product_id);
ALTER TABLE stock ADD COLUMN is_sum INTEGER NOT NULL DEFAULT 0 CONSTRAINT stock_is_sum_is_a_flag CHECK (is_sum IN (0, 1));
-- What was free when a person last said so: what sells since is no wish of theirs.
ALTER TABLE stock ADD COLUMN free_when_set {bigint};
CREATE INDEX stock_by_parent ON stock (parent_id) WHERE parent_id IS NOT NULL;

UPDATE stock SET free_when_set = on_hand - reserved;

-- only postgres
-- A sum of shelves is larger than one.
ALTER TABLE stock ALTER COLUMN on_hand TYPE BIGINT;
ALTER TABLE stock ALTER COLUMN reserved TYPE BIGINT;
-- end
