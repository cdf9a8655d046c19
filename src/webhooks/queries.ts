import { fromJson, Json, type Reader, type Transaction } from "../storage/database";
import { one } from "../storage/sql";
import type { Webhook } from "./schema";

/** A webhook with the number of the secret that it has now. */
export type StoredWebhook = Webhook & { generation: number };

const COLUMNS = "id, url, types, state, generation, rotated_at, created_at";

type WebhookRow = Omit<StoredWebhook, "types"> & { types: unknown };

// What lies there was checked when it was written.
const toWebhook = (row: WebhookRow): StoredWebhook => ({ ...row, types: fromJson(row.types) as Webhook["types"] });

export async function listWebhookRows(reader: Reader): Promise<StoredWebhook[]> {
  return (await reader.all<WebhookRow>(`SELECT ${COLUMNS} FROM webhooks ORDER BY id`)).map(toWebhook);
}

export async function findWebhook(reader: Reader, id: number): Promise<StoredWebhook | undefined> {
  const row = await reader.first<WebhookRow>(`SELECT ${COLUMNS} FROM webhooks WHERE id = $1`, [id]);
  return row && toWebhook(row);
}

export async function insertWebhook(
  tx: Transaction,
  { url, types, created_at }: Pick<Webhook, "url" | "types" | "created_at">,
): Promise<StoredWebhook> {
  const row = await tx.first<WebhookRow>(
    `INSERT INTO webhooks (url, types, state, created_at) VALUES ($1, $2, 'active', $3) RETURNING ${COLUMNS}`,
    [url, new Json(types), created_at],
  );
  return toWebhook(one(row));
}

/** Writes what is given and leaves the rest. Undefined when there is no such webhook. */
export async function updateWebhook(
  tx: Transaction,
  id: number,
  {
    url,
    types,
    state,
  }: { url?: string | undefined; types?: Webhook["types"] | undefined; state?: Webhook["state"] | undefined },
): Promise<StoredWebhook | undefined> {
  const row = await tx.first<WebhookRow>(
    `UPDATE webhooks SET url = COALESCE($2, url), types = COALESCE($3, types), state = COALESCE($4, state)
     WHERE id = $1 RETURNING ${COLUMNS}`,
    [id, url ?? null, types ? new Json(types) : null, state ?? null],
  );
  return row && toWebhook(row);
}

export async function rotateSecret(tx: Transaction, id: number, now: string): Promise<StoredWebhook | undefined> {
  const row = await tx.first<WebhookRow>(
    `UPDATE webhooks SET generation = generation + 1, rotated_at = $2 WHERE id = $1 RETURNING ${COLUMNS}`,
    [id, now],
  );
  return row && toWebhook(row);
}

export function deleteWebhookRow(tx: Transaction, id: number): Promise<number> {
  return tx.run("DELETE FROM webhooks WHERE id = $1", [id]);
}
