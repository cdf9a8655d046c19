-- What was asked to happen once ------------------------------------------------------------------------------------

-- The answer that a request with an Idempotency-Key got, written in the transaction of its effect.
CREATE TABLE idempotency_keys (
  user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  key         TEXT    NOT NULL,
  -- A hash of method, path and body: the same key for something else is refused.
  fingerprint TEXT    NOT NULL,
  -- JSON as text, so that a repeated answer has its fields in the same order on both engines.
  answer      TEXT    NOT NULL,
  created_at  TEXT    NOT NULL,
  PRIMARY KEY (user_id, key)
) {rowidless};

CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

-- Orders -----------------------------------------------------------------------------------------------------------

-- Until when stock is kept for an order that waits for its payment.
ALTER TABLE orders ADD COLUMN hold_until TEXT;
ALTER TABLE orders ADD COLUMN coupon_code TEXT;

CREATE INDEX orders_held ON orders (hold_until) WHERE hold_until IS NOT NULL;
CREATE INDEX orders_by_status ON orders (status, placed_at, id);

-- Every step of an order: both states as they were after it. The states of the last step are those of the order.
CREATE TABLE order_history (
  order_id       INTEGER NOT NULL REFERENCES orders (id),
  step           INTEGER NOT NULL CHECK (step > 0),
  status         TEXT    NOT NULL,
  payment_status TEXT    NOT NULL,
  cause          TEXT    NOT NULL,
  at             TEXT    NOT NULL,
  PRIMARY KEY (order_id, step)
) {rowidless};

-- Orders from before there was a history begin it where they stand.
INSERT INTO order_history (order_id, step, status, payment_status, cause, at)
SELECT id, 1, status, payment_status, 'imported', placed_at FROM orders;

-- Payments ---------------------------------------------------------------------------------------------------------

-- One an order, so there is at most one capture.
CREATE TABLE payments (
  id             {id},
  order_id       INTEGER  NOT NULL UNIQUE REFERENCES orders (id),
  provider       TEXT     NOT NULL,
  -- Ours, and not to be guessed: the gateway takes it to tell a repeated request from a new one.
  reference      TEXT     NOT NULL UNIQUE,
  -- Theirs.
  gateway_id     TEXT,
  payment_url    TEXT,
  -- new: the gateway does not know of it yet. open: it may be paid. closed: it can't be any more.
  state          TEXT     NOT NULL CHECK (state IN ('new', 'open', 'captured', 'closed')),
  amount_minor   {bigint} NOT NULL CHECK (amount_minor >= 0),
  captured_minor {bigint} NOT NULL DEFAULT 0 CHECK (captured_minor IN (0, amount_minor)),
  refunded_minor {bigint} NOT NULL DEFAULT 0 CHECK (refunded_minor BETWEEN 0 AND captured_minor),
  currency       TEXT     NOT NULL,
  -- What a person must look at, in words: the gateway reported another amount, or refused a refund.
  flag           TEXT,
  created_at     TEXT     NOT NULL,
  captured_at    TEXT
);

CREATE UNIQUE INDEX payments_by_gateway_id ON payments (provider, gateway_id) WHERE gateway_id IS NOT NULL;
CREATE INDEX payments_open ON payments (order_id) WHERE state = 'open' AND gateway_id IS NOT NULL;

CREATE TABLE refunds (
  id           {id},
  order_id     INTEGER  NOT NULL REFERENCES orders (id),
  reference    TEXT     NOT NULL UNIQUE,
  amount_minor {bigint} NOT NULL CHECK (amount_minor > 0),
  reason       TEXT,
  -- pending: owed, and the gateway has not confirmed it yet.
  state        TEXT     NOT NULL CHECK (state IN ('pending', 'done', 'refused')),
  gateway_id   TEXT,
  created_at   TEXT     NOT NULL
);

CREATE INDEX refunds_by_order ON refunds (order_id);
CREATE INDEX refunds_pending ON refunds (id) WHERE state = 'pending';

-- Units that a refund was for, so that none is refunded twice.
CREATE TABLE refund_lines (
  refund_id INTEGER NOT NULL REFERENCES refunds (id),
  order_id  INTEGER NOT NULL,
  line      INTEGER NOT NULL,
  qty       INTEGER NOT NULL CHECK (qty > 0),
  PRIMARY KEY (refund_id, line),
  FOREIGN KEY (order_id, line) REFERENCES order_items (order_id, line)
);

CREATE INDEX refund_lines_by_order ON refund_lines (order_id, line);

-- What gateways told us, each event once.
CREATE TABLE payment_events (
  provider    TEXT NOT NULL,
  event_id    TEXT NOT NULL,
  kind        TEXT NOT NULL,
  order_id    INTEGER REFERENCES orders (id),
  outcome     TEXT NOT NULL,
  received_at TEXT NOT NULL,
  PRIMARY KEY (provider, event_id)
);

-- The mock gateway's own books, as a real one keeps its own elsewhere.
CREATE TABLE mock_payments (
  reference      TEXT     PRIMARY KEY,
  amount_minor   {bigint} NOT NULL,
  refunded_minor {bigint} NOT NULL DEFAULT 0 CHECK (refunded_minor <= amount_minor),
  currency       TEXT     NOT NULL,
  state          TEXT     NOT NULL CHECK (state IN ('open', 'paid', 'declined', 'expired'))
);

CREATE TABLE mock_refunds (
  reference         TEXT     PRIMARY KEY,
  payment_reference TEXT     NOT NULL REFERENCES mock_payments (reference),
  amount_minor      {bigint} NOT NULL
);

-- Coupons ----------------------------------------------------------------------------------------------------------

CREATE TABLE coupons (
  -- In capitals: buyers need not care.
  code                  {text}   PRIMARY KEY,
  percent               INTEGER  CHECK (percent BETWEEN 1 AND 100),
  amount_minor          {bigint} CHECK (amount_minor > 0),
  min_total_minor       {bigint} NOT NULL DEFAULT 0 CHECK (min_total_minor >= 0),
  starts_at             TEXT,
  ends_at               TEXT,
  max_uses              INTEGER  CHECK (max_uses >= 0),
  max_uses_per_customer INTEGER  CHECK (max_uses_per_customer >= 0),
  -- Names of categories; NULL for all of them.
  categories            {json},
  is_active             INTEGER  NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  uses                  INTEGER  NOT NULL DEFAULT 0 CHECK (uses >= 0),
  created_at            TEXT     NOT NULL,
  CHECK ((percent IS NULL) <> (amount_minor IS NULL)),
  CHECK (max_uses IS NULL OR uses <= max_uses)
);

-- At most one an order.
CREATE TABLE coupon_uses (
  order_id    INTEGER PRIMARY KEY REFERENCES orders (id),
  code        {text}  NOT NULL REFERENCES coupons (code),
  user_id     INTEGER NOT NULL REFERENCES users (id),
  used_at     TEXT    NOT NULL,
  -- When the order came to nothing and the use was given back.
  returned_at TEXT
);

CREATE INDEX coupon_uses_by_customer ON coupon_uses (code, user_id) WHERE returned_at IS NULL;
