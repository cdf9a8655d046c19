import { afterEach, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { tableNames } from "../../src/storage/tables";
import { recordEvent } from "../../src/events/events";
import { invoiceChannel } from "../../src/invoices/channel";
import { mailChannel } from "../../src/notifications/channel";
import { buy } from "../support/buying";
import { clientOf, newBuyer, newClient } from "../support/client";
import { deliver } from "../support/deliveries";
import { type TestEngine, engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { type Answer, headerOf, readable, startMailServer } from "../support/mail-server";
import { freshShop, type TestShop } from "../support/shop";
import { newStripeShop } from "../support/stripe-shop";

const servers: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

const EMAIL = "asha@example.com";
const SHOP = { SHOP_NAME: "Tea & Co", SHOP_EMAIL: "hello@shop.example", SHOP_ADDRESS: "1 High Street;Pune" };

async function shopWithMail(engine: TestEngine, answer?: Answer, options = {}, settings: Record<string, string> = {}) {
  const server = await startMailServer(answer, options);
  servers.push(server);
  const shop = await freshShop(engine, { ...SHOP, SMTP_URL: server.url, MAIL_FROM: "shop@example.com", ...settings });
  const buyer = await newBuyer(shop, { email: EMAIL });
  const mug = await stockShelf(shop, { name: 'Mug <blue> & "big"', price: 40.5, stock: 100 });
  const admin = await newClient(shop, { admin: true });
  return { shop, buyer, admin, mug, taken: server.taken };
}

const send = (shop: TestShop) => deliver(shop, mailChannel);
const subjectOf = (letter: { raw: string }) => headerOf(letter, "Subject");
const subjectsOf = (taken: { raw: string }[]) => taken.map((letter) => subjectOf(letter) ?? "").toSorted();
const to = (taken: { to: string[]; raw: string }[], address: string) =>
  taken.filter((letter) => letter.to.includes(address));

describe.each(engines)("mails on $name", (engine) => {
  test("an order that is paid on delivery is confirmed to the customer and told to the shop, once each", async () => {
    const { shop, buyer, admin, mug, taken } = await shopWithMail(engine);
    const { order_id: id } = (await buy(buyer, [{ id: mug.id, qty: 2 }])).body;
    await send(shop);
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${id}/${step}`);
    await send(shop);
    expect(taken.map((letter) => `${letter.to[0]} ${subjectOf(letter)}`).toSorted()).toEqual([
      `${EMAIL} Your order ${id} at Tea & Co`,
      `${EMAIL} Your order ${id} is on its way`,
      `hello@shop.example New order ${id}: ₹81.00`,
    ]);
  });

  test("a confirmation names goods, sums, the shop, where it goes and the right to withdraw, as text and as HTML", async () => {
    const { shop, buyer, mug, taken } = await shopWithMail(engine);
    await buy(buyer, [{ id: mug.id, qty: 2 }]);
    await send(shop);
    const letter = readable(to(taken, EMAIL)[0]!);
    const [text = "", html = ""] = letter.split("Content-Type: text/html");
    for (const part of [
      '2 x Mug <blue> & "big": ₹81.00',
      "Total: ₹81.00",
      "12 Lake Road",
      "411001 Pune",
      "within 14 days",
      "Tea & Co",
      "1 High Street",
      "You pay ₹81.00 when it is delivered.",
    ]) {
      expect(text).toContain(part);
    }
    for (const part of [
      "2 × Mug &lt;blue&gt; &amp; &quot;big&quot;",
      "Tea &amp; Co",
      "12 Lake Road",
      "within 14 days",
      'name="color-scheme"',
    ]) {
      expect(html).toContain(part);
    }
    expect(html).not.toContain("<blue>");
    expect(letter).toContain("Reply-To: hello@shop.example");
  });

  test("an order that is paid at a gateway is confirmed when it is paid and not before", async () => {
    const server = await startMailServer();
    servers.push(server);
    const { shop, stripe, order, referenceOf, buyer } = await newStripeShop(engine, {
      ...SHOP,
      SMTP_URL: server.url,
      MAIL_FROM: "shop@example.com",
    });
    const id = (await order()).body.order_id;
    await send(shop);
    expect(server.taken).toEqual([]);
    stripe.pay(await referenceOf(id));
    await buyer.post(`/orders/${id}/payment`);
    await send(shop);
    expect(subjectsOf(server.taken)).toEqual([`New order ${id}: ₹81.00`, `Your order ${id} at Tea & Co`]);
    await buyer.post(`/orders/${id}/cancellation`);
    await send(shop);
    expect(subjectsOf(server.taken)).toEqual([
      `New order ${id}: ₹81.00`,
      `Your order ${id} at Tea & Co`,
      `Your order ${id} is cancelled`,
      `₹81.00 back for your order ${id}`,
    ]);
    const cancelled = server.taken.find((letter) => subjectOf(letter)?.includes("cancelled"));
    expect(readable(cancelled!)).toContain("You asked us to.\nWhat you paid, ₹81.00, goes back to you.");
    const refunded = server.taken.find((letter) => subjectOf(letter)?.includes("back for"));
    expect(readable(refunded!)).toContain("Paid back for this order so far: ₹81.00 of ₹81.00.");
  });

  test("mails about an order say discount, coupon, tax, what came off it, to whom the invoice goes and what a refund is for", async () => {
    const { shop, buyer, admin, mug, taken } = await shopWithMail(engine, undefined, {}, { PRICES_INCLUDE_TAX: "off" });
    const tea = await stockShelf(shop, { name: "Tea", price: 100, category: "Tea" });
    await admin.post("/coupons", { code: "TEN", percent: 10, categories: ["Tea"] });
    await admin.post("/tax-rates", { name: "VAT", percent: 20 });
    await admin.post("/shipping-methods", { name: "Post", price: 50 });
    const { body: office } = await buyer.post("/orders/addresses", {
      label: "Office",
      address_line: "1 Mill Lane",
      city: "Nagpur",
      pincode: "440001",
    });
    const more = { coupon_code: "TEN", billing_address_id: office.id, tax_id: "27AAAAA0000A1Z5" };
    const { order_id: id } = (await buy(buyer, [{ id: tea.id, qty: 2 }, { id: mug.id }], more)).body;
    // What comes off before the mail is written is not to be paid.
    await buyer.post(`/orders/${id}/cancellation`, { lines: [{ product_id: tea.id, qty: 1 }] });
    await send(shop);
    const due = (await buyer.get(`/orders/${id}`)).body.amount_due;
    const confirmed = readable(taken.find((letter) => subjectOf(letter) === `Your order ${id} at Tea & Co`)!);
    const [text = "", html = ""] = confirmed.split("Content-Type: text/html");
    for (const part of [
      "2 x Tea: ₹200.00\n  Discount: -₹20.00\n  Tax on it ₹36.00 (VAT 20 %)\n  1 of it cancelled\n",
      "Discount (TEN): -₹20.00\nPost: ₹50.00\nVAT 20 % on ₹270.50: ₹54.10\n",
      `You pay ₹${due.toFixed(2)} when it is delivered.`,
      "To whom the invoice goes:\nAsha Rao\n1 Mill Lane\n440001 Nagpur\n",
      "Your tax number: 27AAAAA0000A1Z5",
    ])
      expect(text).toContain(part);
    for (const part of [
      "Discount -₹20.00",
      "Tax on it ₹36.00 (VAT 20 %)",
      "1 of it cancelled",
      "1 Mill Lane",
      "27AAAAA0000A1Z5",
    ])
      expect(html).toContain(part);
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${id}/${step}`);
    await admin.post(`/orders/${id}/refund`, {
      lines: [{ product_id: mug.id, qty: 1 }],
      shipping: true,
      reason: "Late.",
    });
    await admin.post(`/orders/${id}/refund`, { amount: 1 });
    await send(shop);
    const [units = "", sum = ""] = taken
      .filter((letter) => subjectOf(letter)?.includes("back for your order"))
      .map((letter) => readable(letter))
      .toSorted((one, other) => other.length - one.length);
    const goods = 'What it is for:\n1 x Mug <blue> & "big": ₹40.50\nthe delivery\n';
    expect(units).toContain(`${goods}VAT 20 % on ₹90.50: ₹18.10\nWhy: Late.`);
    expect(units).toContain("<li>1 × Mug &lt;blue&gt; &amp; &quot;big&quot;: ₹40.50</li>");
    expect(units).toContain("Paid back for this order so far: ₹108.60 of ₹216.60.");
    expect(sum).not.toContain("What it is for");
    expect(sum).toContain("VAT 20 % on ₹0.83: ₹0.17");
  });

  test("mails say the taxes that are in the prices as the invoice and the credit note do, by rate and by line", async () => {
    const { shop, buyer, admin, mug, taken } = await shopWithMail(engine, undefined, {}, { INVOICES: "paid" });
    const book = await stockShelf(shop, { name: "Book", price: 107, tax_class: "reduced" });
    for (const name of ["CGST", "SGST"]) await admin.post("/tax-rates", { name, percent: 9 });
    await admin.post("/tax-rates", { name: "GST", percent: 5, tax_class: "reduced" });
    const lines = [{ id: mug.id, qty: 3 }, { id: book.id }];
    const { order_id: id } = (await buy(buyer, lines)).body;
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${id}/${step}`);
    await admin.post(`/orders/${id}/refund`, { lines: [{ product_id: mug.id, qty: 1 }], by_hand: true });
    await deliver(shop, invoiceChannel, mailChannel);
    await send(shop);
    const letter = (subject: string) =>
      readable(taken.find((one) => one.to.includes(EMAIL) && subjectOf(one)?.includes(subject))!);
    const confirmed = letter("Your order 1 at");
    expect(confirmed).toContain("Tax in it ₹18.54 (CGST 9 %, SGST 9 %)");
    expect(confirmed).toContain("Book: ₹107.00\n  Tax in it ₹5.10 (GST 5 %)\n");
    const [invoice, note] = (await admin.get("/invoices")).body.toReversed();
    for (const [subject, { id: document }] of [
      ["Invoice ", invoice],
      ["back for your order", note],
    ] as const) {
      const { taxes } = (await admin.get(`/invoices/${document}`)).body.document;
      expect(taxes.length).toBeGreaterThan(1);
      for (const { name, percent, base, tax } of taxes)
        expect(letter(subject)).toContain(`${name} ${percent} % in ₹${base.toFixed(2)}: ₹${tax.toFixed(2)}`);
    }
    // What was paid back by hand goes no way of its own.
    expect(letter("back for your order")).not.toContain("It goes back the way you paid");
    expect(confirmed).toContain("CGST 9 % in ₹121.50: ₹9.27\nSGST 9 % in ₹121.50: ₹9.27");
  });

  test("of an order that leaves in parts each mail names its own parcel, and none is written for what was cancelled", async () => {
    const { shop, buyer, admin, mug, taken } = await shopWithMail(engine);
    const tea = await stockShelf(shop, { name: "Tea", price: 100 });
    const { order_id: id } = (await buy(buyer, [{ id: tea.id, qty: 2 }, { id: mug.id }])).body;
    await send(shop);
    taken.length = 0;
    const part = (product_id: number, tracking_number: string) =>
      admin.post(`/orders/${id}/shipment`, { lines: [{ product_id, qty: 1 }], tracking_number });
    await part(tea.id, "P-1");
    await part(tea.id, "P-2");
    await send(shop);
    const [first = "", second = ""] = taken.map((letter) => readable(letter)).toSorted();
    expect(subjectsOf(taken)).toEqual(Array(2).fill(`A part of your order ${id} is on its way`));
    for (const letter of [first, second]) {
      expect(letter).toContain("What is in it:\n1 x Tea\n\nThe whole order:\n");
      expect(letter).toContain("What is missing follows.");
    }
    expect([first, second].map((letter) => /number (P-\d)/.exec(letter)?.[1] ?? "").toSorted()).toEqual(["P-1", "P-2"]);
    taken.length = 0;
    // The rest does not come.
    await admin.post(`/orders/${id}/cancellation`, { lines: [{ product_id: mug.id, qty: 1 }] });
    expect((await admin.get(`/orders/${id}`)).body.status).toBe("shipped");
    await send(shop);
    expect(taken).toEqual([]);
    const { order_id: whole } = (await buy(buyer, [{ id: tea.id, qty: 2 }])).body;
    await part(tea.id, "P-3").then(() =>
      admin.post(`/orders/${whole}/shipment`, { lines: [{ product_id: tea.id, qty: 1 }] }),
    );
    await admin.post(`/orders/${whole}/shipment`, { tracking_number: "P-4" });
    await send(shop);
    expect(subjectsOf(taken).filter((subject) => subject.includes("on its way"))).toEqual([
      `A part of your order ${whole} is on its way`,
      `The rest of your order ${whole} is on its way`,
    ]);
  });

  test("what was paid is what mails say, where units came off before, where a refund failed, and without days to withdraw", async () => {
    const server = await startMailServer();
    servers.push(server);
    const { shop, stripe, buyer, product } = await newStripeShop(engine, {
      ...SHOP,
      SMTP_URL: server.url,
      MAIL_FROM: "shop@example.com",
      RETURN_DAYS: "0",
      PAYMENT_PROVIDERS: "cod,stripe",
    });
    const admin = await newClient(shop, { admin: true });
    const { order_id: id } = (await buy(buyer, [{ id: product, qty: 3 }])).body;
    await buyer.post(`/orders/${id}/cancellation`, { lines: [{ product_id: product, qty: 1 }] });
    await buyer.post(`/orders/${id}/payment`, { payment_method: "stripe" });
    stripe.pay([...stripe.sessions.values()].at(-1)!.client_reference_id);
    await buyer.post(`/orders/${id}/payment`);
    await send(shop);
    const letter = (subject: string) => {
      const found = server.taken.filter((one) => subjectOf(one)?.includes(subject)).at(-1);
      return found ? readable(found) : "";
    };
    const { amount_due, payment_status } = (await buyer.get(`/orders/${id}`)).body;
    expect([amount_due, payment_status]).toEqual([0, "paid"]);
    stripe.refundStatus = "failed";
    await admin.post(`/orders/${id}/refund`, { amount: 1 });
    const { refunds } = (await admin.get(`/orders/${id}`)).body;
    expect(refunds).toMatchObject([{ state: "failed" }]);
    stripe.refundStatus = "succeeded";
    await admin.post(`/orders/${id}/refunds/${refunds[0].id}/retry`);
    stripe.refundStatus = "failed";
    await buyer.post(`/orders/${id}/cancellation`);
    await send(shop);
    const paid = "₹81.00";
    expect(letter("is cancelled")).toContain(`What you paid, ${paid}, goes back to you.`);
    expect(letter("₹1.00 back")).toContain(`Paid back for this order so far: ₹1.00 of ${paid}.`);
    expect(letter(`Your order ${id} at`)).not.toContain("change your mind");
  });

  test("an order that is to be paid in cash after all is confirmed then and told to the shop, once", async () => {
    const { shop, buyer, mug, taken } = await shopWithMail(engine, undefined, {}, { PAYMENT_PROVIDERS: "cod,mock" });
    const { order_id: id } = (await buy(buyer, [mug], { payment_method: "mock" })).body;
    await send(shop);
    expect(taken).toEqual([]);
    for (const payment_method of ["cod", "mock", "cod"]) {
      expect((await buyer.post(`/orders/${id}/payment`, { payment_method })).status).toBe(200);
      await send(shop);
      expect(subjectsOf(taken)).toEqual([`New order ${id}: ₹40.50`, `Your order ${id} at Tea & Co`]);
    }
    expect(readable(to(taken, EMAIL)[0]!)).toContain("You pay ₹40.50 when it is delivered.");
    const told = (await buyer.get(`/orders/${id}/events`)).body;
    expect(told.map(({ data }: { data: { cause?: string } }) => data.cause)).toContain("payment_method_changed");
  });

  test("a mail server that puts a letter off is asked again, and takes it once", async () => {
    const { shop, buyer, mug, taken } = await shopWithMail(engine, (_, count) => (count <= 4 ? 451 : undefined));
    await buy(buyer, [mug]);
    await send(shop);
    shop.pass(59);
    await send(shop);
    expect(taken).toEqual([]);
    shop.pass(10);
    await send(shop);
    shop.pass(400);
    await send(shop);
    await send(shop);
    expect(to(taken, EMAIL)).toHaveLength(1);
    expect(to(taken, "hello@shop.example")).toHaveLength(1);
  });

  test("a letter that is sent again has the id that it had", async () => {
    const seen: string[] = [];
    const { shop, buyer, mug } = await shopWithMail(engine, (letter, count) => {
      if (letter.to.includes(EMAIL)) seen.push(headerOf(letter, "Message-ID") ?? "");
      return count <= 2 ? 451 : undefined;
    });
    await buy(buyer, [mug]);
    await send(shop);
    shop.pass(70);
    await send(shop);
    expect(seen).toHaveLength(2);
    expect(seen[0]).toMatch(/^<evt_[0-9a-f]{32}\.order_confirmed@127\.0\.0\.1>$/);
    expect(new Set(seen).size).toBe(1);
  });

  test("an address that is refused for good is given up at once, and the shop hears of it once a day", async () => {
    const recipient = (address: string) => (address === EMAIL ? 550 : undefined);
    const { shop, buyer, mug, taken, admin } = await shopWithMail(engine, undefined, { recipient });
    await buy(buyer, [mug]);
    await buy(buyer, [mug]);
    await send(shop);
    await send(shop);
    const given = (await admin.get("/deliveries?state=given_up")).body;
    expect(
      given.map(({ target, tries, attempts }: { target: string; tries: number; attempts: unknown }) => [
        target,
        tries,
        attempts,
      ]),
    ).toEqual([
      ["order_confirmed", 1, [expect.objectContaining({ status: 550, failure: "The mail server refused it." })]],
      ["order_confirmed", 1, [expect.objectContaining({ status: 550 })]],
    ]);
    expect(JSON.stringify(given)).not.toContain(EMAIL);
    const told = taken.filter((letter) => subjectOf(letter)?.startsWith("Not delivered"));
    expect(told).toHaveLength(1);
    expect(told[0]!.to).toEqual(["hello@shop.example"]);
  });

  test("while no mail server answers nothing is lost", async () => {
    const { shop, buyer, mug, taken } = await shopWithMail(engine);
    const nobody = {
      ...shop,
      sendMail: async () => Promise.reject(Object.assign(new Error("no"), { code: "ECONNECTION" })),
    };
    await buy(buyer, [mug]);
    await send(nobody);
    shop.pass(70);
    await send(shop);
    expect(taken).toHaveLength(2);
  });

  test("a customer who may not sign in any more is not written to", async () => {
    const { shop, buyer, admin, mug, taken } = await shopWithMail(engine);
    await buy(buyer, [mug]);
    await admin.patch(`/users/${buyer.id}`, { is_active: false });
    await send(shop);
    expect(to(taken, EMAIL)).toEqual([]);
    expect((await admin.get("/deliveries?state=dropped")).body).toHaveLength(1);
  });

  test("without SHOP_EMAIL the shop itself is not written to", async () => {
    const { shop, buyer, mug, taken } = await shopWithMail(engine, undefined, {}, { SHOP_EMAIL: "" });
    await buy(buyer, [mug]);
    await send(shop);
    expect(taken.map(({ to: [address] }) => address)).toEqual([EMAIL]);
    expect(readable(taken[0]!)).not.toContain("Reply-To");
  });

  test("a sale that leaves few is told to the shop by mail, each product from its own number on", async () => {
    const { shop, buyer, admin, mug, taken } = await shopWithMail(engine);
    const rice = await stockShelf(shop, { name: "Rice", sku: "RICE-1", stock: 30, low_stock_at: 25 });
    await buy(buyer, [{ id: rice.id, qty: 4 }]);
    await send(shop);
    const running = () => to(taken, "hello@shop.example").filter((letter) => subjectOf(letter)?.startsWith("Running"));
    expect(running()).toEqual([]);
    await buy(buyer, [
      { id: rice.id, qty: 2 },
      { id: mug.id, qty: 94 },
    ]);
    await send(shop);
    expect(running().map(subjectOf)).toEqual(["Running out: Rice"]);
    expect(readable(running()[0]!)).toContain(`Rice is running out: 24 left to sell (product ${rice.id}, RICE-1).`);
    await admin.post(`/admin/stock/${mug.id}/adjustment`, { delta: -1, reason: "broken" });
    await send(shop);
    expect(running().map(subjectOf)).toEqual(["Running out: Rice", 'Running out: Mug <blue> & "big"']);
  });

  test("what runs low is told of once a day, by its name", async () => {
    const { shop, mug, taken } = await shopWithMail(engine);
    const low = (available: number) =>
      shop.database.transaction((tx) =>
        recordEvent(tx, "stock.low", { product_id: mug.id, available }, shop.now().toISOString()),
      );
    await low(5);
    await low(4);
    await send(shop);
    expect(taken.map(subjectOf)).toEqual(['Running out: Mug <blue> & "big"']);
    expect(readable(taken[0]!)).toContain("5 left to sell");
    shop.pass(86_400);
    await low(3);
    await send(shop);
    expect(taken).toHaveLength(2);
  });

  test("the link in a guest's mail opens the order for whoever has the mail, and its token stands nowhere else", async () => {
    const settings = { ORDER_URL: "https://shop.example/order" };
    const { shop, buyer, mug, taken } = await shopWithMail(engine, undefined, {}, settings);
    const entered = (await clientOf(shop).post("/auth/guest", {})).body;
    const guest = clientOf(shop, entered.access_token);
    const home = { label: "Home", full_name: "Om", address_line: "1 Road", city: "Pune", pincode: "411001" };
    const { id: address_id } = (await guest.post("/orders/addresses", home)).body;
    await guest.post("/cart/add", { product_id: mug.id });
    const checkout = { payment_method: "cod", address_id, email: "guest@example.com" };
    const { order_id } = (await guest.post("/orders/checkout", checkout)).body;
    await buy(buyer, [mug]);
    await send(shop);
    const linkIn = (address: string) => new URL(/https:\/\/shop\S+/.exec(readable(to(taken, address)[0]!))?.[0] ?? "");
    const link = linkIn("guest@example.com");
    expect(link.searchParams.get("order")).toBe(String(order_id));
    const token = link.searchParams.get("order_token") ?? "";
    const { body } = await clientOf(shop).post("/auth/guest", { order_token: token });
    expect((await clientOf(shop, body.access_token).get(`/orders/${order_id}`)).body.id).toBe(order_id);
    for (const table of await tableNames(shop.database)) {
      expect(JSON.stringify(await shop.database.all(`SELECT * FROM ${table}`))).not.toContain(token);
    }
    expect(JSON.stringify(shop.logged)).not.toContain(token);
    // Who has an account signs in.
    expect(linkIn(EMAIL).searchParams.has("order_token")).toBe(false);
  });

  test("orders placed and cancelled again and again flood nobody's letterbox; who has paid hears all", async () => {
    const limited = { RATE_LIMIT: "on", RATE_LIMIT_PER_MINUTE: "1000000" };
    const { shop, buyer, mug, taken } = await shopWithMail(engine, undefined, {}, limited);
    for (let count = 0; count < 15; count++) {
      const { body } = await buy(buyer, [mug]);
      expect((await buyer.post(`/orders/${body.order_id}/cancellation`)).status).toBe(200);
      await send(shop);
    }
    const got = () => to(taken, EMAIL).length;
    expect(got()).toBeGreaterThanOrEqual(20);
    expect(got()).toBeLessThanOrEqual(21);
    const late = await shop.database.all("SELECT state FROM deliveries WHERE state = 'waiting'");
    expect(late.length).toBe(30 - got());
    // The rest comes later, and none is lost.
    for (let hours = 0; hours < 12; hours++) {
      shop.pass(3_600);
      await send(shop);
    }
    expect(got()).toBe(30);
  });

  test("an e-mail that was never confirmed and bought nothing gets so many mails about unpaid orders; the shop hears of the rest", async () => {
    const limited = { RATE_LIMIT: "on", RATE_LIMIT_PER_MINUTE: "1000000", MAILS_UNCONFIRMED_MOST: "4" };
    const { shop, buyer, admin, mug, taken } = await shopWithMail(engine, undefined, {}, limited);
    const orderAndCancel = async () => {
      const { body } = await buy(buyer, [mug]);
      expect((await buyer.post(`/orders/${body.order_id}/cancellation`)).status).toBe(200);
      await send(shop);
    };
    for (let count = 0; count < 5; count++) await orderAndCancel();
    expect(to(taken, EMAIL)).toHaveLength(4);
    const { body } = await admin.get("/deliveries?state=given_up");
    expect(body).toHaveLength(6);
    expect(body[0].attempts.at(-1).failure).toContain("never confirmed");
    const { body: entries } = await admin.get("/admin/audit?action=mails_suppressed");
    expect(entries).toHaveLength(1);
    await send(shop);
    expect(subjectsOf(to(taken, SHOP.SHOP_EMAIL))).toContain("Not delivered: mail order_confirmed");
    // Whose e-mail it is, who has shown that, hears of all.
    await shop.database.transaction((tx) =>
      tx.run("UPDATE users SET email_verified_at = $1 WHERE id = $2", [shop.now().toISOString(), buyer.id]),
    );
    await orderAndCancel();
    expect(to(taken, EMAIL)).toHaveLength(6);
  });

  test("a production shop without a mail server has nothing to send", async () => {
    const production = { SANSET_ENV: "production", BCRYPT_COST: "10", RATE_LIMIT: "on" };
    const shop = await freshShop(engine, { ...SHOP, ...production });
    const mug = await stockShelf(shop);
    await buy(await newBuyer(shop), [mug]);
    await send(shop);
    expect(await shop.database.all("SELECT id FROM deliveries")).toEqual([]);
  });
});

test("in development a letter lies beside the database as a page that one can open", async () => {
  const shop = await freshShop(engines[0]!, SHOP);
  await buy(await newBuyer(shop), [await stockShelf(shop, { name: "Mug" })]);
  await send(shop);
  if (shop.settings.databaseUrl.engine !== "sqlite") throw new Error("The first engine is SQLite.");
  const folder = join(dirname(shop.settings.databaseUrl.path), "mails");
  const pages = readdirSync(folder);
  expect(pages.some((page) => page.includes("your-order-1-at-tea-co"))).toBe(true);
  expect(pages.map((page) => readFileSync(join(folder, page), "utf8")).join()).toContain("1 × Mug");
});
