-- Every training: who asked, on what data, what came of it. -------------------------------------------------------

CREATE TABLE recommend_runs (
  id           {id},
  asked_by     TEXT   NOT NULL,
  -- served: its model went into service; kept: it is there, but is not served; failed: it came to no model.
  state        TEXT   NOT NULL CHECK (state IN ('running', 'served', 'kept', 'failed')),
  settings     {json} NOT NULL,
  data         {json} NOT NULL,
  metrics      {json} NOT NULL,
  -- Why a model was kept or a run failed, in a sentence.
  note         TEXT,
  started_at   TEXT   NOT NULL,
  -- When the run was last heard of. One that has been silent for long was killed.
  heard_at     TEXT   NOT NULL,
  finished_at  TEXT,
  CHECK ((state = 'running') = (finished_at IS NULL))
);

-- One at a time, whoever asks and from whichever process.
CREATE UNIQUE INDEX recommend_runs_one_at_a_time ON recommend_runs (state) WHERE state = 'running';

CREATE TABLE recommend_models (
  id          {id},
  run_id      INTEGER NOT NULL REFERENCES recommend_runs (id),
  -- serving: asked by everybody; candidate: by a share of the customers; retired: was asked once; kept: never was.
  role        TEXT    NOT NULL CHECK (role IN ('serving', 'candidate', 'retired', 'kept')),
  settings    {json}  NOT NULL,
  metrics     {json}  NOT NULL,
  -- Everything that serving needs, see recommend/stored-model.ts. Absent for models that were thrown out to save space.
  content     {bytes},
  created_at  TEXT    NOT NULL,
  CHECK (role NOT IN ('serving', 'candidate') OR content IS NOT NULL)
);

CREATE UNIQUE INDEX recommend_models_one_serving ON recommend_models (role) WHERE role = 'serving';
CREATE UNIQUE INDEX recommend_models_one_candidate ON recommend_models (role) WHERE role = 'candidate';
CREATE INDEX recommend_models_by_run ON recommend_models (run_id);

-- What was shown to whom. Written in batches, a moment later.
CREATE TABLE recommendations_log (
  id         {id},
  user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  context    TEXT    NOT NULL,
  model_id   INTEGER REFERENCES recommend_models (id),
  -- Product ids, in the order shown.
  products   {json}  NOT NULL,
  created_at TEXT    NOT NULL
);

CREATE INDEX recommendations_log_by_user ON recommendations_log (user_id, created_at);
CREATE INDEX recommendations_log_by_time ON recommendations_log (created_at);

-- What customers did with what they saw.
CREATE TABLE recommend_events (
  id         {id},
  user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  product_id INTEGER NOT NULL REFERENCES products (id),
  type       TEXT    NOT NULL CHECK (type IN ('view', 'click', 'dismiss')),
  created_at TEXT    NOT NULL
);

CREATE INDEX recommend_events_by_user ON recommend_events (user_id, type, product_id);
CREATE INDEX recommend_events_by_time ON recommend_events (created_at);
