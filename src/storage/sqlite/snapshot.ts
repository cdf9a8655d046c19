import type { Database as Connection } from "bun:sqlite";
import type { Prepare } from "./statements";

/**
 * One look at the database for all that is read in one turn of the event loop. A read by itself takes a lock and gives it
 * back, which costs three times what finding a row does. Nobody sees less for it: what is read in this turn was asked
 * for before it began, and our own writes end it.
 */
export function sharedSnapshot(connection: Connection, prepare: Prepare): { begin(): void; end(): void } {
  let open = false;
  const end = () => {
    if (!open) return;
    open = false;
    // A failed read may have ended it already.
    if (connection.inTransaction) prepare("COMMIT").run();
  };
  const begin = () => {
    if (open) return;
    prepare("BEGIN").run();
    open = true;
    setImmediate(end);
  };
  return { begin, end };
}
