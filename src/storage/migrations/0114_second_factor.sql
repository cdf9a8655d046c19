-- Second factors -----------------------------------------------------------------------------------------------------

-- What an admin's authenticator and the shop share, encrypted with the shop's key. It counts once a first code confirmed it.
CREATE TABLE second_factors (
  user_id      INTEGER NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  secret       TEXT    NOT NULL,
  created_at   TEXT    NOT NULL,
  confirmed_at TEXT,
  -- The time step of the code that was used last: none is good twice.
  last_step    INTEGER NOT NULL CONSTRAINT second_factor_steps CHECK (last_step >= 0)
);

-- Codes for whoever has lost the authenticator, by their hashes. Each works once.
CREATE TABLE recovery_codes (
  user_id   INTEGER NOT NULL REFERENCES second_factors (user_id) ON DELETE CASCADE,
  code_hash TEXT    NOT NULL,
  PRIMARY KEY (user_id, code_hash)
);
