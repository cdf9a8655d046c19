-- What is due, and what is to be forgotten, by moment ---------------------------------------------------------------------

-- Mails and invoices have one worker for all targets: by the index that begins with the target, each few that it took
-- cost a look at all that waited.
CREATE INDEX deliveries_due_anywhere ON deliveries (channel, next_at, id) WHERE state = 'waiting';

-- Dismissals are kept for ever. In an index of all moments they lie before what is to be forgotten, and were gone through
-- for each piece of it.
CREATE INDEX recommend_events_to_forget ON recommend_events (created_at) WHERE type <> 'dismiss';

DROP INDEX recommend_events_by_time;
