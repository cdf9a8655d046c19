-- Pictures of products: the files are called by their content, these rows say whose they are -----------------------------

CREATE TABLE product_images (
  id         {id},
  product_id INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
  -- From 0; the first is the product's own picture.
  position   INTEGER NOT NULL CONSTRAINT product_images_have_a_place CHECK (position >= 0),
  hash       TEXT    NOT NULL,
  width      INTEGER NOT NULL,
  height     INTEGER NOT NULL,
  alt        TEXT    NOT NULL DEFAULT '',
  created_at TEXT    NOT NULL
);

CREATE INDEX product_images_by_product ON product_images (product_id, position, id);
CREATE INDEX product_images_by_hash ON product_images (hash);

-- The picture of its parent that shows this variant.
ALTER TABLE products ADD COLUMN image_id INTEGER REFERENCES product_images (id) ON DELETE SET NULL;
CREATE INDEX products_by_image ON products (image_id) WHERE image_id IS NOT NULL;
