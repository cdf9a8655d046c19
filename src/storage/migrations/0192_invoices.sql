-- Invoices and credit notes -----------------------------------------------------------------------------------------

-- The last number of each series. Who issues holds its row until the document is written, so that no number is skipped or
-- given twice.
CREATE TABLE invoice_series (
  series      {text}  PRIMARY KEY,
  last_number INTEGER NOT NULL CONSTRAINT invoice_series_counts CHECK (last_number >= 0)
);

-- Documents as they were handed out: rows are added and never touched again.
CREATE TABLE invoices (
  id          {id},
  series      {text}   NOT NULL REFERENCES invoice_series (series),
  number      INTEGER  NOT NULL CONSTRAINT invoices_number_counts CHECK (number > 0),
  label       TEXT     NOT NULL CONSTRAINT invoices_label_is_one UNIQUE,
  kind        TEXT     NOT NULL CONSTRAINT invoices_kind_is_known CHECK (kind IN ('invoice', 'credit_note')),
  order_id    INTEGER  NOT NULL REFERENCES orders (id),
  -- What a credit note is for.
  refund_id   INTEGER  CONSTRAINT invoices_refund_is_one UNIQUE REFERENCES refunds (id),
  total_minor {bigint} NOT NULL CONSTRAINT invoices_total_is_positive CHECK (total_minor >= 0),
  currency    TEXT     NOT NULL,
  -- Everything that it says, whatever becomes of what it was made of.
  document    {json}   NOT NULL,
  issued_at   TEXT     NOT NULL,
  CONSTRAINT invoices_number_is_one UNIQUE (series, number),
  CONSTRAINT invoices_credit_a_refund CHECK ((kind = 'credit_note') = (refund_id IS NOT NULL))
);

CREATE INDEX invoices_by_order ON invoices (order_id);
CREATE UNIQUE INDEX invoices_one_an_order ON invoices (order_id) WHERE kind = 'invoice';
CREATE INDEX invoices_by_time ON invoices (issued_at, id);

-- only sqlite
CREATE TRIGGER invoices_are_not_changed BEFORE UPDATE ON invoices
BEGIN
  SELECT RAISE(ABORT, 'An invoice is never changed.');;
END;

CREATE TRIGGER invoices_are_not_deleted BEFORE DELETE ON invoices
BEGIN
  SELECT RAISE(ABORT, 'An invoice is never deleted.');;
END;

-- INSERT OR REPLACE deletes without asking the triggers on DELETE, unless each connection asks for that.
CREATE TRIGGER invoices_are_not_replaced BEFORE INSERT ON invoices
WHEN EXISTS (SELECT 1 FROM invoices WHERE id = NEW.id OR label = NEW.label OR (series = NEW.series AND number = NEW.number))
BEGIN
  SELECT RAISE(ABORT, 'An invoice is never replaced.');;
END;
-- end
-- only postgres
CREATE FUNCTION refuse_invoice_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'An invoice is never changed.';;
END
$$;

CREATE TRIGGER invoices_are_not_changed BEFORE UPDATE OR DELETE ON invoices
FOR EACH ROW EXECUTE FUNCTION refuse_invoice_change();

CREATE TRIGGER invoices_are_not_emptied BEFORE TRUNCATE ON invoices
FOR EACH STATEMENT EXECUTE FUNCTION refuse_invoice_change();
-- end
