import type { Reader, Transaction } from "../storage/database";
import { insertReturning, insertRows } from "../storage/rows";
import { listOf } from "../storage/sql";

/** What is known of a name. Times are in seconds. */
export interface Tries {
  level: number;
  countedAt: number;
  /** When there is room for another try that is free, and when nothing is left to remember. */
  usedUpUntil: number;
  forgottenAt: number;
  /** Whether a try was refused in the wait that this brought about. */
  refused?: boolean;
}

interface TryRow {
  name: string;
  level: number;
  counted_at: number;
  used_up_until: number;
  forgotten_at: number;
  refused: number;
}

const COLUMNS = "name, level, counted_at, used_up_until, forgotten_at, refused";

const NOTHING = { level: 0, counted_at: 0, used_up_until: 0, forgotten_at: 0, refused: 0 };

/** What is known of these names. */
export async function findTries(reader: Reader, names: readonly string[]): Promise<Map<string, Tries>> {
  const among = listOf(names);
  const rows = await reader.all<TryRow>(`SELECT ${COLUMNS} FROM tries WHERE name IN ${among.sql}`, among.values);
  return byName(rows);
}

/** What is known of these names, which nobody else changes until the transaction ends. */
export async function holdTries(tx: Transaction, names: readonly string[]): Promise<Map<string, Tries>> {
  const rows = names.map((name) => ({ name, ...NOTHING }));
  // Made where they are not there, since only what is there can be held.
  const tail = `ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING ${COLUMNS}`;
  return byName(await insertReturning<TryRow>(tx, "tries", rows, tail));
}

/** Writes down what has become of names that are held. */
export async function setTries(tx: Transaction, tries: readonly (readonly [string, Tries | undefined])[]) {
  const rows = tries.map(([name, now]) => ({
    name,
    ...(now === undefined
      ? NOTHING
      : {
          level: now.level,
          counted_at: now.countedAt,
          used_up_until: now.usedUpUntil,
          forgotten_at: now.forgottenAt,
          refused: Number(now.refused === true),
        }),
  }));
  await insertRows(
    tx,
    "tries",
    rows,
    `ON CONFLICT (name) DO UPDATE SET level = excluded.level, counted_at = excluded.counted_at,
       used_up_until = excluded.used_up_until, forgotten_at = excluded.forgotten_at, refused = excluded.refused`,
  );
}

/** Removes what nobody waits for any more. */
export function deleteForgottenTries(tx: Transaction, now: number): Promise<number> {
  return tx.run("DELETE FROM tries WHERE forgotten_at <= $1", [now]);
}

function byName(rows: readonly TryRow[]): Map<string, Tries> {
  return new Map(
    rows
      .filter(({ level }) => level > 0)
      .map(({ name, level, counted_at, used_up_until, forgotten_at, refused }) => [
        name,
        {
          level,
          countedAt: counted_at,
          usedUpUntil: used_up_until,
          forgottenAt: forgotten_at,
          refused: refused === 1,
        },
      ]),
  );
}
