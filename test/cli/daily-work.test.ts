import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { buy, expectSound, shelfOf } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { newFolder } from "../support/program";
import { freshShop, type TestShop } from "../support/shop";

describe.each(engines)("a shopkeeper's day on $name", (engine) => {
  async function tradingShop() {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const mug = await stockShelf(shop, { stock: 20 });
    const asha = await newBuyer(shop, { email: "asha@example.com" });
    const om = await newBuyer(shop, { email: "om@example.com" });
    const run = (...words: (string | number)[]) => runCommand(shop, words);
    const ids = async (...words: (string | number)[]) => {
      const { answer, failed } = await run("order", "list", ...words);
      if (failed !== undefined) throw new Error(failed);
      return answer.map(({ id }: { id: number }) => id);
    };
    return { shop, admin, mug, asha, om, run, ids };
  }

  test("orders are found by product, code, coupon, total, flag and day, with what they come to", async () => {
    const { shop, admin, mug, asha, om, run, ids } = await tradingShop();
    await admin.patch(`/products/${mug.id}`, { sku: "MUG-1" });
    await run("coupon", "create", "TEN", "--percent", 10);
    const first = (await buy(asha, [{ id: mug.id, qty: 3 }], { coupon_code: "TEN" })).body;
    shop.pass(86_400);
    const second = (await buy(await newBuyer(shop, { email: "later@example.com" }), [{ id: mug.id }])).body;
    void om;
    expect(await ids("--product", "MUG-1")).toEqual([second.order_id, first.order_id]);
    expect(await ids("--product", mug.id, "--customer", "asha@example.com")).toEqual([first.order_id]);
    expect(await ids("--code", "mug-1", "--coupon", "ten")).toEqual([first.order_id]);
    expect(await ids("--min-total", first.total_amount)).toEqual([first.order_id]);
    expect(await ids("--max-total", second.total_amount)).toEqual([second.order_id]);
    expect(await ids("--since", "2030-01-02")).toEqual([second.order_id]);
    expect(await ids("--until", "2030-01-01")).toEqual([first.order_id]);
    expect(await ids("--flagged")).toEqual([]);
    await shop.database.transaction((tx) =>
      tx.run("UPDATE payments SET flag = 'look' WHERE order_id = $1", [first.order_id]),
    );
    expect(await ids("--flagged")).toEqual([first.order_id]);

    const { answer, text } = await run("order", "list", "--sums");
    expect(answer).toMatchObject({ orders: 2, total: first.total_amount + second.total_amount, paid: 0 });
    expect(text).toContain("2 orders come to");
    // The API says the same of whatever is asked for, some thousand orders at a time.
    const keeper = await newClient(shop, { admin: true, email: "keeper@example.com" });
    for (const [words, query] of [
      [[], ""],
      [["--product", mug.id], `product_id=${mug.id}`],
      [["--coupon", "TEN"], "coupon=TEN"],
      [["--find", "asha"], "q=asha"],
      [["--since", "2030-01-02"], "since=2030-01-02T00:00:00Z"],
      [["--find", "nobody"], "q=nobody"],
    ] as const) {
      const { answer: sums } = await run("order", "list", "--sums", ...words);
      expect([query, (await keeper.get(`/orders/sums?${query}`)).body]).toEqual([query, { ...sums, more: false }]);
    }
    const page = await run("order", "list", "--limit", 1);
    expect(page.text).toContain("1 to 1 of 2. More: --page 2.");
    expect((await run("order", "list", "--page", 9)).text).toContain("There is no page 9");
    expect((await run("order", "list", "--find", "nobody")).text).toBe("No order fits.");
    expect((await run("order", "list", "--product", "nothing")).failed).toContain("no such product");
  });

  test("a coupon shows its takings and who used it, to the API too", async () => {
    const { admin, mug, asha, run } = await tradingShop();
    await run("coupon", "create", "TEN", "--percent", 10);
    const { order_id, total_amount } = (await buy(asha, [{ id: mug.id, qty: 3 }], { coupon_code: "TEN" })).body;
    const shown = await run("coupon", "show", "ten");
    expect(shown.answer).toMatchObject({ code: "TEN", takings: { orders: 1, total: total_amount } });
    expect(shown.answer.orders.map(({ id }: { id: number }) => id)).toEqual([order_id]);
    expect((await admin.get("/coupons/TEN")).body).toMatchObject({
      code: "TEN",
      takings: { orders: 1, total: total_amount },
    });
    expect((await admin.get("/coupons/NONE")).status).toBe(404);
    expect((await admin.get("/orders/all?coupon=TEN")).body).toHaveLength(1);
    // What came to nothing was no use of it.
    await run("order", "cancel", order_id);
    expect((await run("coupon", "show", "TEN")).answer).toMatchObject({ uses: 0, takings: { orders: 0, total: 0 } });
  });

  test("a recall names who still has the product or a variant of it, and how to reach them", async () => {
    const { mug, asha, om, run } = await tradingShop();
    await buy(asha, [{ id: mug.id, qty: 2 }]);
    const { order_id } = (await buy(asha, [{ id: mug.id, qty: 1 }])).body;
    const cancelled = (await buy(om, [mug])).body.order_id;
    await run("order", "cancel", cancelled);
    const { answer, text } = await run("product", "buyers", mug.id);
    expect(answer).toMatchObject([{ customer_id: asha.id, email: "asha@example.com", units: 3 }]);
    expect(answer[0].orders).toContain(order_id);
    expect(text).toContain("1 customer has 3");
    expect((await run("product", "buyers", mug.id, "--csv")).text).toStartWith("customer_id,name,email,phone,units");
    await run("product", "delete", mug.id);
    expect((await run("product", "buyers", mug.id)).answer).toHaveLength(1);
  });

  test("a recall forgets nobody, however many orders came since; a list says how far it has looked", async () => {
    const { shop, mug, asha, om, run } = await tradingShop();
    const bowl = await stockShelf(shop, { stock: 5 });
    await run("coupon", "create", "TEN", "--percent", 10);
    const { order_id } = (await buy(asha, [mug], { coupon_code: "TEN" })).body;
    const later = (await buy(om, [bowl])).body.order_id;
    await copyOrder(shop, later, 20_100);
    expect((await run("product", "buyers", mug.id)).answer).toMatchObject([
      { customer_id: asha.id, orders: [order_id] },
    ]);
    expect((await run("coupon", "show", "TEN")).answer.orders).toMatchObject([{ id: order_id }]);
    // What an index knows of is found however old it is.
    for (const words of [
      ["--product", mug.id],
      ["--product", mug.id, "--customer", asha.id],
    ])
      expect((await run("order", "list", ...words)).answer).toMatchObject([{ id: order_id }]);
    await run("order", "tag", order_id, "gift");
    expect((await run("order", "list", "--tag", "gift")).text).toStartWith("None of the newest 20,000 orders fits.");
    expect((await run("order", "list", "--tag", "gift", "--customer", asha.id)).answer).toHaveLength(1);
  });

  test("a customer is shown with addresses, orders and what they spent, and can be changed", async () => {
    const { shop, mug, asha, run } = await tradingShop();
    await buy(asha, [mug]);
    const { answer, text } = await run("customer", "show", "asha@example.com");
    expect(answer).toMatchObject({ id: asha.id, totals: { orders: 1 } });
    expect(answer.addresses).toHaveLength(1);
    expect(text).toContain("asha@example.com");
    expect((await run("customer", "list", "asha")).answer.map(({ id }: { id: number }) => id)).toContain(asha.id);

    await run("customer", "edit", asha.id, "--phone", "12345", "--email", "asha@shop.example");
    expect((await run("customer", "show", asha.id)).answer).toMatchObject({
      phone: "12345",
      email: "asha@shop.example",
    });
    // Another e-mail is another person until they have confirmed it: every session has ended.
    expect((await asha.get("/users/me")).status).toBe(401);
    expect((await run("customer", "edit", asha.id, "--email", "om@example.com")).failed).toContain("already");
    expect((await run("customer", "edit", asha.id)).failed).toContain("--phone");
    const audit = JSON.stringify(await shop.database.all("SELECT details, subject FROM audit"));
    for (const hidden of ["12345", "asha@shop.example"]) expect(audit).not.toContain(hidden);
  });

  test("the packing slips of many orders are one page, a sheet for each", async () => {
    const { admin, mug, asha, om, run } = await tradingShop();
    const first = (await buy(asha, [mug])).body.order_id;
    const second = (await buy(om, [mug])).body.order_id;
    const file = join(newFolder(), "slips.html");
    expect((await run("order", "slips", "--status", "placed", "--out", file)).answer.orders).toEqual([first, second]);
    const page = await Bun.file(file).text();
    expect(page.match(/<article>/g)).toHaveLength(2);
    for (const id of [first, second]) expect(page).toContain(`Order ${id}`);
    const answer = await admin.get(`/admin/packing-slips?ids=${second},${first}`);
    expect(answer.status).toBe(200);
    expect((await admin.get("/admin/packing-slips?ids=99")).status).toBe(404);
    expect((await run("order", "slips", "--status", "shipped")).text).toContain("nothing to print");
  });

  test("a delivery and a stocktake are one file, done whole or not at all", async () => {
    const { shop, admin, mug, asha, run } = await tradingShop();
    await admin.patch(`/products/${mug.id}`, { sku: "MUG-1", barcode: "4006381333931" });
    const cup = await stockShelf(shop, { stock: 5, name: "Cup", slug: "cup" });
    await buy(asha, [{ id: mug.id, qty: 2 }]);
    const folder = newFolder();
    const file = async (name: string, text: string) => {
      await Bun.write(join(folder, name), text);
      return join(folder, name);
    };
    const delivery = await file("delivery.csv", '\uFEFFBarcode;Qty\r\n"4006381333931";10\r\ncup;3\r\n');
    const tried = await run("stock", "receive", delivery, "--dry-run");
    expect(tried.answer).toMatchObject({ applied: false, lines: [{ after: 30 }, { after: 8 }] });
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 20, reserved: 2 });
    await run("stock", "receive", delivery, "--reason", "note 4711");
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 30, reserved: 2 });
    expect(await shelfOf(shop, cup.id)).toEqual({ on_hand: 8, reserved: 0 });

    const count = await run("stock", "count", await file("count.tsv", "MUG-1\t29\ncup\t8\n"));
    expect(count.answer.lines).toMatchObject([
      { product_id: mug.id, before: 30, after: 29 },
      { before: 8, after: 8 },
    ]);
    expect(count.text).toContain("2 products, 1 changed, -1 unit in all.");
    // Two of them are sold: nobody can have counted one.
    const short = await run("stock", "count", await file("short.csv", "cup,3\nMUG-1,1\n"));
    expect(short.failed).toContain("reserved");
    expect(await shelfOf(shop, cup.id)).toEqual({ on_hand: 8, reserved: 0 });
    const wrong = await run("stock", "receive", await file("wrong.csv", "sku,qty\nMUG-1,many\nnothing,1\n"));
    expect(wrong.failed).toContain("2 of 2 lines can't be read");
    expect((await run("stock", "receive", "cup=2", "MUG-1=1")).answer.lines).toMatchObject([
      { after: 30 },
      { after: 10 },
    ]);
    await expectSound(shop);
  });

  test("what can't be undone is asked about, with what it comes to", async () => {
    const { mug, asha, run } = await tradingShop();
    const { order_id, total_amount } = (await buy(asha, [{ id: mug.id, qty: 2 }])).body;
    for (const step of ["pack", "ship", "deliver"]) await run("order", step, order_id);
    const refunded = await run("order", "refund", order_id, "--line", `${mug.id}:1`);
    expect(refunded.asked).toEqual([expect.stringContaining(`Pay back ${total_amount / 2} INR for order ${order_id}`)]);
    expect((await run("order", "refund", order_id, "--yes")).asked).toEqual([]);
    expect((await run("order", "return", order_id)).asked).toEqual([expect.stringContaining(`order ${order_id}`)]);
  });
});

/** So many more orders like this one, without lines. */
async function copyOrder(shop: TestShop, id: number, times: number): Promise<void> {
  const row = await shop.database.first<Record<string, unknown>>("SELECT * FROM orders WHERE id = $1", [id]);
  const columns = Object.keys(row ?? {}).filter((name) => name !== "id");
  await shop.database.transaction((tx) =>
    tx.run(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${times})
       INSERT INTO orders (${columns.join()}) SELECT ${columns.map((name) => `o.${name}`).join()} FROM n, orders o WHERE o.id = $1`,
      [id],
    ),
  );
}
