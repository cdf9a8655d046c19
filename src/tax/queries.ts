import type { Reader, Transaction } from "../storage/database";
import { insertOne } from "../storage/rows";

/** A rate as it is written down. */
export interface RateRecord {
  name: string;
  percent_thousandths: number;
  tax_class: string;
  country: string | null;
  state: string | null;
  /** The state as it is compared. */
  state_key: string | null;
  created_at: string;
}

export interface RateRow extends RateRecord {
  id: number;
}

const COLUMNS = "id, name, percent_thousandths, tax_class, country, state, state_key, created_at";

/** All of them. There are tens, not thousands. */
export function findRates(reader: Reader): Promise<RateRow[]> {
  return reader.all<RateRow>(`SELECT ${COLUMNS} FROM tax_rates ORDER BY id`);
}

/** One that nobody else changes until this transaction ends. */
export function holdRate(tx: Transaction, id: number): Promise<RateRow | undefined> {
  return tx.first<RateRow>(`UPDATE tax_rates SET name = name WHERE id = $1 RETURNING ${COLUMNS}`, [id]);
}

export async function insertRate(tx: Transaction, rate: RateRecord): Promise<RateRow> {
  return { ...rate, id: await insertOne(tx, "tax_rates", { ...rate }) };
}

export async function updateRate(tx: Transaction, { id, name, percent_thousandths }: RateRow): Promise<void> {
  await tx.run("UPDATE tax_rates SET name = $2, percent_thousandths = $3 WHERE id = $1", [
    id,
    name,
    percent_thousandths,
  ]);
}

/** False when it is not there. Orders keep what they were taxed with. */
export async function deleteRate(tx: Transaction, id: number): Promise<boolean> {
  return (await tx.run("DELETE FROM tax_rates WHERE id = $1", [id])) === 1;
}
