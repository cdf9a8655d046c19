-- What was not sent, or not yet, among all that was.
CREATE INDEX deliveries_unsent ON deliveries (state, id) WHERE state <> 'sent';
