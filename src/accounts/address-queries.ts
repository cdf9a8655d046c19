import { insertRows } from "../storage/rows";
import { one } from "../storage/sql";
import type { Reader, Transaction, Value } from "../storage/database";
import type { Address, NewAddress } from "./schema";

const COLUMNS = "id, user_id, label, address_line, city, state, pincode, lat, lng";

export function findAddress(reader: Reader, userId: number, id: number): Promise<Address | undefined> {
  return reader.first<Address>(`SELECT ${COLUMNS} FROM addresses WHERE id = $1 AND user_id = $2`, [id, userId]);
}

export function listAddressesOf(reader: Reader, userId: number): Promise<Address[]> {
  return reader.all<Address>(`SELECT ${COLUMNS} FROM addresses WHERE user_id = $1 ORDER BY id`, [userId]);
}

export async function insertAddress(
  tx: Transaction,
  userId: number,
  address: NewAddress,
  now: string,
): Promise<Address> {
  const row = await tx.first<Address>(
    `INSERT INTO addresses (user_id, label, address_line, city, state, pincode, lat, lng, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${COLUMNS}`,
    [userId, ...fields(address), now],
  );
  return one(row);
}

/** Writes down many addresses of many customers. */
export async function insertAddresses(
  tx: Transaction,
  addresses: readonly (NewAddress & { user_id: number; created_at: string })[],
): Promise<void> {
  await insertRows(
    tx,
    "addresses",
    addresses.map(({ user_id, label, address_line, city, state, pincode, lat, lng, created_at }) => ({
      user_id,
      label,
      address_line,
      city,
      state: state ?? null,
      pincode,
      lat: lat ?? null,
      lng: lng ?? null,
      created_at,
    })),
  );
}

/** Everybody's first address, by customer. */
export async function findFirstAddresses(reader: Reader): Promise<Map<number, Address>> {
  const addresses = await reader.all<Address>(
    `SELECT ${COLUMNS} FROM addresses WHERE id IN (SELECT MIN(id) FROM addresses GROUP BY user_id)`,
  );
  return new Map(addresses.map((address) => [address.user_id, address]));
}

export function updateAddress(
  tx: Transaction,
  userId: number,
  id: number,
  address: NewAddress,
): Promise<Address | undefined> {
  return tx.first<Address>(
    `UPDATE addresses SET label = $3, address_line = $4, city = $5, state = $6, pincode = $7, lat = $8, lng = $9
     WHERE id = $1 AND user_id = $2 RETURNING ${COLUMNS}`,
    [id, userId, ...fields(address)],
  );
}

export function deleteAddress(tx: Transaction, userId: number, id: number): Promise<Address | undefined> {
  return tx.first<Address>(`DELETE FROM addresses WHERE id = $1 AND user_id = $2 RETURNING ${COLUMNS}`, [id, userId]);
}

function fields(address: NewAddress): Value[] {
  const { label, address_line, city, state, pincode, lat, lng } = address;
  return [label, address_line, city, state ?? null, pincode, lat ?? null, lng ?? null];
}
