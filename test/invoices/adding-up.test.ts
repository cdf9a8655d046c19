import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { invoiceChannel } from "../../src/invoices/channel";
import { issueInvoice } from "../../src/invoices/invoices";
import type { InvoiceDocument } from "../../src/invoices/schema";
import { creditSums, invoiceSums, type Sold, type Sums } from "../../src/invoices/sums";
import { buy, expectSound } from "../support/buying";
import { type Client, newBuyer, newClient } from "../support/client";
import { deliver } from "../support/deliveries";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";
import { newStripeShop } from "../support/stripe-shop";

const cents = (amount: number) => Math.round(amount * 100);

/** Lines, delivery and the taxes that were added, in minor units. */
function partsOf({ lines, shipping, taxes, tax_is_included }: InvoiceDocument): number {
  const added = tax_is_included ? [] : taxes.map(({ tax }) => tax);
  return [...lines.map(({ total }) => total), shipping?.amount ?? 0, ...added].reduce(
    (sum, one) => sum + cents(one),
    0,
  );
}

async function documentsOf(admin: Client): Promise<InvoiceDocument[]> {
  const listed: { id: number }[] = (await admin.get("/invoices?size=100")).body;
  const documents: InvoiceDocument[] = [];
  for (const { id } of listed.toReversed()) documents.push((await admin.get(`/invoices/${id}`)).body.document);
  return documents;
}

describe.each(engines)("what documents come to, on $name", (engine) => {
  test.each(["on", "off"])(
    "each adds up, units have the taxes of their class, and credit notes come to the invoice (taxes in prices: %s)",
    async (PRICES_INCLUDE_TAX) => {
      const shop = await freshShop(engine, { PRICES_INCLUDE_TAX });
      const admin = await newClient(shop, { admin: true });
      await admin.post("/tax-rates", { name: "GST", percent: 5, tax_class: "low" });
      for (const name of ["CGST", "SGST"]) await admin.post("/tax-rates", { name, percent: 9 });
      await admin.post("/shipping-methods", { name: "Post", price: 49 });
      await admin.post("/coupons", { code: "ONE", amount: 1 });
      const book = await stockShelf(shop, { price: 3.33, tax_class: "low", attributes: { "HSN Code": " 4901 " } });
      const mug = await stockShelf(shop, { price: 99.99 });
      const lines = [
        { id: book.id, qty: 3 },
        { id: mug.id, qty: 2 },
      ];
      const id = (await buy(await newBuyer(shop), lines, { coupon_code: "ONE" })).body.order_id;
      for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${id}/${step}`);
      await issueInvoice(shop, id);
      for (const refund of [
        { lines: [{ product_id: book.id, qty: 1 }] },
        { lines: [{ product_id: mug.id, qty: 1 }], shipping: true },
        { amount: 10 },
        {},
      ]) {
        expect((await admin.post(`/orders/${id}/refund`, refund)).status).toBe(200);
      }
      await issueInvoice(shop, id);
      const [invoice, ofBook, ofMug, agreed, rest] = await documentsOf(admin);
      if (!invoice || !ofBook || !ofMug || !agreed || !rest) throw new Error("A document is missing.");
      const notes = [ofBook, ofMug, agreed, rest];
      for (const document of [invoice, ...notes]) expect(partsOf(document)).toBe(cents(document.total));
      expect(notes.reduce((sum, { total }) => sum + cents(total), 0)).toBe(cents(invoice.total));
      for (const { name, base, tax } of invoice.taxes) {
        const credited = notes.flatMap(({ taxes }) => taxes.filter((one) => one.name === name));
        expect(credited.reduce((sum, one) => sum + cents(one.tax), 0)).toBe(cents(tax));
        expect(credited.reduce((sum, one) => sum + cents(one.base), 0)).toBe(cents(base));
      }
      expect(ofBook.taxes.map(({ name }) => name)).toEqual(["GST"]);
      expect(ofBook.lines).toMatchObject([{ hsn: "4901", qty: 1 }]);
      expect(ofMug.shipping).toEqual({ name: "Post", amount: 49 });
      expect(agreed.lines).toMatchObject([{ name: "Refund" }]);
      await expectSound(shop);
    },
  );

  test("what came off an order before it was paid is not invoiced", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    await admin.post("/tax-rates", { name: "GST", percent: 5 });
    const mug = await stockShelf(shop, { price: 10.01 });
    const id = (await buy(await newBuyer(shop), [{ id: mug.id, qty: 3 }])).body.order_id;
    expect((await admin.post(`/orders/${id}/cancellation`, { lines: [{ product_id: mug.id, qty: 1 }] })).status).toBe(
      200,
    );
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${id}/${step}`);
    const { document } = await issueInvoice(shop, id);
    expect(document).toMatchObject({
      lines: [{ qty: 2, total: 20.02 }],
      total: 20.02,
      taxes: [{ base: 20.02, tax: 0.95 }],
    });
    await admin.post(`/orders/${id}/refund`, {});
    await issueInvoice(shop, id);
    const [, note] = await documentsOf(admin);
    expect(note).toMatchObject({
      lines: [{ qty: 2, total: 20.02 }],
      total: 20.02,
      taxes: [{ base: 20.02, tax: 0.95 }],
    });
  });

  test.each(["cancellation", "return"])(
    "what comes off an invoiced order before it is paid is credited, and the rest with its %s",
    async (end) => {
      const shop = await freshShop(engine);
      const admin = await newClient(shop, { admin: true });
      await admin.post("/tax-rates", { name: "GST", percent: 5 });
      await admin.post("/shipping-methods", { name: "Post", price: 7 });
      await admin.post("/coupons", { code: "ONE", amount: 1 });
      const mug = await stockShelf(shop, { price: 10.01 });
      const tea = await stockShelf(shop, { price: 3.33 });
      const lines = [
        { id: mug.id, qty: 4 },
        { id: tea.id, qty: 3 },
      ];
      const id = (await buy(await newBuyer(shop), lines, { coupon_code: "ONE" })).body.order_id;
      const cancel = (body: object = {}) => admin.post(`/orders/${id}/cancellation`, body);
      await cancel({ lines: [{ product_id: mug.id, qty: 1 }] });
      await issueInvoice(shop, id);
      await cancel({ lines: [{ product_id: mug.id, qty: 1 }] });
      await deliver(shop, invoiceChannel);
      await cancel({
        lines: [
          { product_id: mug.id, qty: 1 },
          { product_id: tea.id, qty: 3 },
        ],
      });
      await deliver(shop, invoiceChannel);
      if (end === "return") await admin.post(`/orders/${id}/shipment`);
      expect((await admin.post(`/orders/${id}/${end}`, {})).status).toBe(200);
      await deliver(shop, invoiceChannel);
      await issueInvoice(shop, id);
      const [invoice, ...notes] = await documentsOf(admin);
      if (!invoice) throw new Error("There is no invoice.");
      expect(notes.map((note) => note.lines.map(({ qty }) => qty))).toEqual([[1], [1, 3], [1]]);
      for (const document of [invoice, ...notes]) expect(partsOf(document)).toBe(cents(document.total));
      expect(notes.reduce((sum, { total }) => sum + cents(total), 0)).toBe(cents(invoice.total));
      expect(notes.map(({ shipping }) => shipping?.amount ?? 0)).toEqual([0, 0, 7]);
      await expectSound(shop);
    },
  );

  test("a refund that failed at the gateway and is sent again has one credit note, and the doctor is content", async () => {
    const { stripe, shop, paidOrder, tell } = await newStripeShop(engine);
    const admin = await newClient(shop, { admin: true });
    const id = await paidOrder();
    await issueInvoice(shop, id);
    stripe.refundStatus = "pending";
    await admin.post(`/orders/${id}/refund`, {});
    await issueInvoice(shop, id);
    const [refund] = stripe.refunds.values();
    if (!refund) throw new Error("Nothing was refunded.");
    refund.status = "failed";
    await tell("refund.failed", refund);
    stripe.refundStatus = "succeeded";
    expect((await admin.post(`/orders/${id}/refund`, {})).status).toBe(200);
    for (let again = 0; again < 2; again++) await issueInvoice(shop, id);
    expect((await admin.get("/invoices?kind=credit_note")).body).toMatchObject([{ total: 81 }]);
    await admin.post(`/orders/${id}/resolution`, { note: "sent again" });
    shop.pass(2 * 86_400);
    await expectSound(shop);
  });

  test("a document is read in its own currency, whatever the shop sells in by now", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { price: 40.5 });
    const id = (await buy(await newBuyer(shop), [mug])).body.order_id;
    const inYen = { ...shop, settings: { ...shop.settings, currency: "JPY", minorPerMajor: 1 } };
    expect(await issueInvoice(inYen, id)).toMatchObject({ total: 40.5, currency: "INR", document: { total: 40.5 } });
    const kept = "SELECT CAST(total_minor AS INTEGER) AS total_minor FROM invoices";
    expect(await shop.database.all(kept)).toEqual([{ total_minor: 4_050 }]);
  });
});

test("any order, refunded in any way and split, has documents that add up and end where the invoice does", () => {
  const line = fc.record({
    qty: fc.integer({ min: 1, max: 5 }),
    net: fc.integer({ min: 0, max: 100_000 }),
    tax_class: fc.constantFrom("standard", "low"),
  });
  const orders = fc.record({
    lines: fc.array(line, { minLength: 1, maxLength: 4 }),
    shipping_minor: fc.integer({ min: 0, max: 5_000 }),
    rate: fc.integer({ min: 0, max: 30 }),
    included: fc.boolean(),
    order: fc.infiniteStream(fc.nat(1_000)),
  });
  fc.assert(
    fc.property(orders, ({ lines, shipping_minor, rate, included, order }) => {
      const goods = lines.reduce((sum, { net }) => sum + net, 0);
      const classes = [...new Set(lines.map(({ tax_class }) => tax_class))].toSorted();
      const bases = classes.map((name) => lines.reduce((sum, one) => sum + (one.tax_class === name ? one.net : 0), 0));
      // All of the delivery with the first class: any split will do.
      bases[0] = (bases[0] ?? 0) + shipping_minor;
      const taxes = classes.map((tax_class, at) => {
        const base_minor = bases[at] ?? 0;
        return { tax_class, base_minor, tax_minor: Math.round((base_minor * rate) / (included ? 100 + rate : 100)) };
      });
      const added = included ? 0 : taxes.reduce((sum, { tax_minor }) => sum + tax_minor, 0);
      const sold: Sold = {
        lines: lines.map(({ qty, net, tax_class }, at) => ({
          line: at + 1,
          qty,
          net_minor: net,
          tax_class,
          cancelled: 0,
        })),
        shipping_minor,
        taxes,
        total_minor: goods + shipping_minor + added,
        cancelled_minor: 0,
        tax_is_included: included,
      };
      const invoice = invoiceSums(sold);
      const partsIn = (sums: Sums, rest = 0) =>
        sums.lines.reduce((sum, { total_minor }) => sum + total_minor, rest) +
        sums.shipping_minor +
        (included ? 0 : sums.taxes.reduce((sum, { tax_minor }) => sum + tax_minor, 0));
      expect(partsIn(invoice)).toBe(invoice.total_minor);
      const before = new Map<number, number>();
      const credited: Sums[] = [];
      let left = invoice.total_minor;
      for (let step = 0; left > 0 && step < 8; step++) {
        const pick = lines[(order.next().value ?? 0) % lines.length];
        const at = pick ? lines.indexOf(pick) + 1 : 1;
        const units = (before.get(at) ?? 0) < (pick?.qty ?? 0) ? [{ line: at, qty: 1 }] : [];
        const amount_minor =
          step === 7 ? left : Math.min(left, 1 + ((order.next().value ?? 0) * left) / 1_000) | 0 || left;
        const { rest_minor, ...note } = creditSums(
          sold,
          invoice,
          { amount_minor, units, is_shipping: step === 0, before },
          credited,
        );
        expect(partsIn(note, rest_minor)).toBe(amount_minor);
        for (const { line: number, qty } of units) before.set(number, (before.get(number) ?? 0) + qty);
        credited.push(note);
        left -= amount_minor;
      }
      const ended = (pick: (tax: { base_minor: number; tax_minor: number }) => number) =>
        invoice.taxes.map((_, index) => credited.reduce((sum, { taxes: all }) => sum + pick(all[index] ?? NONE), 0));
      if (left > 0) return;
      expect(ended(({ tax_minor }) => tax_minor)).toEqual(invoice.taxes.map(({ tax_minor }) => tax_minor));
      expect(ended(({ base_minor }) => base_minor)).toEqual(invoice.taxes.map(({ base_minor }) => base_minor));
    }),
    { numRuns: 500 },
  );
});

const NONE = { base_minor: 0, tax_minor: 0 };
