import type { Reader } from "../../storage/database";

/** The models that answer requests. */
export function findInUse(reader: Reader): Promise<{ id: number; role: "serving" | "candidate" }[]> {
  return reader.all("SELECT id, role FROM recommend_models WHERE role IN ('serving', 'candidate')");
}

export async function findModelContent(reader: Reader, id: number): Promise<Uint8Array | undefined> {
  const row = await reader.first<{ content: Uint8Array | null }>("SELECT content FROM recommend_models WHERE id = $1", [
    id,
  ]);
  return row?.content ?? undefined;
}
