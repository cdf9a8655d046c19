-- What reports and the list of things to do look up ------------------------------------------------------------------------

CREATE INDEX refunds_by_time ON refunds (created_at);
CREATE INDEX payments_flagged ON payments (order_id) WHERE flag IS NOT NULL;
