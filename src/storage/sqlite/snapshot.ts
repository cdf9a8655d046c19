import type { Database as Connection } from "bun:sqlite";
import type { Prepare } from "./statements";

/**
 * One look at the database for all that is read in one turn of the event loop. A read by itself takes a lock and gives it
 * back, which costs three times what finding a row does. Nobody sees less for it: what is read in this turn was asked
 * for before it began, and our own writes end it.
 */
export function sharedSnapshot(connection: Connection, prepare: Prepare): { begin(): void; end(): void } {
  let open = false;
  const rollBack = () => {
    try {
      if (connection.inTransaction) connection.run("ROLLBACK");
    } catch {
      // Then it ends with the next look.
    }
  };
  const end = () => {
    if (!open) return;
    open = false;
    // A failed read may have ended it already.
    if (!connection.inTransaction) return;
    try {
      prepare("COMMIT").run();
    } catch {
      // SQLite says again what a read has failed with, such as a damaged page. Its reader has heard; nobody waits for this.
      rollBack();
    }
  };
  const begin = () => {
    if (open) return;
    prepare("BEGIN").run();
    open = true;
    setImmediate(end);
  };
  return { begin, end };
}
