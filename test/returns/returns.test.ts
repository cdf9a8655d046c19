import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { invoiceChannel } from "../../src/invoices/channel";
import { mailChannel } from "../../src/notifications/channel";
import { buy, expectSound, shelfOf } from "../support/buying";
import { call, type Client, clientOf, newBuyer, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { deliver } from "../support/deliveries";
import { type TestEngine, engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

setDefaultTimeout(60_000);

async function shopWithDelivery(engine: TestEngine, settings: Record<string, string> = {}) {
  const shop = await freshShop(engine, {
    INVOICES: "paid",
    ACCESS_TOKEN_EXPIRE_MINUTES: "1440",
    REFRESH_TOKEN_EXPIRE_MINUTES: "500000",
    ...settings,
  });
  const admin = await newClient(shop, { admin: true });
  const buyer = await newBuyer(shop, { email: "asha@example.com" });
  const mug = await stockShelf(shop, { name: "Mug", price: 40, stock: 20 });
  const tea = await stockShelf(shop, { name: "Tea", price: 5, stock: 20 });
  const order = async (checkout: object = {}) => {
    const lines = [
      { id: mug.id, qty: 3 },
      { id: tea.id, qty: 2 },
    ];
    const { body } = await buy(buyer, lines, { ...checkout });
    const id = body.order_id as number;
    if (body.payment_url) await payAt(shop, body.payment_url);
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${id}/${step}`);
    return id;
  };
  return { shop, admin, buyer, mug, tea, order };
}

/** The customer pays on the page of the mock gateway. */
const payAt = (shop: TestShop, url: string) =>
  call(shop, "POST", new URL(url).pathname, {
    body: "choice=pay",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });

const sentMails = (shop: TestShop) => {
  const sent: { to: string; subject: string; text: string }[] = [];
  const sending = {
    ...shop,
    sendMail: async (mail: { to: string; subject: string; text: string }) => void sent.push(mail),
  };
  return { sent, send: () => deliver(sending, invoiceChannel, mailChannel) };
};

const refundsOf = async (client: Client, id: number) =>
  (await client.get(`/orders/${id}`)).body.refunds.map(({ amount }: { amount: number }) => amount);

const idsOf = async (client: Client, path: string) =>
  (await client.get(path)).body.map((one: { id: number }) => one.id);

/** Units of the first line that came, of which one can be sold again. */
const cameOf = (qty: number) => ({ line: 1, qty, restocked: 1 });

describe.each(engines)("giving back on $name", (engine) => {
  test("a withdrawal is approved by itself, and its receipt puts goods on the shelf, money back and a credit note out", async () => {
    const { shop, admin, buyer, mug, order } = await shopWithDelivery(engine);
    const id = await order();
    const { sent, send } = sentMails(shop);
    await send();
    const made = await buyer.post(`/orders/${id}/returns`, { lines: [{ product_id: mug.id, qty: 2 }] });
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: 1,
        order_id: id,
        kind: "withdrawal",
        status: "approved",
        reason: null,
        requested_at: shop.now().toISOString(),
        decided_at: shop.now().toISOString(),
        lines: [{ product_id: mug.id, name: "Mug", qty: 2, received_qty: 0, restocked_qty: 0 }],
      },
    });
    await send();
    const receipt = sent.find(({ subject }) => subject === `We have your withdrawal for order ${id}`);
    expect(receipt?.text).toContain("2 x Mug");
    expect(receipt?.text).toContain("This mail confirms that we received your withdrawal");
    const before = await shelfOf(shop, mug.id);
    const { line } = made.body.lines[0];
    const came = await admin.post("/returns/1/receipt", { lines: [{ line, qty: 2, restocked: 1 }] });
    expect(came.body).toMatchObject({ status: "received", lines: [{ received_qty: 2, restocked_qty: 1 }] });
    expect((await shelfOf(shop, mug.id)).on_hand).toBe(before.on_hand + 1);
    expect(await refundsOf(buyer, id)).toEqual([80]);
    await send();
    await send();
    expect((await admin.get("/invoices?kind=credit_note")).body).toMatchObject([{ order_id: id, total: 80 }]);
    expect(sent.map(({ subject }) => subject)).toContain(`₹80.00 back for your order ${id}`);
    expect((await buyer.get(`/orders/${id}`)).body.status).toBe("delivered");
    await expectSound(shop);
  });

  test("a guest withdraws as anybody else, and the receipt goes where the order said", async () => {
    const { shop, admin, mug } = await shopWithDelivery(engine);
    const { body: tokens } = await clientOf(shop).post("/auth/guest", {});
    const guest = clientOf(shop, tokens.access_token);
    const home = { label: "Home", full_name: "Om", address_line: "1 Road", city: "Pune", pincode: "411001" };
    const address_id = (await guest.post("/orders/addresses", home)).body.id;
    await guest.post("/cart/add", { product_id: mug.id });
    const checkout = { payment_method: "cod", address_id, email: "guest@example.com" };
    const { order_id } = (await guest.post("/orders/checkout", checkout)).body;
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${order_id}/${step}`);
    const { sent, send } = sentMails(shop);
    expect((await guest.post(`/orders/${order_id}/returns`)).body).toMatchObject({
      kind: "withdrawal",
      status: "approved",
    });
    await send();
    expect(sent.filter(({ to }) => to === "guest@example.com").map(({ subject }) => subject)).toContain(
      `We have your withdrawal for order ${order_id}`,
    );
  });

  test("what comes in parts is waited for until all of it is here, and then the order is returned", async () => {
    const { shop, admin, buyer, order } = await shopWithDelivery(engine);
    const id = await order();
    const made = await buyer.post(`/orders/${id}/returns`);
    expect(made.body.lines.map(({ qty }: { qty: number }) => qty)).toEqual([3, 2]);
    const [mugs, teas] = made.body.lines;
    const first = await admin.post("/returns/1/receipt", { lines: [{ line: mugs.line, qty: 1 }] });
    expect(first.body).toMatchObject({ status: "approved", received_at: null });
    await admin.post("/returns/1/receipt", { lines: [{ line: teas.line, qty: 2 }] });
    expect(await refundsOf(buyer, id)).toEqual([40, 10]);
    const last = await admin.post("/returns/1/receipt");
    expect(last.body).toMatchObject({ status: "received", received_at: shop.now().toISOString() });
    expect(await refundsOf(buyer, id)).toEqual([40, 10, 80]);
    expect((await buyer.get(`/orders/${id}`)).body).toMatchObject({ status: "returned", payment_status: "refunded" });
    expect((await admin.post("/returns/1/receipt")).status).toBe(409);
    await expectSound(shop);
  });

  test("who withdraws from a whole order gets the delivery back too, and who keeps something does not", async () => {
    const { shop, admin, buyer, mug, order } = await shopWithDelivery(engine);
    const method = await admin.post("/shipping-methods", { name: "Courier", price: 7 });
    expect(method.status).toBe(201);
    const [whole, part, less] = [await order(), await order(), await order()];
    await admin.post(`/orders/${less}/refund`, { amount: 5 });
    await buyer.post(`/orders/${whole}/returns`);
    await buyer.post(`/orders/${part}/returns`, { lines: [{ product_id: mug.id, qty: 3 }] });
    await buyer.post(`/orders/${less}/returns`);
    for (const id of [1, 2, 3]) expect((await admin.post(`/returns/${id}/receipt`)).body.status).toBe("received");
    expect(await refundsOf(buyer, whole)).toEqual([130, 7]);
    const reason = "You have withdrawn from the purchase.";
    expect((await buyer.get(`/orders/${whole}`)).body).toMatchObject({
      payment_status: "refunded",
      refunds: [
        { shipping: false, reason },
        { shipping: true, reason },
      ],
    });
    expect(await refundsOf(buyer, part)).toEqual([120]);
    // No more than is left of what was paid.
    expect(await refundsOf(buyer, less)).toEqual([5, 130, 2]);
    await expectSound(shop);
  });

  test("after RETURN_DAYS the shop decides, and the customer hears of it", async () => {
    const { shop, admin, buyer, order } = await shopWithDelivery(engine, { RETURN_DAYS: "1" });
    const [late, later] = [await order(), await order()];
    const { sent, send } = sentMails(shop);
    shop.pass(86_399);
    const inTime = (await buyer.post(`/orders/${late}/returns`, { lines: [{ line: 1, qty: 1 }] })).body;
    expect(inTime.kind).toBe("withdrawal");
    // The last day counts to its end.
    shop.pass(15 * 3_600 + 0.999);
    expect((await requestAs(shop, buyer.id, late, "Just in time")).kind).toBe("withdrawal");
    shop.pass(0.001);
    const again = await requestAs(shop, buyer.id, later, "Too small");
    expect(again).toMatchObject({ kind: "return", status: "requested", reason: "Too small", decided_at: null });
    const third = await requestAs(shop, buyer.id, late, "Too big");
    const boss = await newClient(shop, { admin: true });
    expect((await boss.post(`/returns/${again.id}/receipt`)).status).toBe(409);
    expect((await boss.post(`/returns/${again.id}/approval`, { note: "Send it." })).body).toMatchObject({
      status: "approved",
      note: "Send it.",
      decided_at: shop.now().toISOString(),
    });
    expect((await boss.post(`/returns/${third.id}/refusal`, { note: "It is used." })).body.status).toBe("refused");
    for (const verb of ["approval", "refusal"])
      expect((await boss.post(`/returns/${third.id}/${verb}`)).status).toBe(409);
    expect((await boss.post(`/returns/${third.id}/receipt`)).status).toBe(409);
    expect((await boss.post(`/returns/${inTime.id}/refusal`)).status).toBe(409);
    // What is refused stays with the customer, who may ask for it again.
    expect((await requestAs(shop, buyer.id, late, "Too big")).lines).toMatchObject([{ qty: 1 }]);
    await send();
    const about = sent.filter(({ subject }) => subject.startsWith("About your return"));
    expect(about.map(({ text }) => /It is used\.|Send it\./.exec(text)?.[0] ?? "").toSorted()).toEqual([
      "It is used.",
      "Send it.",
    ]);
    expect(admin.id).not.toBe(boss.id);
  });

  test("where no day is left to withdraw the shop decides, and delivery is not paid back with the goods", async () => {
    const { admin, buyer, order } = await shopWithDelivery(engine, { RETURN_DAYS: "0" });
    await admin.post("/shipping-methods", { name: "Courier", price: 7 });
    const id = await order({ payment_method: "mock" });
    const made = (await buyer.post(`/orders/${id}/returns`)).body;
    expect(made).toMatchObject({ kind: "return", status: "requested", decided_at: null });
    expect((await admin.post("/returns/1/approval")).body).toMatchObject({ status: "approved", note: null });
    expect((await admin.post("/returns/1/receipt")).body.status).toBe("received");
    expect((await buyer.get(`/orders/${id}`)).body).toMatchObject({
      status: "returned",
      payment_status: "partially_refunded",
      refunds: [{ amount: 130, reason: "You have given it back.", state: "done" }],
    });
  });

  test("nothing is given back twice, nor more than was delivered, nor before", async () => {
    const { admin, buyer, mug, order } = await shopWithDelivery(engine);
    const id = await order();
    const ask = (qty: number) => buyer.post(`/orders/${id}/returns`, { lines: [{ product_id: mug.id, qty }] });
    expect((await ask(4)).status).toBe(422);
    expect((await ask(2)).status).toBe(201);
    expect((await ask(2)).status).toBe(422);
    expect((await ask(1)).status).toBe(201);
    expect((await admin.post("/returns/1/receipt", { lines: [{ line: 1, qty: 3 }] })).status).toBe(422);
    expect((await admin.post("/returns/1/receipt", { lines: [{ line: 1, qty: 1, restocked: 2 }] })).status).toBe(422);
    await admin.post("/returns/1/receipt");
    expect((await ask(1)).status).toBe(422);
    const placed = (await buy(buyer, [mug])).body.order_id;
    expect((await buyer.post(`/orders/${placed}/returns`)).status).toBe(409);
    // What has left can neither be cancelled any more nor has come: the customer need not wait for it.
    await admin.post(`/orders/${placed}/shipment`);
    expect((await buyer.post(`/orders/${placed}/returns`)).body).toMatchObject({
      kind: "withdrawal",
      status: "approved",
    });
  });

  test("of what leaves in parcels, the one that has left can be given back while the rest waits, and is not to be paid", async () => {
    const { shop, admin, buyer, mug, tea } = await shopWithDelivery(engine, { INVOICES: "shipped" });
    const goods = [
      { id: mug.id, qty: 3 },
      { id: tea.id, qty: 2 },
    ];
    const id = (await buy(buyer, goods)).body.order_id as number;
    const ask = (lines: object[]) => buyer.post(`/orders/${id}/returns`, { lines });
    await admin.post(`/orders/${id}/shipment`, { lines: [{ product_id: mug.id, qty: 2 }] });
    expect((await ask([{ product_id: mug.id, qty: 3 }])).status).toBe(422);
    expect((await ask([{ product_id: tea.id, qty: 1 }])).status).toBe(422);
    expect((await ask([{ product_id: mug.id, qty: 1 }])).body).toMatchObject({
      kind: "withdrawal",
      status: "approved",
    });
    // Not the one that was asked for already.
    expect((await ask([{ product_id: mug.id, qty: 2 }])).status).toBe(422);
    expect((await admin.post("/returns/1/receipt")).body.status).toBe("received");
    expect((await buyer.get(`/orders/${id}`)).body).toMatchObject({
      status: "placed",
      payment_status: "pending",
      amount_due: 90,
      items: [{ shipped_qty: 2, returned_qty: 1 }, { shipped_qty: 0 }],
    });
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 19, reserved: 1 });
    await expectSound(shop);
    await admin.post(`/orders/${id}/shipment`);
    expect((await admin.post(`/orders/${id}/delivery`)).body.payments[0].captured).toBe(90);
    expect((await buyer.post(`/orders/${id}/returns`)).body.lines).toMatchObject([{ qty: 2 }, { qty: 2 }]);
    await admin.post("/returns/2/receipt");
    expect(await refundsOf(buyer, id)).toEqual([90]);
    expect((await buyer.get(`/orders/${id}`)).body).toMatchObject({ status: "returned", payment_status: "refunded" });
    await deliver(shop, invoiceChannel);
    await expectSound(shop);
  });

  test("a parcel of a paid order that is brought back is paid back, and with the rest cancelled the order has come back", async () => {
    const { shop, admin, buyer, mug, tea } = await shopWithDelivery(engine, { PAYMENT_PROVIDERS: "cod,mock" });
    const goods = [mug, { id: tea.id, qty: 2 }];
    const { body } = await buy(buyer, goods, { payment_method: "mock" });
    const id = body.order_id as number;
    await pay(shop, body.payment_url);
    await admin.post(`/orders/${id}/shipment`, { lines: [{ product_id: tea.id, qty: 2 }] });
    const bring = (product_id: number, qty: number) =>
      admin.post(`/orders/${id}/return`, { lines: [{ product_id, qty }] });
    expect((await bring(mug.id, 1)).status).toBe(422);
    expect((await bring(tea.id, 2)).body).toMatchObject({ status: "placed", payment_status: "partially_refunded" });
    expect((await bring(tea.id, 1)).status).toBe(409);
    await expectSound(shop);
    const rest = await admin.post(`/orders/${id}/cancellation`, { lines: [{ product_id: mug.id, qty: 1 }] });
    expect(rest.body).toMatchObject({ status: "returned", payment_status: "refunded" });
    expect(await refundsOf(buyer, id)).toEqual([10, 40]);
    expect([await shelfOf(shop, mug.id), await shelfOf(shop, tea.id)]).toEqual([
      { on_hand: 20, reserved: 0 },
      { on_hand: 20, reserved: 0 },
    ]);
    await expectSound(shop);
  });

  test("a parcel that nobody has paid, brought back, and the rest cancelled: nothing is to be paid, and the coupon is free", async () => {
    const { shop, admin, buyer, mug, tea } = await shopWithDelivery(engine);
    await admin.post("/coupons", { code: "ONE", percent: 10, max_uses: 1 });
    const id = (await buy(buyer, [mug, tea], { coupon_code: "ONE" })).body.order_id as number;
    await admin.post(`/orders/${id}/shipment`, { lines: [{ product_id: tea.id, qty: 1 }] });
    await admin.post(`/orders/${id}/return`, { lines: [{ product_id: tea.id, qty: 1 }] });
    const rest = await admin.post(`/orders/${id}/cancellation`, { lines: [{ product_id: mug.id, qty: 1 }] });
    expect(rest.body).toMatchObject({ status: "returned", payment_status: "failed", amount_due: 0 });
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 20, reserved: 0 });
    expect((await buy(buyer, [mug], { coupon_code: "ONE" })).status).toBe(201);
    await expectSound(shop);
  });

  test("units that came back say which refund was for them, also where they came before it", async () => {
    const { shop, admin, mug, order } = await shopWithDelivery(engine);
    const id = await order();
    await admin.post(`/orders/${id}/return`, {
      lines: [{ product_id: mug.id, qty: 1 }],
      refund: false,
      restock: false,
    });
    await admin.post(`/orders/${id}/return`, { lines: [{ product_id: mug.id, qty: 1 }] });
    await admin.post(`/orders/${id}/return`);
    expect(await refundsOf(admin, id)).toEqual([40, 90]);
    const moves = await shop.database.all(
      "SELECT line, qty, restocked, refund_id FROM unit_moves WHERE order_id = $1 AND cause = 'returned' ORDER BY id",
      [id],
    );
    expect(moves).toEqual([
      { line: 1, qty: 1, restocked: 0, refund_id: 2 },
      { line: 1, qty: 1, restocked: 1, refund_id: 1 },
      { line: 1, qty: 1, restocked: 1, refund_id: 2 },
      { line: 2, qty: 2, restocked: 2, refund_id: 2 },
    ]);
    await expectSound(shop);
  });

  test("ten times at once is given back once", async () => {
    const { shop, buyer, admin, order } = await shopWithDelivery(engine);
    const id = await order();
    const answers = await Promise.all(Array.from({ length: 10 }, () => buyer.post(`/orders/${id}/returns`)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const receipts = await Promise.all(Array.from({ length: 5 }, () => admin.post("/returns/1/receipt")));
    expect(receipts.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await refundsOf(buyer, id)).toEqual([130]);
    await expectSound(shop);
  });

  test("a receipt that is sent again with its key happens once", async () => {
    const { buyer, admin, order } = await shopWithDelivery(engine);
    const id = await order();
    await buyer.post(`/orders/${id}/returns`, { lines: [{ line: 1, qty: 2 }] });
    const send = () =>
      admin.post("/returns/1/receipt", { lines: [{ line: 1, qty: 1 }] }, { "idempotency-key": "parcel-1" });
    expect((await send()).body).toEqual((await send()).body);
    expect(await refundsOf(buyer, id)).toEqual([40]);
    // The rest is what was announced and has not come, whatever else the customer has.
    expect((await admin.post("/returns/1/receipt")).body).toMatchObject({ status: "received", lines: [{ qty: 2 }] });
    expect(await refundsOf(buyer, id)).toEqual([40, 40]);
  });

  test("the days to withdraw are counted from the delivery of this very order", async () => {
    const { shop, buyer, mug, order } = await shopWithDelivery(engine, { RETURN_DAYS: "1" });
    const early = await order();
    const late = (await buy(buyer, [mug])).body.order_id;
    shop.pass(48 * 3_600);
    const boss = await newClient(shop, { admin: true });
    for (const step of ["shipment", "delivery"]) await boss.post(`/orders/${late}/${step}`);
    const kindOf = async (id: number) => (await requestAs(shop, buyer.id, id, "Too small")).kind;
    expect([await kindOf(early), await kindOf(late)]).toEqual(["return", "withdrawal"]);
  });

  test("the last day to withdraw ends where the shop is", async () => {
    const { shop, buyer, order } = await shopWithDelivery(engine, { RETURN_DAYS: "14", TIME_ZONE: "America/New_York" });
    const id = await order();
    // It was four in the morning there.
    shop.pass(14 * 86_400 + 19 * 3_600 + 3_599);
    expect((await requestAs(shop, buyer.id, id, "Too big")).kind).toBe("withdrawal");
    shop.pass(1);
    expect((await requestAs(shop, buyer.id, id, "Too small")).kind).toBe("return");
  });

  test("what the shop kept of goods that came back worth less is not paid back with the delivery", async () => {
    const { shop, admin, buyer, order } = await shopWithDelivery(engine);
    await admin.post("/shipping-methods", { name: "Courier", price: 7 });
    const id = await order();
    await buyer.post(`/orders/${id}/returns`);
    await admin.post("/returns/1/receipt", { lines: [{ line: 1, qty: 1, restocked: 0 }], refund: false });
    expect((await admin.post("/returns/1/receipt")).body.status).toBe("received");
    expect(await refundsOf(buyer, id)).toEqual([90, 7]);
    expect((await buyer.get(`/orders/${id}`)).body).toMatchObject({
      status: "returned",
      payment_status: "partially_refunded",
    });
    // Nor is the delivery paid back twice.
    const other = await order();
    await admin.post(`/orders/${other}/refund`, { shipping: true });
    await buyer.post(`/orders/${other}/returns`);
    await admin.post("/returns/2/receipt", { lines: [{ line: 1, qty: 1 }], refund: false });
    await admin.post("/returns/2/receipt");
    expect(await refundsOf(buyer, other)).toEqual([7, 90]);
    await expectSound(shop);
  });

  test("a line that is said twice is the sum of both", async () => {
    const { shop, admin, buyer, order } = await shopWithDelivery(engine);
    const id = await order();
    await buyer.post(`/orders/${id}/returns`);
    expect((await admin.post("/returns/1/receipt", { lines: [cameOf(2), cameOf(2)] })).status).toBe(422);
    expect((await admin.post("/returns/1/receipt", { lines: [cameOf(1), cameOf(2)] })).body.lines[0]).toMatchObject({
      received_qty: 3,
      restocked_qty: 2,
    });
    expect(await refundsOf(buyer, id)).toEqual([120]);
    await expectSound(shop);
  });

  test("what came back by another way is waited for no longer", async () => {
    const { shop, admin, buyer, mug, order } = await shopWithDelivery(engine);
    const [some, all] = [await order(), await order()];
    await buyer.post(`/orders/${some}/returns`, { lines: [{ product_id: mug.id, qty: 3 }] });
    await buyer.post(`/orders/${all}/returns`);
    await admin.post(`/orders/${some}/refund`, { lines: [{ product_id: mug.id, qty: 2 }], restock: true });
    expect((await admin.post("/returns/1/receipt")).body).toMatchObject({
      status: "received",
      lines: [{ qty: 3, received_qty: 1 }],
    });
    // Without a body, as older programs send it.
    expect((await admin.post(`/orders/${all}/return`)).body.status).toBe("returned");
    expect((await admin.post("/returns/2/receipt")).body.status).toBe("received");
    expect(await refundsOf(buyer, all)).toEqual([130]);
    expect((await admin.delete(`/users/${buyer.id}`)).status).toBe(204);
    await expectSound(shop);
  });

  test("a return of which nothing comes can be closed, by the shop or its command", async () => {
    const { shop, admin, buyer, order } = await shopWithDelivery(engine);
    const id = await order();
    for (let times = 0; times < 2; times++) await buyer.post(`/orders/${id}/returns`, { lines: [{ line: 1, qty: 1 }] });
    expect((await admin.post("/returns/1/receipt", { lines: [] })).status).toBe(422);
    expect((await admin.post("/returns/1/receipt", { lines: [], is_last: true })).body.status).toBe("received");
    expect((await runCommand(shop, ["return", "receive", 2, "--last", "--yes"])).answer.status).toBe("received");
    expect(await refundsOf(buyer, id)).toEqual([]);
    const { history } = (await buyer.get(`/orders/${id}`)).body;
    expect(history.map(({ cause }: { cause: string }) => cause)).not.toContain("returned_in_part");
    // The units are the customer's again, who may announce them anew.
    expect((await buyer.post(`/orders/${id}/returns`)).body.lines[0].qty).toBe(3);
    await expectSound(shop);
  });

  test("goods can come back without money, where the shop says so", async () => {
    const { shop, buyer, admin, order } = await shopWithDelivery(engine);
    await admin.post("/shipping-methods", { name: "Courier", price: 7 });
    const id = await order();
    await buyer.post(`/orders/${id}/returns`);
    await admin.post("/returns/1/receipt", { refund: false });
    expect(await refundsOf(buyer, id)).toEqual([]);
    await expectSound(shop);
  });

  test("what is refused at the door is not to be paid, and the rest is, with a credit note for the invoice", async () => {
    const { shop, admin, buyer, mug, tea } = await shopWithDelivery(engine, { INVOICES: "shipped" });
    const { body } = await buy(buyer, [
      { id: mug.id, qty: 3 },
      { id: tea.id, qty: 2 },
    ]);
    const id = body.order_id as number;
    const refuse = (lines: object[], more: object = {}) => admin.post(`/orders/${id}/return`, { lines, ...more });
    expect((await refuse([{ product_id: mug.id, qty: 1 }])).status).toBe(409);
    await admin.post(`/orders/${id}/shipment`);
    await deliver(shop, invoiceChannel);
    expect((await refuse([{ product_id: mug.id, qty: 4 }])).status).toBe(422);
    expect((await refuse([{ product_id: mug.id, qty: 1 }])).body).toMatchObject({
      status: "shipped",
      payment_status: "pending",
      amount_due: 90,
      items: [{ returned_qty: 1, refunded_qty: 0 }, { returned_qty: 0 }],
      shipments: [{ lines: [{ qty: 3 }, { qty: 2 }] }],
    });
    const broken = await runCommand(shop, ["order", "return", id, "--line", `${tea.id}:1`, "--no-restock", "--yes"]);
    expect(broken.answer).toMatchObject({ status: "shipped", amount_due: 85 });
    expect([await shelfOf(shop, mug.id), await shelfOf(shop, tea.id)]).toMatchObject([
      { on_hand: 18 },
      { on_hand: 18 },
    ]);
    await deliver(shop, invoiceChannel);
    const paid = (await admin.post(`/orders/${id}/delivery`)).body;
    expect([paid.payment_status, paid.payments[0].captured]).toEqual(["paid", 85]);
    const notes = (await admin.get("/invoices")).body.filter(({ kind }: { kind: string }) => kind === "credit_note");
    expect(notes.map(({ total }: { total: number }) => total)).toEqual([45]);
    // What was never paid is not paid back either.
    expect((await admin.post(`/orders/${id}/refund`, { lines: [{ product_id: mug.id, qty: 3 }] })).status).toBe(422);
    expect((await admin.post(`/orders/${id}/refund`, {})).body.refunds[0]).toMatchObject({
      amount: 85,
      lines: [{ qty: 2 }, { qty: 1 }],
    });
    const { now } = (await admin.get("/admin/sales?range=today&group=product")).body;
    expect([now.units, now.gross]).toEqual([3, 85]);
    await deliver(shop, invoiceChannel);
    await expectSound(shop);
  });

  test("all of it refused, unit by unit, is an order that came back", async () => {
    const { shop, admin, buyer, mug } = await shopWithDelivery(engine);
    const id = (await buy(buyer, [{ id: mug.id, qty: 2 }])).body.order_id as number;
    await admin.post(`/orders/${id}/shipment`);
    const refuse = () => admin.post(`/orders/${id}/return`, { lines: [{ line: 1, qty: 1 }] });
    expect((await refuse()).body.status).toBe("shipped");
    expect((await refuse()).body).toMatchObject({ status: "returned", payment_status: "failed", amount_due: 0 });
    expect((await refuse()).status).toBe(409);
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 20, reserved: 0 });
    await expectSound(shop);
  });

  test("units that are brought back paid are paid back, and the order has come back with the last", async () => {
    const { shop, admin, mug, tea, order } = await shopWithDelivery(engine);
    const id = await order();
    const bring = (product: number, qty: number, more: object = {}) =>
      admin.post(`/orders/${id}/return`, { lines: [{ product_id: product, qty }], ...more });
    expect((await bring(mug.id, 1)).body).toMatchObject({ status: "delivered", payment_status: "partially_refunded" });
    expect((await bring(tea.id, 2, { refund: false, restock: false })).body.refunds).toHaveLength(1);
    expect((await bring(mug.id, 2)).body).toMatchObject({ status: "returned", payment_status: "partially_refunded" });
    expect(await refundsOf(admin, id)).toEqual([40, 80]);
    expect([await shelfOf(shop, mug.id), await shelfOf(shop, tea.id)]).toMatchObject([
      { on_hand: 20 },
      { on_hand: 18 },
    ]);
    await expectSound(shop);
  });

  test("a customer sees the own returns and nobody else's, the shop sees all and by status", async () => {
    const { shop, buyer, admin, order } = await shopWithDelivery(engine);
    const [id, other] = [await order(), await order()];
    await buyer.post(`/orders/${id}/returns`, { lines: [{ line: 1, qty: 1 }] });
    // What is announced of one order is announced of no other.
    await buyer.post(`/orders/${other}/returns`, { lines: [{ line: 1, qty: 2 }] });
    expect((await buyer.post(`/orders/${id}/returns`, { lines: [{ line: 1, qty: 2 }] })).status).toBe(201);
    for (const client of [buyer, admin]) expect(await idsOf(client, `/orders/${id}/returns`)).toEqual([3, 1]);
    expect(await idsOf(admin, `/returns?order_id=${other}`)).toEqual([2]);
    expect(await idsOf(admin, "/returns")).toEqual([3, 2, 1]);
    expect((await admin.get("/orders/999/returns")).status).toBe(404);
    const stranger = await newBuyer(shop);
    expect((await stranger.get(`/orders/${id}/returns`)).status).toBe(404);
    expect((await stranger.post(`/orders/${id}/returns`)).status).toBe(404);
    expect((await buyer.get("/returns")).status).toBe(403);
    await admin.post("/returns/2/receipt");
    expect(await idsOf(admin, "/returns?status=approved")).toEqual([3, 1]);
    expect(await idsOf(admin, "/returns?status=received")).toEqual([2]);
    expect((await admin.get("/returns/1")).body.order_id).toBe(id);
    expect((await admin.get("/returns/9")).status).toBe(404);
    await admin.post(`/orders/${other}/returns`, { lines: [{ line: 1, qty: 1 }] });
    expect((await admin.get("/admin/audit")).body[0].action).toBe("POST /api/v1/orders/:id/returns");
  });
});

/** As a person does at the gateway's page. */
async function pay(shop: TestShop, url: string): Promise<void> {
  const page = `http://localhost${new URL(url).pathname}`;
  await shop.app.handle(new Request(page, { method: "POST", body: new URLSearchParams({ choice: "pay" }) }));
}

/** A customer whose session is over by the shop's clock asks by another way. */
async function requestAs(shop: TestShop, owner: number, orderId: number, reason: string) {
  const { requestReturn } = await import("../../src/returns/returns");
  return requestReturn(shop, orderId, { lines: [{ line: 1, qty: 1 }], reason }, { owner });
}
