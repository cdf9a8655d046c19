-- When a model last went into service or on trial: the one to go back to is the one that served last.
ALTER TABLE recommend_models ADD COLUMN served_at TEXT;
UPDATE recommend_models SET served_at = created_at WHERE role <> 'kept';
