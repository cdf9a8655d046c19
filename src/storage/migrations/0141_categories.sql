-- A tree over the categories: `products.category` stays the name it is --------------------------------------------------

CREATE TABLE categories (
  -- The name folded: two spellings of it are one category.
  key         {text}  PRIMARY KEY,
  name        {text}  NOT NULL UNIQUE,
  slug        {text}  UNIQUE,
  parent_key  {text}  REFERENCES categories (key),
  description TEXT,
  position    INTEGER NOT NULL DEFAULT 0,
  created_at  TEXT    NOT NULL
);

CREATE INDEX categories_by_parent ON categories (parent_key) WHERE parent_key IS NOT NULL;
