-- The audit --------------------------------------------------------------------------------------------------------

-- only sqlite
-- INSERT OR REPLACE deletes without asking the triggers on DELETE, unless each connection asks for that.
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'The audit is only added to.');;
END;
-- end
