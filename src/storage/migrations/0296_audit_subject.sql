-- What was done to one thing, the latest first: who is told that somebody else has saved it hears who that was. PostgreSQL
-- refuses to index long texts, and a path may be as long as its caller likes.
CREATE INDEX audit_by_subject ON audit (subject, id) WHERE length(subject) <= 200;
