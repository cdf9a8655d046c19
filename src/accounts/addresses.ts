import { ShopError } from "../base/errors";
import type { Settings } from "../shop/settings";
import type { Shop } from "../shop/shop";
import { holdLock } from "../storage/locks";
import {
  type AddressRow,
  countAddressesOf,
  deleteAddress,
  findAddress,
  findFirstAddresses,
  insertAddress,
  listAddressesOf,
  updateAddress,
} from "./address-queries";
import type { Address, NewAddress } from "./schema";

/** They come whole wherever they are listed, so there is an end to them. */
export const ADDRESSES_MOST = 50;

/** Throws `conflict` for one more than a customer may have. */
export async function addAddress(shop: Shop, userId: number, address: NewAddress): Promise<Address> {
  const now = shop.now().toISOString();
  const row = await shop.database.transaction(async (tx) => {
    // Two at once would both count what was there before.
    await holdLock(tx, `addresses of ${userId}`);
    if ((await countAddressesOf(tx, userId)) >= ADDRESSES_MOST) {
      throw new ShopError("conflict", `There are ${ADDRESSES_MOST} addresses already. Remove one that is not needed.`);
    }
    return insertAddress(tx, userId, address, now);
  });
  return presentAddress(shop.settings, row);
}

export async function listAddresses(shop: Shop, userId: number): Promise<Address[]> {
  return (await listAddressesOf(shop.database, userId)).map((row) => presentAddress(shop.settings, row));
}

/** Another customer's address is as unknown as none: `not_found`. */
export async function changeAddress(shop: Shop, userId: number, id: number, address: NewAddress): Promise<Address> {
  return known(shop, await shop.database.transaction((tx) => updateAddress(tx, userId, id, address)));
}

/** Orders keep their own copy of the address that they went to. */
export async function removeAddress(shop: Shop, userId: number, id: number): Promise<void> {
  known(shop, await shop.database.transaction((tx) => deleteAddress(tx, userId, id)));
}

/** One of a customer's addresses. Another customer's is as unknown as none: `not_found`. */
export async function getAddress(
  reader: Parameters<typeof findAddress>[0],
  settings: Settings,
  userId: number,
  id: number,
): Promise<Address> {
  return known({ settings }, await findAddress(reader, userId, id));
}

/** Everybody's first address, by customer. */
export async function listFirstAddresses({ database, settings }: Shop): Promise<Map<number, Address>> {
  const rows = await findFirstAddresses(database);
  return new Map([...rows].map(([user, row]) => [user, presentAddress(settings, row)]));
}

/** An address that names no country lies in the shop's own. */
export const presentAddress = ({ country }: Pick<Settings, "country">, row: AddressRow): Address => ({
  ...row,
  country: row.country ?? country,
});

function known({ settings }: Pick<Shop, "settings">, row: AddressRow | undefined): Address {
  if (!row) throw new ShopError("not_found", "There is no such address.");
  return presentAddress(settings, row);
}
