import { ShopError } from "../base/errors";
import type { Shop } from "../shop/shop";
import { deleteAddress, findAddress, insertAddress, listAddressesOf, updateAddress } from "./address-queries";
import type { Address, NewAddress } from "./schema";

export function addAddress(shop: Shop, userId: number, address: NewAddress): Promise<Address> {
  return shop.database.transaction((tx) => insertAddress(tx, userId, address, shop.now().toISOString()));
}

export function listAddresses(shop: Shop, userId: number): Promise<Address[]> {
  return listAddressesOf(shop.database, userId);
}

/** Somebody else's address is as unknown as none: `not_found`. */
export async function getAddress(shop: Shop, userId: number, id: number): Promise<Address> {
  return known(await findAddress(shop.database, userId, id));
}

export async function changeAddress(shop: Shop, userId: number, id: number, address: NewAddress): Promise<Address> {
  return known(await shop.database.transaction((tx) => updateAddress(tx, userId, id, address)));
}

/** Orders keep their own copy of the address that they went to. */
export async function removeAddress(shop: Shop, userId: number, id: number): Promise<void> {
  known(await shop.database.transaction((tx) => deleteAddress(tx, userId, id)));
}

function known(address: Address | undefined): Address {
  if (!address) throw new ShopError("not_found", "There is no such address.");
  return address;
}
