-- What is to be paid back of what customers gave back ---------------------------------------------------------------------

-- Of the units that came, those that the shop said it pays back: what it keeps on purpose has not been forgotten.
ALTER TABLE return_lines ADD COLUMN refund_qty INTEGER NOT NULL DEFAULT 0 CONSTRAINT return_lines_pay_back_what_came CHECK (refund_qty BETWEEN 0 AND received_qty);

-- Of before is known what was paid back, and nothing of what should have been.
UPDATE return_lines SET refund_qty = COALESCE((SELECT CASE WHEN SUM(m.qty) < return_lines.received_qty THEN SUM(m.qty) ELSE return_lines.received_qty END
  FROM unit_moves m WHERE m.order_id = return_lines.order_id AND m.line = return_lines.line AND m.cause = 'returned' AND m.refund_id IS NOT NULL), 0)
WHERE received_qty > 0;
