-- What the shop does by itself ---------------------------------------------------------------------------------------

-- How each job fared the last time, whichever server ran it. There are as many rows as jobs.
CREATE TABLE job_runs (
  job             TEXT    NOT NULL PRIMARY KEY,
  started_at      TEXT    NOT NULL,
  duration_ms     INTEGER NOT NULL CONSTRAINT job_runs_take_time CHECK (duration_ms >= 0),
  -- Why the last run failed; null where it did not.
  failure         TEXT,
  last_failure_at TEXT,
  runs            INTEGER NOT NULL,
  failures        INTEGER NOT NULL,
  CONSTRAINT job_runs_count_failures CHECK (failures >= 0 AND failures <= runs)
);
