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
