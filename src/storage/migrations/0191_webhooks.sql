-- Webhooks: where other programs want to hear of what happens. Their secrets are derived from SECRET_KEY and lie nowhere.
CREATE TABLE webhooks (
  id         {id},
  url        TEXT    NOT NULL,
  -- Which events it is told of.
  types      {json}  NOT NULL,
  -- active; paused: what happens waits; ended: the receiver answered that it is gone.
  state      TEXT    NOT NULL CONSTRAINT webhooks_state_is_known CHECK (state IN ('active', 'paused', 'ended')),
  -- Counts the secrets that it has had.
  generation INTEGER NOT NULL DEFAULT 1 CONSTRAINT webhooks_generation_is_counted CHECK (generation > 0),
  rotated_at TEXT,
  created_at TEXT    NOT NULL
);
