import { insertMany } from "../storage/rows";
import { fromJson, Json, objectFrom, type Reader, type Transaction } from "../storage/database";

export interface StartedRun {
  asked_by: string;
  settings: object;
  started_at: string;
}

/** Begins a run and returns its id; undefined, and nothing changes, while another is running. */
export async function insertRun(tx: Transaction, run: StartedRun): Promise<number | undefined> {
  const row = await tx.first<{ id: number }>(
    `INSERT INTO recommend_runs (asked_by, state, settings, data, metrics, started_at, heard_at)
     VALUES ($1, 'running', $2, $3, $3, $4, $4) ON CONFLICT DO NOTHING RETURNING id`,
    [run.asked_by, new Json(run.settings), new Json({}), run.started_at],
  );
  return row?.id;
}

/** Gives up on a run that nobody has heard of since `before`: its process was killed. */
export async function failSilentRuns(tx: Transaction, before: string, now: string): Promise<void> {
  await tx.run(
    `UPDATE recommend_runs SET state = 'failed', note = 'It was killed.', finished_at = $2
     WHERE state = 'running' AND heard_at < $1`,
    [before, now],
  );
}

/** False when the run was given up meanwhile. */
export async function touchRun(tx: Transaction, id: number, now: string): Promise<boolean> {
  const changed = await tx.run("UPDATE recommend_runs SET heard_at = $2 WHERE id = $1 AND state = 'running'", [
    id,
    now,
  ]);
  return changed === 1;
}

export interface RunEnd {
  state: "served" | "kept" | "failed";
  data: object;
  metrics: object;
  note: string | null;
  finished_at: string;
}

/** False, and nothing changes, when the run was given up meanwhile. */
export async function finishRun(tx: Transaction, id: number, end: RunEnd): Promise<boolean> {
  const changed = await tx.run(
    `UPDATE recommend_runs SET state = $2, data = $3, metrics = $4, note = $5, finished_at = $6, heard_at = $6
     WHERE id = $1 AND state = 'running'`,
    [id, end.state, new Json(end.data), new Json(end.metrics), end.note, end.finished_at],
  );
  return changed === 1;
}

export interface ModelRecord {
  run_id: number;
  role: "serving" | "candidate" | "kept";
  settings: object;
  metrics: object;
  content: Uint8Array;
  created_at: string;
}

export async function insertModel(tx: Transaction, model: ModelRecord): Promise<number> {
  const row = await tx.first<{ id: number }>(
    `INSERT INTO recommend_models (run_id, role, settings, metrics, content, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
    [model.run_id, model.role, new Json(model.settings), new Json(model.metrics), model.content, model.created_at],
  );
  if (!row) throw new Error("INSERT … RETURNING gave no row.");
  return row.id;
}

/** Takes the model that has this role out of it, to make room for another. */
export async function retireModel(tx: Transaction, role: "serving" | "candidate"): Promise<void> {
  await tx.run("UPDATE recommend_models SET role = 'retired' WHERE role = $1", [role]);
}

/** Throws out the content of all but the newest models that are not in use, and keeps what is known about them. */
export async function forgetOldContent(tx: Transaction, keep: number): Promise<void> {
  await tx.run(
    `UPDATE recommend_models SET content = NULL
     WHERE role IN ('retired', 'kept') AND content IS NOT NULL AND id NOT IN (
       SELECT id FROM recommend_models WHERE role IN ('retired', 'kept') ORDER BY id DESC LIMIT $1)`,
    [keep],
  );
}

/** The settings of the model in service. */
export async function findServingSettings(reader: Reader): Promise<Record<string, unknown> | undefined> {
  const row = await reader.first<{ settings: unknown }>("SELECT settings FROM recommend_models WHERE role = 'serving'");
  return row && objectFrom(row.settings);
}

export async function findModelContent(reader: Reader, id: number): Promise<Uint8Array | undefined> {
  const row = await reader.first<{ content: Uint8Array | null }>("SELECT content FROM recommend_models WHERE id = $1", [
    id,
  ]);
  return row?.content ?? undefined;
}

/** Newest first. JSON columns as plain objects. */
export async function listRuns(reader: Reader, limit: number) {
  const rows = await reader.all<Record<"settings" | "data" | "metrics", unknown>>(
    `SELECT id, asked_by, state, settings, data, metrics, note, started_at, finished_at
     FROM recommend_runs ORDER BY id DESC LIMIT $1`,
    [limit],
  );
  return rows.map(({ settings, data, metrics, ...row }) => ({
    ...row,
    settings: objectFrom(settings),
    data: objectFrom(data),
    metrics: objectFrom(metrics),
  }));
}

/** Newest first, without what is in them. */
export async function listModels(reader: Reader, limit: number) {
  const rows = await reader.all<Record<"settings" | "metrics", unknown>>(
    `SELECT id, run_id, role, settings, metrics, COALESCE(LENGTH(content), 0) AS bytes, created_at
     FROM recommend_models ORDER BY id DESC LIMIT $1`,
    [limit],
  );
  return rows.map(({ settings, metrics, ...row }) => ({
    ...row,
    settings: objectFrom(settings),
    metrics: objectFrom(metrics),
  }));
}

/** A list of recommendations that somebody was shown. */
export interface Shown {
  user_id: number;
  context: string;
  /** Absent where no model had a hand in it. */
  model_id: number | null;
  /** In the order shown. */
  products: readonly number[];
  created_at: string;
}

export async function insertShown(tx: Transaction, shown: readonly Shown[]): Promise<void> {
  await insertMany(tx, {
    table: "recommendations_log",
    columns: ["user_id", "context", "model_id", "products", "created_at"],
    rows: shown.map((list) => [list.user_id, list.context, list.model_id, new Json(list.products), list.created_at]),
  });
}

/** What was shown since a moment, from above the id `after`, by rising id. */
export async function listShown(reader: Reader, after: number, since: string, limit: number) {
  const rows = await reader.all<Omit<Shown, "products"> & { id: number; products: unknown }>(
    `SELECT id, user_id, context, model_id, products, created_at FROM recommendations_log
     WHERE id > $1 AND created_at >= $2 ORDER BY id LIMIT $3`,
    [after, since, limit],
  );
  // Only insertShown writes there.
  return rows.map((row) => ({ ...row, products: fromJson(row.products) as number[] }));
}

export interface EventRecord {
  user_id: number;
  product_id: number;
  type: "view" | "click" | "dismiss";
  created_at: string;
}

export async function insertEvent(tx: Transaction, event: EventRecord): Promise<void> {
  await tx.run("INSERT INTO recommend_events (user_id, product_id, type, created_at) VALUES ($1, $2, $3, $4)", [
    event.user_id,
    event.product_id,
    event.type,
    event.created_at,
  ]);
}

/** What a customer does not want to see again. */
export async function listDismissed(reader: Reader, userId: number): Promise<number[]> {
  const rows = await reader.all<{ product_id: number }>(
    "SELECT DISTINCT product_id FROM recommend_events WHERE user_id = $1 AND type = 'dismiss'",
    [userId],
  );
  return rows.map(({ product_id }) => product_id);
}

/** Who clicked on what, since a moment. */
export function listClicks(reader: Reader, since: string) {
  return reader.all<Pick<EventRecord, "user_id" | "product_id" | "created_at">>(
    "SELECT user_id, product_id, created_at FROM recommend_events WHERE type = 'click' AND created_at >= $1",
    [since],
  );
}

/** Deletes what was shown, viewed and clicked before a moment. What was dismissed stays dismissed. */
export async function deleteOldRecords(tx: Transaction, before: string): Promise<void> {
  await tx.run("DELETE FROM recommendations_log WHERE created_at < $1", [before]);
  await tx.run("DELETE FROM recommend_events WHERE created_at < $1 AND type <> 'dismiss'", [before]);
}

/** The models that answer requests. */
export function findInUse(reader: Reader): Promise<{ id: number; role: "serving" | "candidate" }[]> {
  return reader.all("SELECT id, role FROM recommend_models WHERE role IN ('serving', 'candidate')");
}
