import { beforeAll, describe, expect, test } from "bun:test";
import { type Client, clientOf, linksOf, newBuyer, newClient, statusCounts } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

type Buyer = Awaited<ReturnType<typeof newBuyer>>;

const checkout = (buyer: Buyer, about: object = {}) =>
  buyer.post("/orders/checkout", { payment_method: "cod", address_id: buyer.address_id, ...about });

/** Puts each product into the cart, in this order. */
async function fill(buyer: Buyer, ...products: [id: number, qty: number][]) {
  for (const [product_id, qty] of products) await buyer.post("/cart/add", { product_id, qty });
}

const newBuyers = (shop: TestShop, count: number) => Promise.all(Array.from({ length: count }, () => newBuyer(shop)));

const level = (shop: TestShop, id: number) =>
  shop.database.first("SELECT on_hand, reserved FROM stock WHERE product_id = $1", [id]);

const countOf = async (shop: TestShop, table: string) =>
  (await shop.database.first<{ rows: number }>(`SELECT COUNT(*) AS rows FROM ${table}`))?.rows;

const ids = (answer: { body: { id: number }[] }) => answer.body.map((order) => order.id);

/** What must hold whatever happened: the counters are the sums of the ledger, and an order costs what its lines cost. */
async function expectBooksToBalance(shop: TestShop) {
  const wrong = await shop.database.all(
    `SELECT s.product_id FROM stock s LEFT JOIN stock_moves m ON m.product_id = s.product_id
     GROUP BY s.product_id, s.on_hand, s.reserved
     HAVING s.on_hand <> COALESCE(SUM(m.on_hand_change), 0) OR s.reserved <> COALESCE(SUM(m.reserved_change), 0)`,
  );
  expect(wrong).toEqual([]);
  const odd = await shop.database.all(
    `SELECT o.id FROM orders o LEFT JOIN order_items i ON i.order_id = o.id
     GROUP BY o.id, o.subtotal_minor HAVING o.subtotal_minor <> COALESCE(SUM(i.qty * i.price_minor), 0)`,
  );
  expect(odd).toEqual([]);
}

describe.each(engines)("orders on $name", (engine) => {
  let shop: TestShop;
  let admin: Client;

  beforeAll(async () => {
    shop = await freshShop(engine);
    admin = await newClient(shop, { admin: true });
  });

  describe("placing one", () => {
    test("the cart becomes an order, delivered in half an hour", async () => {
      const buyer = await newBuyer(shop);
      const mug = await stockShelf(shop, { price: 120.5, stock: 10 });
      const tea = await stockShelf(shop, { price: 0.1, stock: 5 });
      await fill(buyer, [tea.id, 3], [mug.id, 2]);
      const { status, body, headers } = await checkout(buyer);
      const placed_at = shop.now().toISOString();
      const delivery_eta = new Date(shop.now().getTime() + 30 * 60_000).toISOString();
      expect(status).toBe(201);
      expect(body).toMatchObject({
        status: "placed",
        total_amount: 241.3,
        placed_at,
        delivery_eta,
      });
      expect(headers.get("location")).toBe(`/api/v1/orders/${body.order_id}`);
      expect(await buyer.get(`/orders/${body.order_id}`)).toMatchObject({
        status: 200,
        body: {
          id: body.order_id,
          user_id: buyer.id,
          total_amount: 241.3,
          subtotal: 241.3,
          discount: 0,
          currency: "INR",
          status: "placed",
          payment_status: "pending",
          payment_method: "cod",
          placed_at,
          delivery_eta,
          items: [
            { product_id: mug.id, qty: 2, price_at_purchase: 120.5 },
            { product_id: tea.id, qty: 3, price_at_purchase: 0.1 },
          ],
        },
      });
      expect((await buyer.get("/cart")).body.items).toEqual([]);
      expect(await level(shop, mug.id)).toMatchObject({ on_hand: 10, reserved: 2 });
      await expectBooksToBalance(shop);
    });

    test("how long a delivery takes is a setting", async () => {
      const slow = await freshShop(engine, { DELIVERY_MINUTES: "90" });
      const buyer = await newBuyer(slow);
      await fill(buyer, [(await stockShelf(slow)).id, 1]);
      const { body } = await checkout(buyer);
      expect(Date.parse(body.delivery_eta) - Date.parse(body.placed_at)).toBe(90 * 60_000);
      await slow.close();
    });

    test("each line that was reserved stands in the ledger with its order", async () => {
      const buyer = await newBuyer(shop);
      const { id } = await stockShelf(shop, { stock: 10 });
      await fill(buyer, [id, 4]);
      const { body } = await checkout(buyer);
      const moves = await shop.database.all("SELECT * FROM stock_moves WHERE product_id = $1 ORDER BY id", [id]);
      expect(moves.at(-1)).toMatchObject({
        cause: "reserved",
        on_hand_change: 0,
        reserved_change: 4,
        order_id: body.order_id,
      });
    });

    test("an empty cart is no order", async () => {
      const buyer = await newBuyer(shop);
      expect(await checkout(buyer)).toMatchObject({ status: 409, body: { code: "cart_empty" } });
    });

    test("a cart is ordered once", async () => {
      const buyer = await newBuyer(shop);
      await fill(buyer, [(await stockShelf(shop)).id, 1]);
      expect((await checkout(buyer)).status).toBe(201);
      expect(await checkout(buyer)).toMatchObject({ status: 409, body: { code: "cart_empty" } });
    });

    test("somebody else's address is as unknown as none, and the cart stays", async () => {
      const [buyer, other] = [await newBuyer(shop), await newBuyer(shop)];
      const { id } = await stockShelf(shop);
      await fill(buyer, [id, 1]);
      const foreign = await checkout(buyer, { address_id: other.address_id });
      const unknown = await checkout(buyer, { address_id: 999_999 });
      expect(foreign).toMatchObject({ status: 404, body: { code: "not_found" } });
      expect({ ...foreign.body, request_id: "" }).toEqual({ ...unknown.body, request_id: "" });
      expect((await buyer.get("/cart")).body.items).toHaveLength(1);
      expect(await level(shop, id)).toMatchObject({ reserved: 0 });
    });

    test.each([
      ["price", 1],
      ["total_amount", 1],
      ["user_id", 1],
      ["status", "delivered"],
      ["payment_status", "paid"],
    ])("a customer does not say the %s of an order", async (field, value) => {
      const buyer = await newBuyer(shop);
      await fill(buyer, [(await stockShelf(shop)).id, 1]);
      const answer = await checkout(buyer, { [field]: value });
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: field }] } });
      expect((await buyer.get("/orders")).body).toEqual([]);
    });

    test.each([
      ["address_id", { address_id: "1" }],
      ["address_id", { address_id: undefined }],
      ["payment_method", { payment_method: undefined }],
      ["payment_method", { payment_method: "" }],
      ["payment_method", { payment_method: "card\r\nx: y" }],
    ])("a wrong %s is refused", async (path, wrong) => {
      const buyer = await newBuyer(shop);
      await fill(buyer, [(await stockShelf(shop)).id, 1]);
      expect(await checkout(buyer, wrong)).toMatchObject({ status: 422, body: { errors: [{ path }] } });
    });

    test("a product that has left the catalog is not ordered, and is named", async () => {
      const buyer = await newBuyer(shop);
      const [gone, kept] = [await stockShelf(shop, { name: "Old mug" }), await stockShelf(shop)];
      await fill(buyer, [gone.id, 1]);
      await admin.delete(`/products/${gone.id}`);
      const refused = await checkout(buyer);
      expect(refused).toMatchObject({ status: 409, body: { code: "price_changed" } });
      expect(refused.body.detail).toContain("Old mug is not sold any more.");
      await buyer.get("/cart");
      expect(await checkout(buyer)).toMatchObject({ status: 409, body: { code: "cart_empty" } });
      await fill(buyer, [kept.id, 1]);
      const { body } = await checkout(buyer);
      expect((await buyer.get(`/orders/${body.order_id}`)).body.items).toMatchObject([{ product_id: kept.id }]);
    });
  });

  describe("what is short of stock", () => {
    test("is named line by line, and nothing changes", async () => {
      const buyer = await newBuyer(shop);
      const [mug, tea, soap] = [
        await stockShelf(shop, { name: "Mug", stock: 3 }),
        await stockShelf(shop, { name: "Tea", stock: 9 }),
        await stockShelf(shop, { name: "Soap", stock: 0 }),
      ];
      // One of the mugs lies there for another customer.
      const other = await newBuyer(shop);
      await fill(other, [mug.id, 1]);
      expect((await checkout(other)).status).toBe(201);
      await fill(buyer, [soap.id, 1], [tea.id, 9], [mug.id, 5]);
      const [cart, orders, moves] = [
        (await buyer.get("/cart")).body,
        await countOf(shop, "orders"),
        await countOf(shop, "stock_moves"),
      ];
      const refused = await checkout(buyer);
      expect(refused).toMatchObject({ status: 409, body: { code: "out_of_stock" } });
      expect(refused.body.lines).toEqual([
        { product_id: mug.id, name: "Mug", requested: 5, available: 2 },
        { product_id: soap.id, name: "Soap", requested: 1, available: 0 },
      ]);
      expect((await buyer.get("/cart")).body).toEqual(cart);
      expect(await countOf(shop, "orders")).toBe(orders);
      expect(await countOf(shop, "stock_moves")).toBe(moves);
      expect(await level(shop, tea.id)).toMatchObject({ on_hand: 9, reserved: 0 });
    });

    test("can be ordered as far as it goes, once the cart says so", async () => {
      const buyer = await newBuyer(shop);
      const { id } = await stockShelf(shop, { stock: 2 });
      await fill(buyer, [id, 3]);
      expect((await checkout(buyer)).status).toBe(409);
      await buyer.put(`/cart/items/${id}`, { qty: 2 });
      expect((await checkout(buyer)).status).toBe(201);
    });
  });

  describe("many at once", () => {
    test("ten buyers of three mugs: three get one", async () => {
      const { id } = await stockShelf(shop, { stock: 3 });
      const buyers = await newBuyers(shop, 10);
      await Promise.all(buyers.map((buyer) => fill(buyer, [id, 1])));
      const answers = await Promise.all(buyers.map((buyer) => checkout(buyer)));
      expect(statusCounts(answers)).toEqual({ 201: 3, 409: 7 });
      for (const { status, body } of answers) if (status === 409) expect(body.code).toBe("out_of_stock");
      expect(await level(shop, id)).toMatchObject({ on_hand: 3, reserved: 3 });
      await expectBooksToBalance(shop);
    });

    test("carts that cross each other all become orders", async () => {
      const [one, two] = [await stockShelf(shop, { stock: 1_000 }), await stockShelf(shop, { stock: 1_000 })];
      const lines: [number, number][] = [
        [one.id, 1],
        [two.id, 2],
      ];
      const buyers = await newBuyers(shop, 8);
      for (let round = 0; round < 4; round++) {
        await Promise.all(
          buyers.map((buyer, number) => fill(buyer, ...(number % 2 === 0 ? lines : lines.toReversed()))),
        );
        expect(statusCounts(await Promise.all(buyers.map((buyer) => checkout(buyer))))).toEqual({ 201: 8 });
      }
      expect(await level(shop, one.id)).toMatchObject({ reserved: 32 });
      expect(await level(shop, two.id)).toMatchObject({ reserved: 64 });
      await expectBooksToBalance(shop);
    });

    test("two crossing carts and one of the last: one order holds both, or neither", async () => {
      const buyers = await newBuyers(shop, 2);
      for (let round = 0; round < 5; round++) {
        const [one, two] = [await stockShelf(shop, { stock: 1 }), await stockShelf(shop, { stock: 1 })];
        for (const buyer of buyers) await buyer.delete("/cart");
        for (const buyer of buyers) await fill(buyer, [one.id, 1], [two.id, 1]);
        const answers = await Promise.all(buyers.map((buyer) => checkout(buyer)));
        expect(statusCounts(answers)).toEqual({ 201: 1, 409: 1 });
        for (const { id } of [one, two]) expect(await level(shop, id)).toMatchObject({ on_hand: 1, reserved: 1 });
      }
    });

    test("one cart checked out twenty times at once is one order", async () => {
      const buyer = await newBuyer(shop);
      const { id } = await stockShelf(shop, { stock: 100 });
      await fill(buyer, [id, 2]);
      const answers = await Promise.all(Array.from({ length: 20 }, () => checkout(buyer)));
      expect(statusCounts(answers)).toEqual({ 201: 1, 409: 19 });
      expect((await buyer.get("/orders")).body).toHaveLength(1);
      expect(await level(shop, id)).toMatchObject({ reserved: 2 });
    });

    test("edits of a cart during its checkout are in the order or in the next cart, never in both", async () => {
      const buyer = await newBuyer(shop);
      const { id } = await stockShelf(shop, { stock: 1_000 });
      await fill(buyer, [id, 1]);
      await Promise.all([
        ...Array.from({ length: 10 }, () => buyer.post("/cart/add", { product_id: id })),
        checkout(buyer),
        ...Array.from({ length: 10 }, () => buyer.post("/cart/add", { product_id: id })),
      ]);
      const [order] = (await buyer.get("/orders")).body;
      const left = (await buyer.get("/cart")).body.items[0]?.qty ?? 0;
      expect(order.items[0].qty + left).toBe(21);
      expect(order.total_amount).toBe(order.items[0].qty * 120);
      expect(await level(shop, id)).toMatchObject({ reserved: order.items[0].qty });
    });

    test("a price that changes during checkouts is one price in each order", async () => {
      const buyers = await newBuyers(shop, 8);
      const { id } = await stockShelf(shop, { price: 10, stock: 1_000 });
      await Promise.all(buyers.map((buyer) => fill(buyer, [id, 3])));
      const [, ...answers] = await Promise.all([
        admin.put(`/products/${id}`, { price: 20 }),
        ...buyers.map((buyer) => checkout(buyer)),
      ]);
      // Whoever comes after the change is asked, since they saw another price.
      for (const { status, body } of answers) {
        if (status === 409) expect(body.code).toBe("price_changed");
        else expect(body.total_amount).toBe(30);
      }
      await expectBooksToBalance(shop);
    });

    test("restocking during checkouts loses neither", async () => {
      const buyers = await newBuyers(shop, 6);
      const { id } = await stockShelf(shop, { stock: 50 });
      await Promise.all(buyers.map((buyer) => fill(buyer, [id, 2])));
      const answers = await Promise.all([
        ...buyers.map((buyer) => checkout(buyer)),
        admin.put(`/products/${id}`, { stock: 80 }),
        admin.put(`/products/${id}`, { stock: 90 }),
      ]);
      expect(statusCounts(answers)).toEqual({ 200: 2, 201: 6 });
      expect(await level(shop, id)).toMatchObject({ reserved: 12 });
      await expectBooksToBalance(shop);
    });
  });

  describe("looking back", () => {
    test("the price of an order is the one at purchase, whatever it costs now", async () => {
      const buyer = await newBuyer(shop);
      const { id } = await stockShelf(shop, { price: 80 });
      await fill(buyer, [id, 2]);
      const { order_id } = (await checkout(buyer)).body;
      const before = (await buyer.get(`/orders/${order_id}`)).body;
      await admin.put(`/products/${id}`, { price: 95, name: "Dearer" });
      expect((await buyer.get(`/orders/${order_id}`)).body).toEqual(before);
      await admin.delete(`/products/${id}`);
      expect((await buyer.get(`/orders/${order_id}`)).body).toEqual(before);
      expect(before).toMatchObject({ total_amount: 160, items: [{ product_id: id, price_at_purchase: 80 }] });
    });

    test("an order keeps the address that it went to", async () => {
      const buyer = await newBuyer(shop);
      await fill(buyer, [(await stockShelf(shop)).id, 1]);
      const { order_id } = (await checkout(buyer)).body;
      expect((await buyer.delete(`/users/me/addresses/${buyer.address_id}`)).status).toBe(204);
      const kept = await shop.database.first<{ city: string }>(
        "SELECT address ->> 'city' AS city FROM orders WHERE id = $1",
        [order_id],
      );
      expect(kept?.city).toBe("Pune");
    });

    test("orders come newest first, in pages that say how many there are", async () => {
      const buyer = await newBuyer(shop);
      const { id } = await stockShelf(shop, { stock: 100 });
      const placed: number[] = [];
      for (let number = 0; number < 5; number++) {
        await fill(buyer, [id, 1]);
        placed.unshift((await checkout(buyer)).body.order_id);
        // Two of them within one moment: the later one still comes first.
        if (number !== 2) shop.pass(60);
      }
      expect(ids(await buyer.get("/orders"))).toEqual(placed);
      const second = await buyer.get("/orders?page=2&size=2");
      expect(ids(second)).toEqual(placed.slice(2, 4));
      expect(second.headers.get("x-total-count")).toBe("5");
      const links = linksOf(second);
      expect(Object.keys(links).toSorted()).toEqual(["first", "last", "next", "prev"]);
      const follow = async (relation: string) => ids(await buyer.get((links[relation] ?? "").replace("/api/v1", "")));
      expect(await follow("first")).toEqual(placed.slice(0, 2));
      expect(await follow("prev")).toEqual(placed.slice(0, 2));
      expect(await follow("next")).toEqual(placed.slice(4));
      expect(await follow("last")).toEqual(placed.slice(4));
      expect(ids(await buyer.get("/orders?skip=1&limit=3"))).toEqual(placed.slice(1, 4));
    });

    test("who skips is led on by what to skip, and reads every order once", async () => {
      const buyer = await newBuyer(shop);
      const { id } = await stockShelf(shop, { stock: 100 });
      const placed: number[] = [];
      for (let number = 0; number < 5; number++) {
        await fill(buyer, [id, 1]);
        placed.unshift((await checkout(buyer)).body.order_id);
      }
      expect(linksOf(await buyer.get("/orders?skip=1&limit=2"))).toEqual({
        first: "/api/v1/orders?skip=0&limit=2",
        prev: "/api/v1/orders?skip=0&limit=2",
        next: "/api/v1/orders?skip=3&limit=2",
        last: "/api/v1/orders?skip=3&limit=2",
      });
      const read: number[] = [];
      for (let url: string | undefined = "/api/v1/orders?skip=0&size=2"; url;) {
        const answer = await buyer.get(url.replace("/api/v1", ""));
        read.push(...ids(answer));
        url = linksOf(answer)["next"];
      }
      expect(read).toEqual(placed);
      expect(linksOf(await buyer.get("/orders?skip=99&limit=2"))).toMatchObject({
        prev: "/api/v1/orders?skip=3&limit=2",
      });
      // The page is what counts where both are given.
      expect(linksOf(await buyer.get("/orders?skip=1&page=2&size=2"))).toMatchObject({
        next: "/api/v1/orders?page=3&size=2",
      });
    });

    test("a list without orders has one empty page", async () => {
      const buyer = await newBuyer(shop);
      const { body, headers } = await buyer.get("/orders");
      expect(body).toEqual([]);
      expect(headers.get("x-total-count")).toBe("0");
      expect(headers.get("link")).not.toContain("next");
    });

    test("somebody else's order is as unknown as none, also to an admin's own list", async () => {
      const [buyer, other] = [await newBuyer(shop), await newBuyer(shop)];
      await fill(buyer, [(await stockShelf(shop)).id, 1]);
      const { order_id } = (await checkout(buyer)).body;
      const foreign = await other.get(`/orders/${order_id}`);
      const unknown = await other.get("/orders/999999");
      expect(foreign.status).toBe(404);
      expect({ ...foreign.body, request_id: "" }).toEqual({ ...unknown.body, request_id: "" });
      expect((await other.get("/orders")).body).toEqual([]);
      expect((await admin.get("/orders")).body).toEqual([]);
    });

    test("nobody sees orders without signing in", async () => {
      expect((await clientOf(shop).get("/orders")).status).toBe(401);
      expect((await clientOf(shop).get("/orders/1")).status).toBe(401);
      expect((await clientOf(shop).post("/orders/checkout", { wrong: true })).status).toBe(401);
    });
  });
});
