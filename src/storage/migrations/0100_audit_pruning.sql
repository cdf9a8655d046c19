-- Pruning the audit -------------------------------------------------------------------------------------------------

-- Entries are only added, but for this: a transaction that writes here how far it goes may delete what is older, and takes
-- its row away again before it ends.
CREATE TABLE audit_pruning (
  id     INTEGER PRIMARY KEY,
  before TEXT    NOT NULL,
  CONSTRAINT audit_pruning_is_one CHECK (id = 1)
);

-- only sqlite
DROP TRIGGER audit_is_not_deleted;

CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
WHEN NOT EXISTS (SELECT 1 FROM audit_pruning WHERE OLD.at < before)
BEGIN
  SELECT RAISE(ABORT, 'The audit is only added to.');;
END;
-- end
-- only postgres
CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM audit_pruning WHERE OLD.at < before) THEN
      RETURN OLD;;
    END IF;;
  END IF;;
  RAISE EXCEPTION 'The audit is only added to.';;
END
$$;
-- end
