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
