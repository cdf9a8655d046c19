import type { Reader } from "../../storage/database";

export interface InUse {
  id: number;
  role: "serving" | "candidate";
  /** 1 where it lies in more than one piece. */
  is_large: number;
}

/** The models that answer requests. */
export function findInUse(reader: Reader): Promise<InUse[]> {
  return reader.all(
    `SELECT id, role, CASE WHEN EXISTS (SELECT 1 FROM recommend_model_pieces p WHERE p.model_id = recommend_models.id)
       THEN 1 ELSE 0 END AS is_large
     FROM recommend_models WHERE role IN ('serving', 'candidate')`,
  );
}

/** What a model is made of, read piece by piece with a pause after each; undefined where it was thrown out, also meanwhile. */
export async function findModelContent(
  reader: Reader,
  id: number,
  pause: () => Promise<void>,
): Promise<Uint8Array | undefined> {
  const row = await reader.first<{ content: Uint8Array | null; rest: number }>(
    `SELECT content, (SELECT CAST(COALESCE(SUM(LENGTH(p.content)), 0) AS INTEGER) FROM recommend_model_pieces p
       WHERE p.model_id = $1) AS rest
     FROM recommend_models WHERE id = $1`,
    [id],
  );
  if (!row?.content || row.rest === 0) return row?.content ?? undefined;
  const whole = new Uint8Array(row.content.length + row.rest);
  whole.set(row.content);
  for (let filled = row.content.length, piece = 1; filled < whole.length; piece++) {
    await pause();
    const next = await reader.first<{ content: Uint8Array }>(
      "SELECT content FROM recommend_model_pieces WHERE model_id = $1 AND piece = $2",
      [id, piece],
    );
    if (!next) return undefined;
    whole.set(next.content, filled);
    filled += next.content.length;
  }
  return whole;
}
