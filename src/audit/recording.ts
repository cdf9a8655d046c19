import type { AuditedShop, AuditEvent } from "../shop/audited-shop";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { record } from "./audit";

/** What a verb says of its own transaction while it runs. */
interface Remarks {
  details: Record<string, unknown>;
  is?: "replay" | "read-only";
}

const remarks = new WeakMap<Transaction, Remarks>();

/**
 * The same shop for a caller whose writes are audited: an admin, or the command line. The first transaction that is run in
 * it also writes the entry, so both happen or neither does; a long piece of work has its entry from its first part on. A
 * verb that opens no transaction has changed nothing and leaves no entry; one that refuses throws within its own.
 */
export function audited(shop: Shop, event: AuditEvent): AuditedShop {
  let recorded = false;
  const transaction: Shop["database"]["transaction"] = async (work) => {
    if (recorded) return shop.database.transaction(work);
    // A transaction may be tried again, and each try says for itself what it is.
    let said: Remarks = { details: {} };
    const result = await shop.database.transaction(async (tx) => {
      remarks.set(tx, (said = { details: {} }));
      const result = await work(tx);
      const details = { ...event.details, ...said.details };
      if (said.is === undefined) await record(shop, tx, { ...event, details });
      return result;
    });
    recorded = said.is !== "read-only";
    return result;
  };
  return { ...shop, database: { ...shop.database, transaction }, isRecorded: () => recorded };
}

/** Adds to the audit's entry, where this transaction has one: more of what is done, beside what was asked for. */
export function addDetails(tx: Transaction, details: Record<string, unknown>): void {
  Object.assign(remarks.get(tx)?.details ?? {}, details);
}

/** Adds what is changed: `{ price: [4, 5] }` for each field of `change`. */
export function addChange<Subject extends object>(
  tx: Transaction,
  change: { [Field in keyof Subject]?: unknown },
  before: Subject,
  after: Subject,
): void {
  for (const [field, value] of Object.entries(change)) {
    if (value !== undefined) addDetails(tx, { [field]: [Reflect.get(before, field), Reflect.get(after, field)] });
  }
}

/** Says that this was done, and recorded, before: only the answer is given once more. */
export function markReplay(tx: Transaction): void {
  const said = remarks.get(tx);
  if (said) said.is = "replay";
}

/** Says that this transaction changes nothing; a later one of the same call may yet do so, and has the entry then. */
export function markReadOnly(tx: Transaction): void {
  const said = remarks.get(tx);
  if (said) said.is = "read-only";
}
