import { fromJson, Json, type Reader, type Transaction } from "../storage/database";
import { insertOne, type Row } from "../storage/rows";

/** A way of delivery as it is written down, in minor units. */
export interface MethodRecord {
  name: string;
  description: string | null;
  countries: string[] | null;
  states: string[] | null;
  pincodes: string[] | null;
  price_minor: number;
  price_per_kg_minor: number;
  free_from_minor: number | null;
  min_total_minor: number | null;
  max_total_minor: number | null;
  max_grams: number | null;
  delivery_minutes: number | null;
  position: number;
  is_active: boolean;
  created_at: string;
}

export interface StoredMethod extends MethodRecord {
  id: number;
}

type MethodRow = Omit<StoredMethod, "countries" | "states" | "pincodes" | "is_active"> & {
  countries: unknown;
  states: unknown;
  pincodes: unknown;
  is_active: number;
};

const COLUMNS = `id, name, description, countries, states, pincodes, price_minor, price_per_kg_minor, free_from_minor,
  min_total_minor, max_total_minor, max_grams, delivery_minutes, position, is_active, created_at`;

/** All of them, those that are switched off too, as they are listed. */
export async function findMethods(reader: Reader): Promise<StoredMethod[]> {
  const rows = await reader.all<MethodRow>(`SELECT ${COLUMNS} FROM shipping_methods ORDER BY position, id`);
  return rows.map(toMethod);
}

/** One that nobody else changes until this transaction ends. */
export async function holdMethod(tx: Transaction, id: number): Promise<StoredMethod | undefined> {
  const row = await tx.first<MethodRow>(
    `UPDATE shipping_methods SET position = position WHERE id = $1 RETURNING ${COLUMNS}`,
    [id],
  );
  return row && toMethod(row);
}

export async function insertMethod(tx: Transaction, method: MethodRecord): Promise<StoredMethod> {
  return { ...method, id: await insertOne(tx, "shipping_methods", rowOf(method)) };
}

export async function updateMethod(tx: Transaction, { id, ...method }: StoredMethod): Promise<void> {
  const columns = Object.entries(rowOf(method));
  const assignments = columns.map(([column], index) => `${column} = $${index + 2}`).join(", ");
  await tx.run(`UPDATE shipping_methods SET ${assignments} WHERE id = $1`, [id, ...columns.map(([, value]) => value)]);
}

/** False when it is not there. Orders keep what they chose. */
export async function deleteMethod(tx: Transaction, id: number): Promise<boolean> {
  return (await tx.run("DELETE FROM shipping_methods WHERE id = $1", [id])) === 1;
}

function rowOf({ countries, states, pincodes, is_active, ...plain }: MethodRecord): Row {
  return {
    ...plain,
    countries: countries && new Json(countries),
    states: states && new Json(states),
    pincodes: pincodes && new Json(pincodes),
    is_active: Number(is_active),
  };
}

function toMethod({ countries, states, pincodes, is_active, ...row }: MethodRow): StoredMethod {
  return {
    ...row,
    countries: names(countries),
    states: names(states),
    pincodes: names(pincodes),
    is_active: is_active === 1,
  };
}

// What is in the columns was checked when it was written.
const names = (column: unknown) => fromJson(column) as string[] | null;
