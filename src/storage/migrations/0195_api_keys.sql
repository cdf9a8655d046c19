-- Keys for programs: what they may do is in their scopes. Only a hash is kept. A key is no good without a working admin who
-- made it.
CREATE TABLE api_keys (
  id           {id},
  name         TEXT    NOT NULL,
  -- How it begins, so that its owner can tell it from others.
  prefix       TEXT    NOT NULL,
  key_hash     TEXT    NOT NULL CONSTRAINT api_keys_hash_is_one UNIQUE,
  scopes       {json}  NOT NULL,
  made_by      INTEGER NOT NULL REFERENCES users (id),
  created_at   TEXT    NOT NULL,
  expires_at   TEXT,
  last_used_at TEXT,
  revoked_at   TEXT
);
