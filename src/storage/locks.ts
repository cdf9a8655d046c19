import type { Transaction } from "./database";

/** Keeps others from holding the same name until this transaction ends. On SQLite there is only one writer anyway. */
export async function holdLock(tx: Transaction, name: string): Promise<void> {
  if (tx.engine === "postgres") await tx.all("SELECT pg_advisory_xact_lock(hashtext($1))", [name]);
}
