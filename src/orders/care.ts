import { presentAddress } from "../accounts/addresses";
import type { Address, NewAddress } from "../accounts/schema";
import { addDetails } from "../audit/recording";
import { emailKey } from "../base/email";
import { ShopError } from "../base/errors";
import { tagOf } from "../base/tag";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { getHeldOrder, getOrder } from "./orders";
import { type HeldOrder, updateContact, updateTags } from "./queries";
import type { Order } from "./schema";
import type { NewOrderNote, OrderChange } from "./change-schema";
import { findLastShipment, insertNote, updateShipment } from "./unit-queries";

/** Writes down what the shop's people know about an order. Throws `not_found`. */
export function addNote(
  shop: Shop,
  id: number,
  userId: number | null,
  { note }: typeof NewOrderNote._output,
): Promise<Order> {
  return shop.database.transaction(async (tx) => {
    await getHeldOrder(tx, id);
    await insertNote(tx, { order_id: id, user_id: userId, note, created_at: shop.now().toISOString() });
    return getOrder(tx, id);
  });
}

/**
 * Changes tags, the tracking of the latest shipment, where mail goes, and where the goods go. Throws `not_found`, and
 * `conflict` for an address of what has left, or tracking of what has not. `check` is asked with the order as it is before
 * anything is written.
 */
export function changeOrder(
  shop: Shop,
  id: number,
  change: OrderChange,
  check: (now: Order) => void = () => {},
): Promise<Order> {
  return shop.database.transaction(async (tx) => {
    const order = await getHeldOrder(tx, id);
    const before = await getOrder(tx, id);
    check(before);
    if (change.tags) await updateTags(tx, id, [...new Set(change.tags)]);
    await changeTracking(tx, id, change);
    await changeContact(shop, tx, order, change);
    const after = await getOrder(tx, id);
    if (change.tags) addDetails(tx, { tags: [before.tags, after.tags] });
    return after;
  });
}

/** Another one whenever somebody has written what `changeOrder` writes. */
export const orderTag = ({ tags, email, address, tracking_number, carrier }: Order): string =>
  tagOf([tags, email, address, tracking_number, carrier]);

async function changeTracking(tx: Transaction, id: number, { tracking_number, carrier }: OrderChange): Promise<void> {
  if (tracking_number === undefined && carrier === undefined) return;
  const shipment = await findLastShipment(tx, id);
  if (!shipment) throw new ShopError("conflict", "Nothing of this order has left yet.");
  await updateShipment(tx, shipment.id, { tracking_number, carrier });
}

async function changeContact(
  { settings }: Shop,
  tx: Transaction,
  order: HeldOrder,
  { address, email }: OrderChange,
): Promise<void> {
  if (address && order.status !== "placed" && order.status !== "packed") {
    throw new ShopError("conflict", "This order has left: its address can't be changed any more.");
  }
  if (!address && email === undefined) return;
  const whole = address && wholeAddress(settings, order.user_id, address);
  await updateContact(tx, order.id, {
    ...(whole && { address: whole }),
    ...(email !== undefined && { email, email_key: emailKey(email) }),
  });
}

/** An address that stands in an order alone. */
export const wholeAddress = (
  settings: Parameters<typeof presentAddress>[0],
  user_id: number,
  { label, address_line, city, pincode, ...given }: NewAddress,
): Address =>
  presentAddress(settings, {
    id: 0,
    user_id,
    label,
    address_line,
    city,
    pincode,
    state: given.state ?? null,
    country: given.country ?? null,
    full_name: given.full_name ?? null,
    phone: given.phone ?? null,
    lat: given.lat ?? null,
    lng: given.lng ?? null,
  });
