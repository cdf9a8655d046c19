-- Search: what was asked for next ----------------------------------------------------------------------------------------

-- What was searched and found right after something that was not, by the same client: the one may be a word for the other.
-- It is not kept who searched.
CREATE TABLE search_followups (
  missed      {text}   NOT NULL,
  found       {text}   NOT NULL,
  times       {bigint} NOT NULL CONSTRAINT search_followups_happened CHECK (times > 0),
  followed_at TEXT     NOT NULL,
  PRIMARY KEY (missed, found)
);

CREATE INDEX search_followups_by_time ON search_followups (followed_at);
