-- What lists ask of a catalog that has grown -------------------------------------------------------------------------------

-- Lists show products of their own and parents, never variants: their indexes hold no others.
DROP INDEX products_listed;
DROP INDEX products_by_category;
DROP INDEX products_by_price;
DROP INDEX products_by_name;
CREATE INDEX products_listed ON products (id) WHERE deleted_at IS NULL AND parent_id IS NULL;
CREATE INDEX products_by_category ON products (category, id) WHERE deleted_at IS NULL AND parent_id IS NULL;
CREATE INDEX products_by_category_price ON products (category, price_minor, id) WHERE deleted_at IS NULL AND parent_id IS NULL;
CREATE INDEX products_by_price ON products (price_minor, id) WHERE deleted_at IS NULL AND parent_id IS NULL;
CREATE INDEX products_by_name ON products (name_key, id) WHERE deleted_at IS NULL AND parent_id IS NULL;
CREATE INDEX products_by_age ON products (created_at, id) WHERE deleted_at IS NULL AND parent_id IS NULL;
-- Variants too, for what one of them costs.
CREATE INDEX products_priced ON products (price_minor, id, parent_id) WHERE deleted_at IS NULL;
-- product_attributes finds them, whatever they are called.
DROP INDEX products_by_brand;

-- How many products each category lists, and so the whole catalog. Kept by the triggers below.
CREATE TABLE category_counts (
  category {text}  NOT NULL PRIMARY KEY,
  products INTEGER NOT NULL
) {rowidless};

INSERT INTO category_counts (category, products)
SELECT category, COUNT(*) FROM products WHERE deleted_at IS NULL AND parent_id IS NULL GROUP BY category;

-- What has nothing free. Kept beside the shelves, not as an index on them: they change with every order.
CREATE TABLE sold_out (
  product_id INTEGER NOT NULL PRIMARY KEY REFERENCES stock (product_id) ON DELETE CASCADE
);

INSERT INTO sold_out (product_id) SELECT product_id FROM stock WHERE on_hand <= reserved;

-- Every value of every attribute, of a list each of its elements, by name and value: of products, and of variants for the parent that is listed.
CREATE TABLE product_attributes (
  name       {text}  NOT NULL,
  value      {text}  NOT NULL,
  -- The product that lists show.
  product_id INTEGER NOT NULL,
  -- The product or variant that has it.
  source_id  INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
  PRIMARY KEY (name, value, product_id, source_id)
) {rowidless};

CREATE INDEX product_attributes_by_source ON product_attributes (source_id);

-- The accounts that can run the shop are few among many.
CREATE INDEX users_admins ON users (id) WHERE is_admin = 1;

-- only sqlite
INSERT OR IGNORE INTO product_attributes (name, value, product_id, source_id)
SELECT a.key, CASE a.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(a.value AS TEXT) END, COALESCE(p.parent_id, p.id), p.id
FROM products p, json_each(p.attributes) a
WHERE p.deleted_at IS NULL AND a.type IN ('text', 'integer', 'real', 'true', 'false') AND LENGTH(a.value) <= 200;

INSERT OR IGNORE INTO product_attributes (name, value, product_id, source_id)
SELECT a.key, CAST(e.value AS TEXT), COALESCE(p.parent_id, p.id), p.id
FROM products p, json_each(p.attributes) a, json_each(CASE a.type WHEN 'array' THEN a.value ELSE '[]' END) e
WHERE p.deleted_at IS NULL AND e.type IN ('text', 'integer', 'real') AND LENGTH(e.value) <= 200;

INSERT OR IGNORE INTO product_attributes (name, value, product_id, source_id)
SELECT a.key, CAST(a.value AS TEXT), COALESCE(p.parent_id, p.id), p.id
FROM products p, json_each(p.options) a WHERE p.deleted_at IS NULL AND a.type = 'text' AND LENGTH(a.value) <= 200;

CREATE TRIGGER products_are_counted_in AFTER INSERT ON products WHEN NEW.deleted_at IS NULL AND NEW.parent_id IS NULL
BEGIN
  INSERT INTO category_counts (category, products) VALUES (NEW.category, 1)
  ON CONFLICT (category) DO UPDATE SET products = products + 1;;
END;

CREATE TRIGGER products_are_counted_anew AFTER UPDATE OF category, deleted_at, parent_id ON products
WHEN OLD.category <> NEW.category OR (OLD.deleted_at IS NULL AND OLD.parent_id IS NULL) <> (NEW.deleted_at IS NULL AND NEW.parent_id IS NULL)
BEGIN
  UPDATE category_counts SET products = products - 1
  WHERE category = OLD.category AND OLD.deleted_at IS NULL AND OLD.parent_id IS NULL;;
  INSERT INTO category_counts (category, products)
  SELECT NEW.category, 1 WHERE NEW.deleted_at IS NULL AND NEW.parent_id IS NULL
  ON CONFLICT (category) DO UPDATE SET products = products + 1;;
END;

CREATE TRIGGER products_are_counted_out AFTER DELETE ON products WHEN OLD.deleted_at IS NULL AND OLD.parent_id IS NULL
BEGIN
  UPDATE category_counts SET products = products - 1 WHERE category = OLD.category;;
END;

CREATE TRIGGER shelves_open_empty AFTER INSERT ON stock WHEN NEW.on_hand <= NEW.reserved
BEGIN
  INSERT OR IGNORE INTO sold_out (product_id) VALUES (NEW.product_id);;
END;

CREATE TRIGGER shelves_sell_out AFTER UPDATE OF on_hand, reserved ON stock WHEN OLD.on_hand > OLD.reserved AND NEW.on_hand <= NEW.reserved
BEGIN
  INSERT OR IGNORE INTO sold_out (product_id) VALUES (NEW.product_id);;
END;

CREATE TRIGGER shelves_fill_up AFTER UPDATE OF on_hand, reserved ON stock WHEN OLD.on_hand <= OLD.reserved AND NEW.on_hand > NEW.reserved
BEGIN
  DELETE FROM sold_out WHERE product_id = NEW.product_id;;
END;

CREATE TRIGGER product_attributes_are_noted AFTER INSERT ON products WHEN NEW.deleted_at IS NULL
BEGIN
  INSERT OR IGNORE INTO product_attributes (name, value, product_id, source_id)
  SELECT a.key, CASE a.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(a.value AS TEXT) END, COALESCE(NEW.parent_id, NEW.id), NEW.id
  FROM json_each(NEW.attributes) a WHERE a.type IN ('text', 'integer', 'real', 'true', 'false') AND LENGTH(a.value) <= 200
  UNION ALL
  SELECT a.key, CAST(e.value AS TEXT), COALESCE(NEW.parent_id, NEW.id), NEW.id
  FROM json_each(NEW.attributes) a, json_each(CASE a.type WHEN 'array' THEN a.value ELSE '[]' END) e
  WHERE e.type IN ('text', 'integer', 'real') AND LENGTH(e.value) <= 200
  UNION ALL
  SELECT a.key, CAST(a.value AS TEXT), COALESCE(NEW.parent_id, NEW.id), NEW.id
  FROM json_each(NEW.options) a WHERE a.type = 'text' AND LENGTH(a.value) <= 200;;
END;

CREATE TRIGGER product_attributes_are_noted_anew AFTER UPDATE OF attributes, options, parent_id, deleted_at ON products
WHEN OLD.attributes <> NEW.attributes OR OLD.options IS NOT NEW.options OR OLD.parent_id IS NOT NEW.parent_id OR OLD.deleted_at IS NOT NEW.deleted_at
BEGIN
  DELETE FROM product_attributes WHERE source_id = NEW.id;;
  INSERT OR IGNORE INTO product_attributes (name, value, product_id, source_id)
  SELECT a.key, CASE a.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(a.value AS TEXT) END, COALESCE(NEW.parent_id, NEW.id), NEW.id
  FROM json_each(NEW.attributes) a
  WHERE NEW.deleted_at IS NULL AND a.type IN ('text', 'integer', 'real', 'true', 'false') AND LENGTH(a.value) <= 200
  UNION ALL
  SELECT a.key, CAST(e.value AS TEXT), COALESCE(NEW.parent_id, NEW.id), NEW.id
  FROM json_each(NEW.attributes) a, json_each(CASE a.type WHEN 'array' THEN a.value ELSE '[]' END) e
  WHERE NEW.deleted_at IS NULL AND e.type IN ('text', 'integer', 'real') AND LENGTH(e.value) <= 200
  UNION ALL
  SELECT a.key, CAST(a.value AS TEXT), COALESCE(NEW.parent_id, NEW.id), NEW.id
  FROM json_each(NEW.options) a WHERE NEW.deleted_at IS NULL AND a.type = 'text' AND LENGTH(a.value) <= 200;;
END;

-- Statistics of a young shop made plans for a table of five rows, and plans follow them for ever. Without any they are the
-- same for every size, and statements are written so that these are the right ones.
DROP TABLE IF EXISTS sqlite_stat1;
DROP TABLE IF EXISTS sqlite_stat4;
-- end
-- only postgres
CREATE FUNCTION note_attributes(product products) RETURNS void LANGUAGE sql AS $$
  INSERT INTO product_attributes (name, value, product_id, source_id)
  SELECT a.key, a.value #>> '{}', COALESCE(product.parent_id, product.id), product.id
  FROM (
    SELECT key, value FROM jsonb_each(product.attributes)
    UNION ALL SELECT key, value FROM jsonb_each(COALESCE(product.options, '{}'::jsonb))
    UNION ALL SELECT list.key, element FROM jsonb_each(product.attributes) AS list,
      jsonb_array_elements(CASE jsonb_typeof(list.value) WHEN 'array' THEN list.value ELSE '[]'::jsonb END) AS element
  ) a
  WHERE product.deleted_at IS NULL AND jsonb_typeof(a.value) IN ('string', 'number', 'boolean') AND LENGTH(a.value #>> '{}') <= 200
  ON CONFLICT DO NOTHING
$$;

SELECT note_attributes(products) FROM products;

CREATE FUNCTION attributes_are_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM product_attributes WHERE source_id = NEW.id;;
  END IF;;
  PERFORM note_attributes(NEW);;
  RETURN NULL;;
END
$$;

CREATE TRIGGER product_attributes_are_noted AFTER INSERT ON products FOR EACH ROW EXECUTE FUNCTION attributes_are_noted();

CREATE TRIGGER product_attributes_are_noted_anew AFTER UPDATE OF attributes, options, parent_id, deleted_at ON products
FOR EACH ROW WHEN (OLD.attributes <> NEW.attributes OR OLD.options IS DISTINCT FROM NEW.options
  OR OLD.parent_id IS DISTINCT FROM NEW.parent_id OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
EXECUTE FUNCTION attributes_are_noted();

-- For a whole statement at once: an import would write the same row again for every product.
CREATE FUNCTION products_are_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO category_counts (category, products)
    SELECT category, COUNT(*) FROM added WHERE deleted_at IS NULL AND parent_id IS NULL GROUP BY category ORDER BY category
    ON CONFLICT (category) DO UPDATE SET products = category_counts.products + excluded.products;;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO category_counts (category, products)
    SELECT category, -COUNT(*) FROM removed WHERE deleted_at IS NULL AND parent_id IS NULL GROUP BY category ORDER BY category
    ON CONFLICT (category) DO UPDATE SET products = category_counts.products + excluded.products;;
  ELSE
    INSERT INTO category_counts (category, products)
    SELECT category, SUM(change) FROM (
      SELECT category, 1 AS change FROM added WHERE deleted_at IS NULL AND parent_id IS NULL
      UNION ALL SELECT category, -1 FROM removed WHERE deleted_at IS NULL AND parent_id IS NULL) AS changes
    GROUP BY category HAVING SUM(change) <> 0 ORDER BY category
    ON CONFLICT (category) DO UPDATE SET products = category_counts.products + excluded.products;;
  END IF;;
  RETURN NULL;;
END
$$;

CREATE TRIGGER products_are_counted_in AFTER INSERT ON products REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION products_are_counted();
CREATE TRIGGER products_are_counted_anew AFTER UPDATE ON products REFERENCING OLD TABLE AS removed NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION products_are_counted();
CREATE TRIGGER products_are_counted_out AFTER DELETE ON products REFERENCING OLD TABLE AS removed
FOR EACH STATEMENT EXECUTE FUNCTION products_are_counted();

CREATE FUNCTION shelf_sells_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sold_out (product_id) VALUES (NEW.product_id) ON CONFLICT DO NOTHING;;
  RETURN NULL;;
END
$$;

CREATE FUNCTION shelf_fills_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM sold_out WHERE product_id = NEW.product_id;;
  RETURN NULL;;
END
$$;

CREATE TRIGGER shelves_open_empty AFTER INSERT ON stock FOR EACH ROW WHEN (NEW.on_hand <= NEW.reserved)
EXECUTE FUNCTION shelf_sells_out();
CREATE TRIGGER shelves_sell_out AFTER UPDATE OF on_hand, reserved ON stock FOR EACH ROW
WHEN (OLD.on_hand > OLD.reserved AND NEW.on_hand <= NEW.reserved) EXECUTE FUNCTION shelf_sells_out();
CREATE TRIGGER shelves_fill_up AFTER UPDATE OF on_hand, reserved ON stock FOR EACH ROW
WHEN (OLD.on_hand <= OLD.reserved AND NEW.on_hand > NEW.reserved) EXECUTE FUNCTION shelf_fills_up();
-- end
