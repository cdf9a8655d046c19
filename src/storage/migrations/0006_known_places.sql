-- Where each account was signed in to lately. It outlives sessions: what strangers try doesn't hold up the owner there.
CREATE TABLE known_places (
  user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- An address, or a whole network of IPv6.
  client       TEXT    NOT NULL,
  last_seen_at TEXT    NOT NULL,
  PRIMARY KEY (user_id, client)
) {rowidless};

-- What sessions still know. Networks of IPv6 are not among it: SQL can't tell them from an address on both engines, and the
-- next sign-in notes them.
INSERT INTO known_places (user_id, client, last_seen_at)
SELECT user_id, address, MAX(created_at) FROM sessions WHERE address NOT LIKE '%:%' GROUP BY user_id, address;
