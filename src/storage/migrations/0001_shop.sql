-- Accounts ---------------------------------------------------------------------------------------------------------

CREATE TABLE users (
  id            {id},
  full_name     TEXT    NOT NULL,
  email         TEXT    NOT NULL,
  -- The address in lower case: two spellings of it are one account.
  email_key     TEXT    NOT NULL UNIQUE,
  phone         TEXT    NOT NULL,
  -- Without one the account can't sign in.
  password_hash TEXT,
  is_active     INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  is_admin      INTEGER NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1)),
  preferences   {json}  NOT NULL,
  created_at    TEXT    NOT NULL,
  updated_at    TEXT    NOT NULL
);

-- One row a sign-in, from its first token to its end.
CREATE TABLE sessions (
  id           TEXT    PRIMARY KEY,
  user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- Where it was opened, so that its owner can tell it from one that is not theirs.
  address      TEXT,
  user_agent   TEXT,
  created_at   TEXT    NOT NULL,
  last_used_at TEXT    NOT NULL,
  expires_at   TEXT    NOT NULL,
  ended_at     TEXT
);

CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE addresses (
  id           {id},
  user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  label        TEXT    NOT NULL,
  address_line TEXT    NOT NULL,
  city         TEXT    NOT NULL,
  state        TEXT,
  pincode      TEXT    NOT NULL,
  lat          {real}  CHECK (lat BETWEEN -90 AND 90),
  lng          {real}  CHECK (lng BETWEEN -180 AND 180),
  created_at   TEXT    NOT NULL
);

CREATE INDEX addresses_by_user ON addresses (user_id);

-- Catalog ----------------------------------------------------------------------------------------------------------

CREATE TABLE products (
  id          {id},
  slug        {text}   NOT NULL UNIQUE,
  name        TEXT     NOT NULL,
  -- The name folded for sorting, so that both engines sort alike.
  name_key    {text}   NOT NULL,
  category    {text}   NOT NULL,
  description TEXT,
  price_minor {bigint} NOT NULL CHECK (price_minor >= 0),
  image_url   TEXT,
  attributes  {json}   NOT NULL,
  -- Counts the writes to this product and to what it has in stock by hand; the ETag is made of it.
  version     INTEGER  NOT NULL DEFAULT 1,
  created_at  TEXT     NOT NULL,
  updated_at  TEXT     NOT NULL,
  -- Gone from the catalog, kept for the orders that name it.
  deleted_at  TEXT
);

CREATE INDEX products_listed ON products (id) WHERE deleted_at IS NULL;
CREATE INDEX products_by_category ON products (category, id) WHERE deleted_at IS NULL;
CREATE INDEX products_by_price ON products (price_minor, id) WHERE deleted_at IS NULL;
CREATE INDEX products_by_name ON products (name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX products_by_code ON products ((attributes ->> 'code')) WHERE deleted_at IS NULL;
CREATE INDEX products_by_brand ON products ((attributes ->> 'brand')) WHERE deleted_at IS NULL;

-- Stock ------------------------------------------------------------------------------------------------------------

CREATE TABLE stock (
  product_id INTEGER PRIMARY KEY REFERENCES products (id),
  on_hand    INTEGER NOT NULL DEFAULT 0 CHECK (on_hand >= 0),
  -- Set aside for orders that have not left yet: part of on_hand.
  reserved   INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0 AND reserved <= on_hand),
  -- Units ever ordered and not cancelled: what makes a product popular.
  ordered    {bigint} NOT NULL DEFAULT 0 CHECK (ordered >= 0)
);

CREATE INDEX stock_by_ordered ON stock (ordered, product_id);

-- Carts ------------------------------------------------------------------------------------------------------------

-- The row that every change of a cart takes hold of first, so that edits and a checkout of one cart come one by one.
CREATE TABLE carts (
  user_id    INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  updated_at TEXT    NOT NULL
);

CREATE TABLE cart_items (
  user_id    INTEGER NOT NULL REFERENCES carts (user_id) ON DELETE CASCADE,
  product_id INTEGER NOT NULL REFERENCES products (id),
  qty        INTEGER NOT NULL CHECK (qty > 0),
  added_at   TEXT    NOT NULL,
  PRIMARY KEY (user_id, product_id)
);

-- Orders -----------------------------------------------------------------------------------------------------------

CREATE TABLE orders (
  id             {id},
  user_id        INTEGER  NOT NULL REFERENCES users (id),
  status         TEXT     NOT NULL CHECK (status IN ('placed', 'packed', 'shipped', 'delivered', 'cancelled', 'returned')),
  payment_status TEXT     NOT NULL CHECK (payment_status IN ('pending', 'paid', 'failed', 'partially_refunded', 'refunded')),
  payment_method TEXT,
  subtotal_minor {bigint} NOT NULL CHECK (subtotal_minor >= 0),
  discount_minor {bigint} NOT NULL DEFAULT 0 CHECK (discount_minor BETWEEN 0 AND subtotal_minor),
  total_minor    {bigint} NOT NULL,
  currency       TEXT     NOT NULL,
  -- The address as it was when the order was placed.
  address        {json},
  metadata       {json}   NOT NULL,
  -- What it was called where it came from, for imported orders: nothing is imported twice.
  source         TEXT     UNIQUE,
  placed_at      TEXT     NOT NULL,
  delivery_eta   TEXT,
  CHECK (total_minor = subtotal_minor - discount_minor)
);

CREATE INDEX orders_by_user ON orders (user_id, placed_at, id);
CREATE INDEX orders_by_time ON orders (placed_at, id);

CREATE TABLE order_items (
  order_id    INTEGER  NOT NULL REFERENCES orders (id),
  line        INTEGER  NOT NULL CHECK (line > 0),
  product_id  INTEGER  NOT NULL REFERENCES products (id),
  qty         INTEGER  NOT NULL CHECK (qty > 0),
  price_minor {bigint} NOT NULL CHECK (price_minor >= 0),
  PRIMARY KEY (order_id, line)
) {rowidless};

-- The stock ledger -------------------------------------------------------------------------------------------------

-- Every change of on_hand and reserved, with its cause. The counters are the sums of these rows.
CREATE TABLE stock_moves (
  id              {id},
  product_id      INTEGER NOT NULL REFERENCES stock (product_id),
  cause           TEXT    NOT NULL CHECK (cause IN ('opening', 'set', 'received', 'adjusted', 'reserved', 'released', 'sold', 'returned')),
  on_hand_change  INTEGER NOT NULL,
  reserved_change INTEGER NOT NULL,
  order_id        INTEGER REFERENCES orders (id),
  note            TEXT,
  created_at      TEXT    NOT NULL
);

CREATE INDEX stock_moves_by_product ON stock_moves (product_id, id);
