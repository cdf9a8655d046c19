-- What leaves the shop ----------------------------------------------------------------------------------------------

-- Everything that happened and that others may hear of, written in the transaction that made it happen. No personal data.
CREATE TABLE outbox (
  id         {id},
  -- What receivers tell a repetition by.
  event_id   TEXT    NOT NULL,
  type       TEXT    NOT NULL,
  order_id   INTEGER REFERENCES orders (id),
  data       {json}  NOT NULL,
  created_at TEXT    NOT NULL,
  -- Its place among all events, given once it is routed to those who hear of it. Ids are given before a commit, so on
  -- PostgreSQL a lower one may come to light later; places have no such gaps.
  position   {bigint}
);

CREATE INDEX outbox_unrouted ON outbox (id) WHERE position IS NULL;
CREATE UNIQUE INDEX outbox_by_position ON outbox (position) WHERE position IS NOT NULL;
CREATE INDEX outbox_by_order ON outbox (order_id, id) WHERE order_id IS NOT NULL;

-- One row: the place of the last event that was routed. Who routes holds it.
CREATE TABLE outbox_places (
  id            INTEGER  PRIMARY KEY CONSTRAINT outbox_places_is_one_row CHECK (id = 1),
  last_position {bigint} NOT NULL
);

INSERT INTO outbox_places (id, last_position) VALUES (1, 0);

-- One event on its way to one receiver: a mail, a webhook, or a part of the shop that does something about it.
CREATE TABLE deliveries (
  id            {id},
  outbox_id     INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
  channel       TEXT    NOT NULL CONSTRAINT deliveries_channel_is_known CHECK (channel IN ('mail', 'webhook', 'invoice')),
  -- Which webhook, or which kind of mail.
  target        {text}  NOT NULL,
  -- What happens once however many events ask for it, such as the confirmation of one order.
  once_key      TEXT    CONSTRAINT deliveries_happen_once UNIQUE,
  state         TEXT    NOT NULL CONSTRAINT deliveries_state_is_known CHECK (state IN ('waiting', 'sent', 'given_up', 'dropped')),
  tries         INTEGER NOT NULL DEFAULT 0 CONSTRAINT deliveries_tries_are_counted CHECK (tries >= 0),
  -- When it is due. A process that works on it moves this on, so that another one takes it should that process die.
  next_at       TEXT    NOT NULL,
  ended_at      TEXT,
  CONSTRAINT deliveries_end_once CHECK ((state = 'waiting') = (ended_at IS NULL))
);

CREATE INDEX deliveries_due ON deliveries (channel, target, next_at) WHERE state = 'waiting';
CREATE INDEX deliveries_by_event ON deliveries (outbox_id);
CREATE INDEX deliveries_by_target ON deliveries (channel, target, id);

-- Every try of a delivery. Never what came back: that is the receiver's.
CREATE TABLE delivery_attempts (
  delivery_id INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
  attempt     INTEGER NOT NULL CONSTRAINT delivery_attempts_are_counted CHECK (attempt > 0),
  at          TEXT    NOT NULL,
  took_ms     INTEGER NOT NULL,
  -- The status of HTTP or SMTP, where there was one.
  status      INTEGER,
  -- Why it failed, in our words.
  failure     TEXT,
  PRIMARY KEY (delivery_id, attempt)
) {rowidless};
