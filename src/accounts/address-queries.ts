import { insertRows } from "../storage/rows";
import { countOf, one } from "../storage/sql";
import type { Reader, Transaction, Value } from "../storage/database";
import type { Address, NewAddress } from "./schema";

/** An address as it is written down: one from before may name no country. */
export type AddressRow = Omit<Address, "country"> & { country: string | null };

const COLUMNS = "id, user_id, label, address_line, city, state, pincode, country, full_name, phone, lat, lng";

export function findAddress(reader: Reader, userId: number, id: number): Promise<AddressRow | undefined> {
  return reader.first<AddressRow>(`SELECT ${COLUMNS} FROM addresses WHERE id = $1 AND user_id = $2`, [id, userId]);
}

export function listAddressesOf(reader: Reader, userId: number): Promise<AddressRow[]> {
  return reader.all<AddressRow>(`SELECT ${COLUMNS} FROM addresses WHERE user_id = $1 ORDER BY id`, [userId]);
}

export function countAddressesOf(reader: Reader, userId: number): Promise<number> {
  return countOf(reader, "SELECT COUNT(*) FROM addresses WHERE user_id = $1", [userId]);
}

export async function insertAddress(
  tx: Transaction,
  userId: number,
  address: NewAddress,
  now: string,
): Promise<AddressRow> {
  const row = await tx.first<AddressRow>(
    `INSERT INTO addresses (user_id, label, address_line, city, state, pincode, lat, lng, country, full_name, phone, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING ${COLUMNS}`,
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
    addresses.map(({ user_id, created_at, ...address }) => ({
      user_id,
      label: address.label,
      address_line: address.address_line,
      city: address.city,
      state: address.state ?? null,
      pincode: address.pincode,
      country: address.country ?? null,
      full_name: address.full_name ?? null,
      phone: address.phone ?? null,
      lat: address.lat ?? null,
      lng: address.lng ?? null,
      created_at,
    })),
  );
}

/** Everybody's first address, by customer. */
export async function findFirstAddresses(reader: Reader): Promise<Map<number, AddressRow>> {
  const addresses = await reader.all<AddressRow>(
    `SELECT ${COLUMNS} FROM addresses WHERE id IN (SELECT MIN(id) FROM addresses GROUP BY user_id)`,
  );
  return new Map(addresses.map((address) => [address.user_id, address]));
}

export function updateAddress(
  tx: Transaction,
  userId: number,
  id: number,
  address: NewAddress,
): Promise<AddressRow | undefined> {
  return tx.first<AddressRow>(
    `UPDATE addresses SET label = $3, address_line = $4, city = $5, state = $6, pincode = $7, lat = $8, lng = $9,
       country = $10, full_name = $11, phone = $12
     WHERE id = $1 AND user_id = $2 RETURNING ${COLUMNS}`,
    [id, userId, ...fields(address)],
  );
}

export function deleteAddress(tx: Transaction, userId: number, id: number): Promise<AddressRow | undefined> {
  return tx.first<AddressRow>(`DELETE FROM addresses WHERE id = $1 AND user_id = $2 RETURNING ${COLUMNS}`, [
    id,
    userId,
  ]);
}

function fields({ label, address_line, city, pincode, ...address }: NewAddress): Value[] {
  const { state, lat, lng, country, full_name, phone } = address;
  const given = [label, address_line, city, state, pincode, lat, lng, country, full_name, phone];
  return given.map((value) => value ?? null);
}

/** Makes one customer's addresses another's. */
export async function moveAddresses(tx: Transaction, from: number, to: number): Promise<void> {
  await tx.run("UPDATE addresses SET user_id = $2 WHERE user_id = $1", [from, to]);
}
