-- Tries at passwords and the like, counted by all servers of a shop together -------------------------------------------

-- Names are hashes: whoever reads this learns neither who tried nor from where. Times are in seconds since 1970. Rows go when
-- nobody waits for them any more.
CREATE TABLE tries (
  name          TEXT    NOT NULL PRIMARY KEY,
  level         {real}  NOT NULL,
  counted_at    {real}  NOT NULL,
  used_up_until {real}  NOT NULL,
  forgotten_at  {real}  NOT NULL,
  refused       INTEGER NOT NULL CONSTRAINT tries_refused CHECK (refused IN (0, 1))
);

CREATE INDEX tries_forgotten ON tries (forgotten_at);
