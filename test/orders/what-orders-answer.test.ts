import { describe, expect, test } from "bun:test";
import { buy } from "../support/buying";
import { runCommand } from "../support/command";
import { newStripeShop } from "../support/stripe-shop";
import { newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";

/**
 * Where an order's answer has what is written about it, as a path into it. Who asks the database for it stands in
 * test/storage/readers.test.ts, with every other column.
 */
const answers: Record<string, Record<string, string>> = {
  orders: {
    id: "id",
    user_id: "user_id",
    status: "status",
    payment_status: "payment_status",
    payment_method: "payment_method",
    subtotal_minor: "subtotal",
    discount_minor: "discount",
    shipping_minor: "shipping",
    tax_minor: "tax",
    included_tax_minor: "tax_included",
    total_minor: "total_amount",
    cancelled_minor: "amount_due",
    taxes: "taxes.0.name",
    shipping_method: "shipping_method.name",
    currency: "currency",
    address: "address.city",
    billing_address: "billing_address.city",
    placed_at: "placed_at",
    delivery_eta: "delivery_eta",
    hold_until: "hold_until",
    coupon_code: "coupon_code",
    email: "email",
    tax_id: "tax_id",
    customer_note: "customer_note",
    tags: "tags.0",
  },
  order_items: {
    line: "items.0.line",
    product_id: "items.0.product_id",
    qty: "items.0.qty",
    price_minor: "items.0.price_at_purchase",
    name: "items.0.name",
    sku: "items.0.sku",
    slug: "items.0.slug",
    category: "items.0.category",
    options: "items.0.options",
    image_url: "items.0.image_url",
    tax_class: "items.0.tax_class",
    discount_minor: "items.0.discount",
    tax_minor: "items.0.tax",
  },
  order_history: {
    status: "history.0.status",
    payment_status: "history.0.payment_status",
    cause: "history.0.cause",
    at: "history.0.at",
  },
  order_notes: {
    user_id: "notes.0.user_id",
    note: "notes.0.note",
    created_at: "notes.0.created_at",
  },
  shipments: {
    id: "shipments.0.id",
    tracking_number: "shipments.0.tracking_number",
    carrier: "shipments.0.carrier",
    shipped_at: "shipments.0.shipped_at",
  },
  unit_moves: {
    line: "shipments.0.lines.0.line",
    qty: "shipments.0.lines.0.qty",
  },
  payments: {
    id: "payments.0.id",
    is_current: "payments.0.is_current",
    provider: "payments.0.provider",
    state: "payments.0.state",
    amount_minor: "payments.0.amount",
    captured_minor: "payments.0.captured",
    refunded_minor: "payments.0.refunded",
    flag: "payments.0.flag",
    created_at: "payments.0.created_at",
    captured_at: "payments.0.captured_at",
  },
  refunds: {
    id: "refunds.0.id",
    amount_minor: "refunds.0.amount",
    reason: "refunds.0.reason",
    state: "refunds.0.state",
    source: "refunds.0.source",
    is_shipping: "refunds.0.shipping",
    failure: "refunds.0.failure",
    created_at: "refunds.0.created_at",
    sent_at: "refunds.0.sent_at",
    ended_at: "refunds.0.ended_at",
    resent_as: "refunds.0.resent_as",
  },
  refund_lines: {
    line: "refunds.0.lines.0.line",
    qty: "refunds.0.lines.0.qty",
  },
};

describe.each(engines)("what is written about orders on $name", (engine) => {
  test("an order with everything in it answers all of it", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const buyer = await newBuyer(shop);
    const mug = await stockShelf(shop, { sku: "M", image_url: "https://shop.example/m.jpg", price: 100 });
    await admin.post("/tax-rates", { name: "VAT", percent: 20 });
    await admin.post("/shipping-methods", { name: "Post", price: 10 });
    await admin.post("/coupons", { code: "TEN", percent: 10 });
    const { body } = await buy(buyer, [{ id: mug.id, qty: 2 }], {
      coupon_code: "TEN",
      billing_address_id: buyer.address_id,
      customer_note: "Ring.",
      tax_id: "T1",
    });
    const id = body.order_id;
    await admin.patch(`/orders/${id}`, { tags: ["gift"] });
    await admin.post(`/orders/${id}/notes`, { note: "Called." });
    await admin.post(`/orders/${id}/shipment`, { tracking_number: "T", carrier: "Post" });
    await admin.post(`/orders/${id}/delivery`);
    await admin.post(`/orders/${id}/refund`, { lines: [{ line: 1, qty: 1 }], reason: "cracked" });
    const order = (await admin.get(`/orders/${id}`)).body;
    const at = (way: string) => way.split(".").reduce((value, key) => value?.[key], order);
    for (const path of Object.values(answers).flatMap((one) => Object.values(one))) {
      expect([path, at(path)]).not.toEqual([path, undefined]);
    }
  });

  test("a command says of an order what the API does", async () => {
    const { buyer, referenceOf, shop, stripe, product } = await newStripeShop(engine, { PRICES_INCLUDE_TAX: "off" });
    const admin = await newClient(shop, { admin: true });
    await admin.patch(`/products/${product}`, { name: "Red Mug", sku: "RM", price: 100 });
    await admin.post("/tax-rates", { name: "CGST", percent: 9 });
    await admin.post("/tax-rates", { name: "SGST", percent: 9 });
    await admin.post("/shipping-methods", { name: "Post", price: 50 });
    await admin.post("/coupons", { code: "TEN", percent: 10 });
    const { body: office } = await buyer.post("/orders/addresses", {
      label: "Office",
      address_line: "1 Mill Lane",
      city: "Nagpur",
      pincode: "440001",
    });
    const more = { coupon_code: "TEN", billing_address_id: office.id, tax_id: "27AAAAA0000A1Z5" };
    const { order_id: id } = (await buy(buyer, [{ id: product, qty: 2 }], { payment_method: "stripe", ...more })).body;
    const shown = async () => (await runCommand(shop, ["order", "show", id])).text;
    // Two at 100 less 20, and their 50 of delivery: 230, with twice 20.70 of tax.
    const waiting = await shown();
    for (const words of [
      "for its payment.",
      "Expected 2030",
      "discount 20 (TEN), delivery 50 (Post), taxes 41.4 (CGST 9 % 20.7, SGST 9 % 20.7), total 271.4",
      "271.4 to be paid",
      "Invoice to: 1 Mill Lane, Nagpur, 440001, IN",
      "Tax number of the customer: 27AAAAA0000A1Z5",
    ])
      expect(waiting).toContain(words);
    expect(waiting).toMatch(/CODE +PRODUCT +QTY +PRICE +DISCOUNT +TAX +TO PACK\nRM +Red Mug +2 +100 +20 +32.4 +2\n/);
    stripe.pay(await referenceOf(id));
    await buyer.post(`/orders/${id}/payment`);
    const refund = { lines: [{ product_id: product, qty: 1 }], shipping: true, reason: "cracked" };
    expect((await admin.post(`/orders/${id}/refund`, refund)).status).toBe(200);
    await admin.post(`/orders/${id}/refund`, { amount: 5, by_hand: true });
    const paid = await shown();
    expect(paid).toMatch(/Refund \d+ of 165.2 \w+ for 1 Red Mug and the delivery, \S+: done, cracked\n/);
    expect(paid).toMatch(/Refund \d+ of 5 \w+, \S+: done, by hand\n/);
    expect(paid).toMatch(/Payment of 271.4 \w+ by stripe: paid 2030\S+, 170.2 of it paid back\n/);
    expect(paid).not.toContain("for its payment");
  });
});
