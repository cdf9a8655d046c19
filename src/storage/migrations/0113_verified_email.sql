-- Whose e-mail is theirs for certain ---------------------------------------------------------------------------------

-- When somebody used a token that was mailed there; null where nobody has.
ALTER TABLE users ADD COLUMN email_verified_at TEXT;

-- What was mailed to confirm an e-mail, by its hash: one of each purpose an account, so that a newer one ends the older.
CREATE TABLE email_tokens (
  user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  purpose    TEXT    NOT NULL CONSTRAINT email_token_purposes CHECK (purpose IN ('verify', 'change')),
  -- The e-mail that it was mailed to, and that it confirms.
  email      TEXT    NOT NULL,
  token_hash TEXT    NOT NULL UNIQUE,
  expires_at TEXT    NOT NULL,
  PRIMARY KEY (user_id, purpose)
);
