import { describe, expect, test } from "bun:test";
import { buy } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

/**
 * Who reads each column that is written about orders: what an order answers, as a path into it, or a file that asks for it
 * (a person is given all that is kept of them: see personal-data.ts).
 * A column that is written and read by nobody is a promise that nobody keeps; one that is missing here fails.
 */
const readers: Record<string, Record<string, string>> = {
  orders: {
    id: "id",
    user_id: "user_id",
    status: "status",
    payment_status: "payment_status",
    payment_method: "payment_method",
    subtotal_minor: "subtotal",
    discount_minor: "discount",
    goods_minor: "src/doctor/price-checks.ts",
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
    metadata: "src/privacy/personal-data.ts",
    source: "src/orders/queries.ts",
    placed_at: "placed_at",
    delivery_eta: "delivery_eta",
    hold_until: "hold_until",
    coupon_code: "coupon_code",
    email: "email",
    email_key: "src/orders/condition-queries.ts",
    tax_id: "tax_id",
    customer_note: "customer_note",
    tags: "tags.0",
  },
  order_items: {
    order_id: "src/orders/unit-queries.ts",
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
    order_id: "src/orders/detail-queries.ts",
    step: "src/orders/detail-queries.ts",
    status: "history.0.status",
    payment_status: "history.0.payment_status",
    cause: "history.0.cause",
    at: "history.0.at",
  },
  order_notes: {
    id: "src/orders/detail-queries.ts",
    order_id: "src/orders/detail-queries.ts",
    user_id: "notes.0.user_id",
    note: "notes.0.note",
    created_at: "notes.0.created_at",
  },
  shipments: {
    id: "shipments.0.id",
    order_id: "src/orders/detail-queries.ts",
    tracking_number: "shipments.0.tracking_number",
    carrier: "shipments.0.carrier",
    shipped_at: "shipments.0.shipped_at",
  },
  unit_moves: {
    id: "src/privacy/personal-data.ts",
    order_id: "src/orders/unit-queries.ts",
    line: "shipments.0.lines.0.line",
    cause: "src/orders/unit-queries.ts",
    qty: "shipments.0.lines.0.qty",
    restocked: "src/doctor/goods-checks.ts",
    shipment_id: "src/orders/detail-queries.ts",
    refund_id: "src/orders/unit-queries.ts",
    at: "src/privacy/personal-data.ts",
  },
  payments: {
    id: "payments.0.id",
    order_id: "src/payments/queries.ts",
    is_current: "payments.0.is_current",
    provider: "payments.0.provider",
    reference: "src/payments/queries.ts",
    gateway_id: "src/payments/gateways/stripe.ts",
    gateway_money: "src/payments/gateways/stripe.ts",
    payment_url: "src/orders/payment-opening.ts",
    state: "payments.0.state",
    amount_minor: "payments.0.amount",
    captured_minor: "payments.0.captured",
    refunded_minor: "payments.0.refunded",
    currency: "src/orders/settle.ts",
    flag: "payments.0.flag",
    disputed_at: "src/orders/present.ts",
    created_at: "payments.0.created_at",
    asked_at: "src/payments/queries.ts",
    captured_at: "payments.0.captured_at",
  },
  refunds: {
    id: "refunds.0.id",
    order_id: "src/payments/refund-queries.ts",
    payment_id: "src/orders/send-refunds.ts",
    reference: "src/orders/send-refunds.ts",
    amount_minor: "refunds.0.amount",
    reason: "refunds.0.reason",
    state: "refunds.0.state",
    source: "refunds.0.source",
    is_shipping: "refunds.0.shipping",
    gateway_id: "src/orders/send-refunds.ts",
    failure: "refunds.0.failure",
    created_at: "refunds.0.created_at",
    sent_at: "refunds.0.sent_at",
    asked_at: "src/orders/send-refunds.ts",
    ended_at: "refunds.0.ended_at",
    resent_as: "refunds.0.resent_as",
  },
  refund_lines: {
    refund_id: "src/orders/detail-queries.ts",
    order_id: "src/orders/detail-queries.ts",
    line: "refunds.0.lines.0.line",
    qty: "refunds.0.lines.0.qty",
  },
};

const columnsOf = async (shop: TestShop, table: string) => {
  const rows = await shop.database.all<{ name: string }>(
    shop.database.engine === "sqlite"
      ? `SELECT name FROM pragma_table_info('${table}')`
      : `SELECT column_name AS name FROM information_schema.columns WHERE table_name = '${table}'`,
  );
  return rows.map(({ name }) => name).toSorted();
};

describe.each(engines)("what is written about orders on $name", (engine) => {
  test("every column has a reader: the order's answer, or a file that asks for it", async () => {
    const shop = await freshShop(engine);
    for (const [table, readersOf] of Object.entries(readers)) {
      expect({ table, columns: await columnsOf(shop, table) }).toEqual({
        table,
        columns: Object.keys(readersOf).toSorted(),
      });
    }
    for (const [table, readersOf] of Object.entries(readers)) {
      for (const [column, reader] of Object.entries(readersOf)) {
        if (!reader.startsWith("src/")) continue;
        const text = await Bun.file(`${import.meta.dir}/../../${reader}`).text();
        expect([table, column, reader, text.includes(column)]).toEqual([table, column, reader, true]);
      }
    }
  });

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
    const at = (path: string) => path.split(".").reduce((value, key) => value?.[key], order);
    for (const reader of Object.values(readers).flatMap((one) => Object.values(one))) {
      if (!reader.startsWith("src/")) expect([reader, at(reader)]).not.toEqual([reader, undefined]);
    }
  });
});
