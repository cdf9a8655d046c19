-- Disputes, refunds that were sent again, and credit notes for what was never paid --------------------------------------

-- What a customer disputes with their bank, by the gateway's name for it. A payment can be disputed more than once, and what
-- a gateway tells comes in any order.
CREATE TABLE disputes (
  payment_id INTEGER NOT NULL REFERENCES payments (id),
  gateway_id {text}  NOT NULL,
  state      TEXT    NOT NULL CONSTRAINT disputes_state_is_known CHECK (state IN ('open', 'won', 'lost')),
  -- When that was so, as the gateway says; null where it does not.
  told_at    TEXT,
  PRIMARY KEY (payment_id, gateway_id)
) {rowidless};

-- A refund that failed is sent again once: this is the refund that it was sent as.
ALTER TABLE refunds ADD COLUMN resent_as INTEGER REFERENCES refunds (id);

-- What is taken off an invoiced order before it is paid has no refund, and is credited all the same.
ALTER TABLE invoices DROP CONSTRAINT invoices_credit_a_refund;
ALTER TABLE invoices ADD CONSTRAINT invoices_credit_a_refund CHECK (kind = 'credit_note' OR refund_id IS NULL);
