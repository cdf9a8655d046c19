-- Several servers on one database ---------------------------------------------------------------------------------------

-- The servers that serve this shop, each with when it was last heard of. Rows of those that died are deleted by the others.
CREATE TABLE servers (
  id         TEXT    NOT NULL PRIMARY KEY,
  host       TEXT    NOT NULL,
  process    INTEGER NOT NULL,
  version    TEXT    NOT NULL,
  started_at TEXT    NOT NULL,
  -- By the clock of the database, in seconds since 1970: those of the servers may be apart.
  heard      {real}  NOT NULL
);

-- Which server does a job: one at a time, until it is done or is not heard of any more.
CREATE TABLE job_leases (
  job       TEXT   NOT NULL PRIMARY KEY,
  server_id TEXT   NOT NULL,
  taken     {real} NOT NULL,
  until     {real} NOT NULL
);
