-- What customers want to give back ------------------------------------------------------------------------------------

CREATE TABLE returns (
  id           {id},
  order_id     INTEGER NOT NULL REFERENCES orders (id),
  -- withdrawal: within the time of the law, without a reason and without asking. return: the shop decides.
  kind         TEXT    NOT NULL CONSTRAINT returns_kind_is_known CHECK (kind IN ('withdrawal', 'return')),
  status       TEXT    NOT NULL CONSTRAINT returns_status_is_known CHECK (status IN ('requested', 'approved', 'refused', 'received')),
  -- In the customer's words.
  reason       TEXT,
  -- What the shop answered.
  note         TEXT,
  requested_at TEXT    NOT NULL,
  decided_at   TEXT,
  received_at  TEXT,
  CONSTRAINT returns_are_decided_once CHECK ((status = 'requested') = (decided_at IS NULL)),
  CONSTRAINT returns_are_received_once CHECK ((status = 'received') = (received_at IS NOT NULL))
);

CREATE INDEX returns_by_order ON returns (order_id);
CREATE INDEX returns_by_status ON returns (status, id);

CREATE TABLE return_lines (
  return_id     INTEGER NOT NULL REFERENCES returns (id),
  order_id      INTEGER NOT NULL,
  line          INTEGER NOT NULL,
  qty           INTEGER NOT NULL CONSTRAINT return_lines_have_units CHECK (qty > 0),
  -- How many came, and how many of those can be sold again.
  received_qty  INTEGER NOT NULL DEFAULT 0 CONSTRAINT return_lines_come_once CHECK (received_qty BETWEEN 0 AND qty),
  restocked_qty INTEGER NOT NULL DEFAULT 0 CONSTRAINT return_lines_lie_once CHECK (restocked_qty BETWEEN 0 AND received_qty),
  PRIMARY KEY (return_id, line),
  FOREIGN KEY (order_id, line) REFERENCES order_items (order_id, line)
) {rowidless};
