-- An order may be paid in several tries: one payment counts, the others are kept --------------------------------------------

-- only sqlite
-- An unnamed CHECK and an inline UNIQUE stay with their table, so it is made anew.
CREATE TABLE payments_anew (
  id              {id},
  order_id        INTEGER  NOT NULL REFERENCES orders (id),
  is_current      INTEGER  NOT NULL DEFAULT 1 CONSTRAINT payments_is_current_is_a_flag CHECK (is_current IN (0, 1)),
  provider        TEXT     NOT NULL,
  -- Ours, and not to be guessed: the gateway takes it to tell a repeated request from a new one.
  reference       TEXT     NOT NULL UNIQUE,
  -- Theirs: of the page where it is paid, and of the money itself once there is some.
  gateway_id      TEXT,
  gateway_money   TEXT,
  payment_url     TEXT,
  -- new: the gateway does not know of it yet. open: it may be paid. under_way: the customer has paid, the money is on its
  -- way. failed: it was refused, another try may follow. closed: it can't be paid any more. surplus: paid beside another.
  state           TEXT     NOT NULL CONSTRAINT payments_state_is_known CHECK (state IN ('new', 'open', 'under_way', 'captured', 'failed', 'closed', 'surplus')),
  amount_minor    INTEGER  NOT NULL CONSTRAINT payments_amount_is_an_amount CHECK (amount_minor >= 0),
  captured_minor  INTEGER  NOT NULL DEFAULT 0 CONSTRAINT payments_capture_is_whole CHECK (captured_minor IN (0, amount_minor)),
  refunded_minor  INTEGER  NOT NULL DEFAULT 0 CONSTRAINT payments_refund_what_came CHECK (refunded_minor BETWEEN 0 AND captured_minor),
  currency        TEXT     NOT NULL,
  -- What a person must look at, in words.
  flag            TEXT,
  disputed_at     TEXT,
  created_at      TEXT     NOT NULL,
  -- When the gateway was last asked how it stands.
  asked_at        TEXT,
  captured_at     TEXT
);

INSERT INTO payments_anew (id, order_id, provider, reference, gateway_id, payment_url, state, amount_minor, captured_minor,
  refunded_minor, currency, flag, created_at, captured_at)
SELECT id, order_id, provider, reference, gateway_id, payment_url, state, amount_minor, captured_minor, refunded_minor,
  currency, flag, created_at, captured_at FROM payments;

DROP TABLE payments;
ALTER TABLE payments_anew RENAME TO payments;

CREATE UNIQUE INDEX payments_by_gateway_id ON payments (provider, gateway_id) WHERE gateway_id IS NOT NULL;
CREATE INDEX payments_open ON payments (order_id) WHERE state = 'open' AND gateway_id IS NOT NULL;
-- end

-- only postgres
ALTER TABLE payments DROP CONSTRAINT payments_order_id_key;
ALTER TABLE payments DROP CONSTRAINT payments_state_check;
ALTER TABLE payments ADD CONSTRAINT payments_state_is_known CHECK (state IN ('new', 'open', 'under_way', 'captured', 'failed', 'closed', 'surplus'));
ALTER TABLE payments ADD COLUMN is_current INTEGER NOT NULL DEFAULT 1 CONSTRAINT payments_is_current_is_a_flag CHECK (is_current IN (0, 1));
ALTER TABLE payments ADD COLUMN gateway_money TEXT;
ALTER TABLE payments ADD COLUMN disputed_at TEXT;
ALTER TABLE payments ADD COLUMN asked_at TEXT;
-- end

CREATE UNIQUE INDEX payments_current ON payments (order_id) WHERE is_current = 1;
CREATE INDEX payments_former ON payments (order_id) WHERE is_current = 0;
CREATE INDEX payments_by_money ON payments (gateway_money) WHERE gateway_money IS NOT NULL;
CREATE INDEX payments_under_way ON payments (asked_at) WHERE state = 'under_way';

-- A refund is owed, sent, done or failed ------------------------------------------------------------------------------------

-- only sqlite
CREATE TABLE refunds_anew (
  id           {id},
  order_id     INTEGER NOT NULL REFERENCES orders (id),
  payment_id   INTEGER NOT NULL REFERENCES payments (id),
  reference    TEXT    NOT NULL UNIQUE,
  amount_minor INTEGER NOT NULL CONSTRAINT refunds_pay_something CHECK (amount_minor > 0),
  reason       TEXT,
  -- owed: the gateway has not taken it on. sent: it has, and the money is on its way. failed: it counts for nothing.
  state        TEXT    NOT NULL CONSTRAINT refunds_state_is_known CHECK (state IN ('owed', 'sent', 'done', 'failed')),
  -- Who paid it back: the shop, somebody at the provider, or a person by other means.
  source       TEXT    NOT NULL DEFAULT 'shop' CONSTRAINT refunds_source_is_known CHECK (source IN ('shop', 'provider', 'hand')),
  -- Whether the delivery is paid back with it.
  is_shipping  INTEGER NOT NULL DEFAULT 0 CONSTRAINT refunds_is_shipping_is_a_flag CHECK (is_shipping IN (0, 1)),
  gateway_id   TEXT,
  failure      TEXT,
  created_at   TEXT    NOT NULL,
  -- When it was first sent, and last asked about.
  sent_at      TEXT,
  asked_at     TEXT,
  ended_at     TEXT
);

-- What a gateway had refused was paid back by other means: that is what the shop said must be done.
INSERT INTO refunds_anew (id, order_id, payment_id, reference, amount_minor, reason, state, source, gateway_id, failure, created_at)
SELECT r.id, r.order_id, p.id, r.reference, r.amount_minor, r.reason,
  CASE r.state WHEN 'pending' THEN 'owed' ELSE 'done' END, CASE r.state WHEN 'refused' THEN 'hand' ELSE 'shop' END,
  r.gateway_id, CASE r.state WHEN 'refused' THEN 'The gateway refused it.' END, r.created_at
FROM refunds r JOIN payments p ON p.order_id = r.order_id;

CREATE TABLE refund_lines_anew (
  refund_id INTEGER NOT NULL REFERENCES refunds_anew (id),
  order_id  INTEGER NOT NULL,
  line      INTEGER NOT NULL,
  qty       INTEGER NOT NULL CONSTRAINT refund_lines_have_units CHECK (qty > 0),
  PRIMARY KEY (refund_id, line),
  FOREIGN KEY (order_id, line) REFERENCES order_items (order_id, line)
);

INSERT INTO refund_lines_anew (refund_id, order_id, line, qty) SELECT refund_id, order_id, line, qty FROM refund_lines;

DROP TABLE refund_lines;
DROP TABLE refunds;
ALTER TABLE refunds_anew RENAME TO refunds;
ALTER TABLE refund_lines_anew RENAME TO refund_lines;

CREATE INDEX refunds_by_order ON refunds (order_id);
CREATE INDEX refund_lines_by_order ON refund_lines (order_id, line);
-- end

-- only postgres
DROP INDEX refunds_pending;
ALTER TABLE refunds DROP CONSTRAINT refunds_state_check;
ALTER TABLE refunds ADD COLUMN payment_id INTEGER REFERENCES payments (id);
ALTER TABLE refunds ADD COLUMN source TEXT NOT NULL DEFAULT 'shop' CONSTRAINT refunds_source_is_known CHECK (source IN ('shop', 'provider', 'hand'));
ALTER TABLE refunds ADD COLUMN is_shipping INTEGER NOT NULL DEFAULT 0 CONSTRAINT refunds_is_shipping_is_a_flag CHECK (is_shipping IN (0, 1));
ALTER TABLE refunds ADD COLUMN failure TEXT;
ALTER TABLE refunds ADD COLUMN sent_at TEXT;
ALTER TABLE refunds ADD COLUMN asked_at TEXT;
ALTER TABLE refunds ADD COLUMN ended_at TEXT;
UPDATE refunds SET payment_id = (SELECT id FROM payments p WHERE p.order_id = refunds.order_id),
  source = CASE state WHEN 'refused' THEN 'hand' ELSE 'shop' END,
  failure = CASE state WHEN 'refused' THEN 'The gateway refused it.' END,
  state = CASE state WHEN 'pending' THEN 'owed' ELSE 'done' END;
ALTER TABLE refunds ALTER COLUMN payment_id SET NOT NULL;
ALTER TABLE refunds ADD CONSTRAINT refunds_state_is_known CHECK (state IN ('owed', 'sent', 'done', 'failed'));
-- end

CREATE INDEX refunds_waiting ON refunds (id) WHERE state IN ('owed', 'sent');
CREATE UNIQUE INDEX refunds_by_gateway_id ON refunds (payment_id, gateway_id) WHERE gateway_id IS NOT NULL;

-- The mock gateway can have money on its way, too.
ALTER TABLE mock_payments ADD COLUMN is_under_way INTEGER NOT NULL DEFAULT 0 CONSTRAINT mock_payments_is_under_way_is_a_flag CHECK (is_under_way IN (0, 1));
