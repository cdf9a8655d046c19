-- When a session ends however much it is used, and how long it lasts unused. Older sessions have neither: they end as the
-- settings say, counted from when they were opened.
ALTER TABLE sessions ADD COLUMN ends_at TEXT;
ALTER TABLE sessions ADD COLUMN idle_minutes INTEGER;
