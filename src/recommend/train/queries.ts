import { Json, objectFrom, type Reader, type Transaction } from "../../storage/database";
import { one } from "../../storage/sql";
import type { RunProgress } from "../schema";

export interface StartedRun {
  asked_by: string;
  settings: object;
  started_at: string;
  process: string;
}

/** Begins a run and returns its id; undefined, and nothing changes, while another is running. */
export async function insertRun(tx: Transaction, run: StartedRun): Promise<number | undefined> {
  const row = await tx.first<{ id: number }>(
    `INSERT INTO recommend_runs (asked_by, state, settings, data, metrics, started_at, heard_at, process)
     VALUES ($1, 'running', $2, $3, $3, $4, $4, $5) ON CONFLICT DO NOTHING RETURNING id`,
    [run.asked_by, new Json(run.settings), new Json({}), run.started_at, run.process],
  );
  return row?.id;
}

export interface RunningRun {
  id: number;
  asked_by: string;
  started_at: string;
  process: string | null;
}

/** The training that goes on, of which there is one at most. */
export function findRunningRun(reader: Reader): Promise<RunningRun | undefined> {
  return reader.first("SELECT id, asked_by, started_at, process FROM recommend_runs WHERE state = 'running'");
}

/** Says that another process goes on with a run. */
export async function moveRun(tx: Transaction, id: number, process: string): Promise<void> {
  await tx.run("UPDATE recommend_runs SET process = $2 WHERE id = $1", [id, process]);
}

/** Gives up on a run that nobody has heard of since `before`: its process was killed. */
export async function failSilentRuns(tx: Transaction, before: string, now: string): Promise<void> {
  await tx.run(
    `UPDATE recommend_runs SET state = 'failed', note = 'It was killed.', finished_at = $2
     WHERE state = 'running' AND heard_at < $1`,
    [before, now],
  );
}

/** Says how far a run is. False when it was given up meanwhile. */
export async function touchRun(tx: Transaction, id: number, now: string, progress: RunProgress): Promise<boolean> {
  const changed = await tx.run(
    "UPDATE recommend_runs SET heard_at = $2, data = $3 WHERE id = $1 AND state = 'running'",
    [id, now, new Json({ progress })],
  );
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

/** What a server reads at once: a millisecond or two. */
const BYTES_PER_PIECE = 2 ** 20;

export async function insertModel(tx: Transaction, model: ModelRecord): Promise<number> {
  const pieceAt = (piece: number) => model.content.subarray(piece * BYTES_PER_PIECE, (piece + 1) * BYTES_PER_PIECE);
  const row = await tx.first<{ id: number }>(
    `INSERT INTO recommend_models (run_id, role, settings, metrics, content, created_at, served_at)
     VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $2 = 'kept' THEN NULL ELSE $6 END) RETURNING id`,
    [model.run_id, model.role, new Json(model.settings), new Json(model.metrics), pieceAt(0), model.created_at],
  );
  const { id } = one(row);
  for (let piece = 1; piece * BYTES_PER_PIECE < model.content.length; piece++) {
    await tx.run("INSERT INTO recommend_model_pieces (model_id, piece, content) VALUES ($1, $2, $3)", [
      id,
      piece,
      pieceAt(piece),
    ]);
  }
  return id;
}

/** Takes the model that has this role out of it, to make room for another. */
export async function retireModel(tx: Transaction, role: "serving" | "candidate"): Promise<void> {
  await tx.run("UPDATE recommend_models SET role = 'retired' WHERE role = $1", [role]);
}

/** The role of a model, and whether it has what serving needs. */
export async function findRole(reader: Reader, id: number) {
  const row = await reader.first<{ role: ModelInUse["role"] | "kept" | "retired"; has_content: number }>(
    "SELECT role, CASE WHEN content IS NULL THEN 0 ELSE 1 END AS has_content FROM recommend_models WHERE id = $1",
    [id],
  );
  return row && { role: row.role, hasContent: row.has_content === 1 };
}

export interface ModelInUse {
  id: number;
  role: "serving" | "candidate";
  /** Since when it has this role; null where an older program gave it. */
  served_at: string | null;
}

/** Puts a model to use that is not, or into another use. The role is free. */
export async function useModel(tx: Transaction, { id, role, served_at }: ModelInUse): Promise<void> {
  await tx.run("UPDATE recommend_models SET role = $2, served_at = $3 WHERE id = $1", [id, role, served_at]);
}

/** The models that answer customers, with since when they do. */
export function listInUse(reader: Reader): Promise<ModelInUse[]> {
  return reader.all("SELECT id, role, served_at FROM recommend_models WHERE role IN ('serving', 'candidate')");
}

/** The model that served before the one that serves now. */
const SERVED_LAST = `SELECT id FROM recommend_models WHERE role = 'retired' AND content IS NOT NULL
  ORDER BY COALESCE(served_at, created_at) DESC, id DESC LIMIT 1`;

export async function findServedLast(reader: Reader): Promise<number | undefined> {
  return (await reader.first<{ id: number }>(SERVED_LAST))?.id;
}

/** Throws out the content of all but the newest models that are not in use, and keeps what is known about them. The one that served last stays. */
export async function forgetOldContent(tx: Transaction, keep: number): Promise<void> {
  await tx.run(
    `UPDATE recommend_models SET content = NULL
     WHERE role IN ('retired', 'kept') AND content IS NOT NULL AND id NOT IN (
       SELECT id FROM recommend_models WHERE role IN ('retired', 'kept') ORDER BY id DESC LIMIT $1)
       AND id NOT IN (SELECT id FROM (${SERVED_LAST}) served)`,
    [keep],
  );
  await tx.run(
    "DELETE FROM recommend_model_pieces WHERE model_id IN (SELECT id FROM recommend_models WHERE content IS NULL)",
  );
}

/** The settings of the model in service. */
export async function findServingSettings(reader: Reader): Promise<Record<string, unknown> | undefined> {
  const row = await reader.first<{ settings: unknown }>("SELECT settings FROM recommend_models WHERE role = 'serving'");
  return row && objectFrom(row.settings);
}

/** What a run was begun with, and when. */
export async function findRun(reader: Reader, id: number) {
  const row = await reader.first<{ settings: unknown; started_at: string }>(
    "SELECT settings, started_at FROM recommend_runs WHERE id = $1",
    [id],
  );
  return row && { ...row, settings: objectFrom(row.settings) };
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
export async function listModels(reader: Reader, limit: number, id?: number) {
  const rows = await reader.all<Record<"settings" | "metrics", unknown>>(
    `SELECT id, run_id, role, settings, metrics, created_at, served_at, COALESCE(LENGTH(content), 0) + (
       SELECT CAST(COALESCE(SUM(LENGTH(p.content)), 0) AS INTEGER) FROM recommend_model_pieces p
       WHERE p.model_id = recommend_models.id) AS bytes
     FROM recommend_models${id === undefined ? "" : " WHERE id = $2"} ORDER BY id DESC LIMIT $1`,
    id === undefined ? [limit] : [limit, id],
  );
  return rows.map(({ settings, metrics, ...row }) => ({
    ...row,
    settings: objectFrom(settings),
    metrics: objectFrom(metrics),
  }));
}
