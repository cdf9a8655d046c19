-- A person who is erased leaves no trace in the audit either: an entry keeps what was done and when, and by which number.
-- Nothing else of it can be changed, as before.

-- only sqlite
DROP TRIGGER audit_is_not_changed;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
WHEN NOT (NEW.id = OLD.id AND NEW.at = OLD.at AND NEW.user_id IS OLD.user_id AND NEW.action = OLD.action
  AND NEW.request_id IS OLD.request_id AND NEW.address IS NULL AND NEW.subject IS NULL AND NEW.details = '{"erased":true}')
BEGIN
  SELECT RAISE(ABORT, 'The audit is only added to.');;
END;
-- end
-- only postgres
CREATE FUNCTION refuse_audit_change_but_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id = OLD.id AND NEW.at = OLD.at AND NEW.user_id IS NOT DISTINCT FROM OLD.user_id
    AND NEW.action = OLD.action AND NEW.request_id IS NOT DISTINCT FROM OLD.request_id AND NEW.address IS NULL
    AND NEW.subject IS NULL AND NEW.details = '{"erased": true}'::jsonb THEN
    RETURN NEW;;
  END IF;;
  RAISE EXCEPTION 'The audit is only added to.';;
END
$$;

DROP TRIGGER audit_is_not_changed ON audit;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
FOR EACH ROW EXECUTE FUNCTION refuse_audit_change_but_erasure();

CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
-- end
