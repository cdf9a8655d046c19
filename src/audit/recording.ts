import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { type Happening, record } from "./audit";

/** A shop in which everything that is written goes into the audit too, as one happening. */
export interface ShopOnRecord extends Shop {
  /** Whether what happened is written down by now, or was before. */
  isRecorded(): boolean;
}

/** What a verb says of itself while it runs. */
interface Remarks {
  details: Record<string, unknown>;
  is?: "replay" | "look";
}

const remarks = new WeakMap<Transaction, Remarks>();

/**
 * The same shop for somebody whose deeds are on record: admins, and the command line. The first transaction that is
 * run in it also writes the entry, so both happen or neither does; a long piece of work has its entry from its first
 * part on. Whoever opens no transaction has changed nothing and leaves no entry; a verb that refuses throws within its own.
 */
export function onRecord(shop: Shop, happening: Happening): ShopOnRecord {
  let recorded = false;
  const transaction: Shop["database"]["transaction"] = async (work) => {
    if (recorded) return shop.database.transaction(work);
    // Each try of a transaction says for itself what it is.
    let said: Remarks = { details: {} };
    const result = await shop.database.transaction(async (tx) => {
      remarks.set(tx, (said = { details: {} }));
      const result = await work(tx);
      const details = { ...happening.details, ...said.details };
      if (said.is === undefined) await record(shop, tx, { ...happening, details });
      return result;
    });
    recorded = said.is !== "look";
    return result;
  };
  return { ...shop, database: { ...shop.database, transaction }, isRecorded: () => recorded };
}

/** For the audit, where this is on record: more of what is done, beside what was asked for. */
export function note(tx: Transaction, details: Record<string, unknown>): void {
  Object.assign(remarks.get(tx)?.details ?? {}, details);
}

/** The same for what is changed: `{ price: [4, 5] }` for each field of `change`. */
export function noteChange<Subject extends object>(
  tx: Transaction,
  change: { [Field in keyof Subject]?: unknown },
  before: Subject,
  after: Subject,
): void {
  for (const [field, value] of Object.entries(change)) {
    if (value !== undefined) note(tx, { [field]: [Reflect.get(before, field), Reflect.get(after, field)] });
  }
}

/** This was done, and recorded, before: only the answer is given once more. */
export function noteReplay(tx: Transaction): void {
  const said = remarks.get(tx);
  if (said) said.is = "replay";
}

/** This transaction only looks, and what it belongs to may yet do something. */
export function noteLook(tx: Transaction): void {
  const said = remarks.get(tx);
  if (said) said.is = "look";
}
