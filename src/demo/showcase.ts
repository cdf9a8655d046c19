import { addAddress } from "../accounts/addresses";
import { insertGuest } from "../accounts/guest-queries";
import { addToCart } from "../carts/carts";
import { keepPicture } from "../catalog/images";
import { listFreely } from "../catalog/for-sale";
import { cancelOrder } from "../orders/cancellation";
import { placeOrder } from "../orders/checkout";
import { deliverOrder, packOrder, shipOrder } from "../orders/fulfilment";
import { receiveEvent } from "../orders/payment-events";
import { refundOrder } from "../orders/refunds";
import { chooseOutcome } from "../payments/gateways/mock";
import { requestReturn } from "../returns/returns";
import { createMethod, listMethods } from "../shipping/methods";
import type { Shop } from "../shop/shop";
import { createRate, listRates } from "../tax/rates";
import { drawPicture } from "./pictures";

const VARIATIONS = 3;

/**
 * What a demo shop shows beside a year of orders: pictures, ways of delivery, taxes, and orders of guests in every state, paid
 * for at the mock gateway. Each is left alone where it is there already.
 */
export async function writeShowcase(shop: Shop, progress: (done: number, total: number) => void = () => {}) {
  await writeDelivery(shop);
  await writeTaxes(shop);
  await writePictures(shop, progress);
  return { orders: await writeLiveOrders(shop) };
}

async function writeDelivery(shop: Shop): Promise<void> {
  if ((await listMethods(shop, { all: true })).length > 0) return;
  await createMethod(shop, { name: "Home delivery", description: "Within half an hour, all over the city", price: 0 });
  await createMethod(shop, { name: "At a time of your choice", price: 29, free_from: 999, delivery_minutes: 240 });
}

async function writeTaxes(shop: Shop): Promise<void> {
  if ((await listRates(shop)).length > 0) return;
  for (const name of ["CGST", "SGST"]) {
    await createRate(shop, { name, percent: 2.5, tax_class: "standard", country: shop.settings.country });
  }
}

async function writePictures(shop: Shop, progress: (done: number, total: number) => void): Promise<void> {
  const bare = await listFreely(shop.database);
  const categories = [...Map.groupBy(bare, ({ category }) => category)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  let done = 0;
  for (const [number, [, products]] of categories.entries()) {
    for (let variation = 0; variation < VARIATIONS; variation++) {
      const shown = products.filter((_, at) => at % VARIATIONS === variation);
      if (shown.length > 0) await keepPicture(shop, shown, await drawPicture(number, variation));
    }
    progress(++done, categories.length);
  }
}

/** What becomes of an order that was placed and paid. */
type Fate = (shop: Shop, id: number, productId: number) => Promise<unknown>;

const shipped: Fate = async (shop, id) => {
  await packOrder(shop, id);
  await shipOrder(shop, id, { carrier: "City Couriers", tracking_number: `CC${100_000 + id}` });
};

const delivered: Fate = async (shop, id, productId) => {
  await shipped(shop, id, productId);
  await deliverOrder(shop, id);
};

/** One order of a guest for each way that an order goes. */
const fates: { payment: "mock" | "cod"; pays: boolean; fate: Fate }[] = [
  { payment: "cod", pays: false, fate: async () => {} },
  { payment: "mock", pays: false, fate: async () => {} },
  { payment: "mock", pays: true, fate: async () => {} },
  { payment: "mock", pays: true, fate: (shop, id) => packOrder(shop, id) },
  { payment: "mock", pays: true, fate: shipped },
  { payment: "mock", pays: true, fate: delivered },
  { payment: "mock", pays: true, fate: (shop, id) => cancelOrder(shop, id, "shop") },
  {
    payment: "mock",
    pays: true,
    fate: async (shop, id, productId) => {
      await delivered(shop, id, productId);
      await refundOrder(shop, id, {
        lines: [{ product_id: productId, qty: 1 }],
        reason: "Arrived damaged",
        restock: false,
        by_hand: false,
      });
    },
  },
  {
    payment: "mock",
    pays: true,
    fate: async (shop, id, productId) => {
      await delivered(shop, id, productId);
      await requestReturn(shop, id, { lines: [{ product_id: productId, qty: 1 }], reason: "Another taste" });
    },
  },
];

const GUEST_KEY = "guest:demo-";

async function writeLiveOrders(shop: Shop): Promise<number> {
  const isThere = await shop.database.first("SELECT id FROM users WHERE email_key = $1", [`${GUEST_KEY}0`]);
  if (isThere || !shop.settings.paymentProviders.includes("mock")) return 0;
  const goods = (await listFreely(shop.database, { buyable: true })).slice(0, fates.length * 2);
  for (const [at, { payment, pays, fate }] of fates.entries()) {
    const [first, second] = [goods[2 * at], goods[2 * at + 1]];
    if (!first || !second) return at;
    const now = shop.now().toISOString();
    const guest = await shop.database.transaction((tx) => insertGuest(tx, `${GUEST_KEY}${at}`, now));
    await addToCart(shop, guest, { product_id: first.id, qty: 2 });
    await addToCart(shop, guest, { product_id: second.id, qty: 1 });
    const address = { label: "Home", address_line: `Flat ${at + 1}02, Lake View`, city: "Pune", state: "Maharashtra" };
    const { id: address_id } = await addAddress(shop, guest, { ...address, pincode: "411001", full_name: "Asha Rao" });
    const email = `guest-${at}@example.com`;
    const { order_id } = await placeOrder(shop, guest, { payment_method: payment, address_id, email });
    if (pays) await payAtMock(shop, order_id);
    await fate(shop, order_id, first.id);
  }
  return fates.length;
}

/** As a developer does on the page of the mock gateway. */
async function payAtMock(shop: Shop, orderId: number): Promise<void> {
  const payment = await shop.database.first<{ reference: string }>(
    "SELECT reference FROM payments WHERE order_id = $1 AND is_current = 1",
    [orderId],
  );
  if (!payment) throw new Error(`Order ${orderId} has no payment.`);
  await receiveEvent(shop, "mock", await chooseOutcome(shop, payment.reference, "pay"));
}
