-- Refresh tokens ---------------------------------------------------------------------------------------------------

-- Every refresh token of a session, by its hash. Used ones stay while the session does, to notice when one comes back.
CREATE TABLE refresh_tokens (
  token_hash TEXT NOT NULL PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  -- With the token itself, what the next token is made of.
  salt       TEXT NOT NULL,
  used_at    TEXT
);

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- Forgotten passwords ----------------------------------------------------------------------------------------------

-- One an account, so that a newer request puts an end to the older one.
CREATE TABLE password_resets (
  user_id    INTEGER NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  token_hash TEXT    NOT NULL UNIQUE,
  expires_at TEXT    NOT NULL
);

-- The audit --------------------------------------------------------------------------------------------------------

-- Who did what, and from where: every sign-in, and every action of an admin. Rows are added and never touched again.
CREATE TABLE audit (
  id         {id},
  at         TEXT    NOT NULL,
  -- Who it was; nobody where nobody was signed in, or it was the command line.
  user_id    INTEGER,
  action     TEXT    NOT NULL,
  -- What it was done to.
  subject    TEXT,
  address    TEXT,
  request_id TEXT,
  details    {json}  NOT NULL
);

CREATE INDEX audit_by_user ON audit (user_id, id);
CREATE INDEX audit_by_action ON audit (action, id);

-- only sqlite
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'The audit is only added to.');;
END;

CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'The audit is only added to.');;
END;
-- end
-- only postgres
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit is only added to.';;
END
$$;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();

CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
-- end
