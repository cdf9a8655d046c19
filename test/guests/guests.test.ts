import { describe, expect, test } from "bun:test";
import { forgetGuests } from "../../src/guests/guests";
import { createOrderLink } from "../../src/orders/order-links";
import { atOnce, buy, checkOut, expectSound } from "../support/buying";
import { type Client, clientOf, newBuyer, newClient, PASSWORD } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const HOME = { label: "Home", address_line: "12 Lake Road", city: "Pune", pincode: "411001" };
const ASHA = { full_name: "Asha Rao", email: "asha@example.com", phone: "+91 98450 00000", password: PASSWORD };

/** Somebody who has just come in and not said who they are. */
async function newGuest(shop: TestShop): Promise<Client> {
  const { status, body } = await clientOf(shop).post("/auth/guest", {});
  expect(status).toBe(201);
  const me = await clientOf(shop, body.access_token).get("/users/me");
  return clientOf(shop, body.access_token, me.body.id, body.refresh_token);
}

async function withAddress(guest: Client) {
  const { body } = await guest.post("/orders/addresses", HOME);
  return { ...guest, address_id: body.id as number };
}

const orderAs = { email: "somebody@example.com" };

const signIn = (guest: Client, email: string) => guest.post("/auth/login", { email, password: PASSWORD });

/** An order of a guest, and the token of the mail about it. */
async function orderWithLink(shop: TestShop) {
  const { id } = await stockShelf(shop);
  const guest = await withAddress(await newGuest(shop));
  await guest.post("/cart/add", { product_id: id });
  const { order_id } = (await checkOut(guest, orderAs)).body;
  const order_token = await shop.database.transaction((tx) => createOrderLink(shop, tx, order_id));
  return { guest, order_id, order_token };
}

describe.each(engines)("guests on $name", (engine) => {
  test("a guest has a cart and orders without saying who they are", async () => {
    const shop = await freshShop(engine);
    const { id } = await stockShelf(shop);
    const guest = await withAddress(await newGuest(shop));
    expect((await guest.get("/users/me")).body).toMatchObject({ is_guest: true, is_admin: false, email: "" });
    await guest.post("/cart/add", { product_id: id });
    const { status, body } = await checkOut(guest, orderAs);
    expect(status).toBe(201);
    expect((await guest.get(`/orders/${body.order_id}`)).body.items).toMatchObject([{ product_id: id }]);
    expect((await (await newGuest(shop)).get(`/orders/${body.order_id}`)).status).toBe(404);
    await expectSound(shop);
  });

  test("one client makes so many guests an hour, by the page as well, and others go on", async () => {
    const limits = { RATE_LIMIT: "on", RATE_LIMIT_PER_MINUTE: "100000", GUESTS_PER_HOUR: "4" };
    const shop = await freshShop(engine, limits);
    const statuses = [];
    for (let count = 0; count < 6; count++) statuses.push((await clientOf(shop).post("/auth/guest", {})).status);
    expect(statuses).toEqual([201, 201, 201, 201, 429, 429]);
    const guests = await shop.database.all("SELECT id FROM users WHERE is_guest = 1");
    expect(guests).toHaveLength(4);
    shop.pass(900);
    expect((await clientOf(shop).post("/auth/guest", {})).status).toBe(201);
    const free = await freshShop(engine, { ...limits, GUESTS_PER_HOUR: "0" });
    for (let count = 0; count < 6; count++) expect((await clientOf(free).post("/auth/guest", {})).status).toBe(201);
  });

  test("a shop may want an account of everybody", async () => {
    const shop = await freshShop(engine, { GUEST_CHECKOUT: "off" });
    expect(await clientOf(shop).post("/auth/guest", {})).toMatchObject({ status: 403, body: { code: "forbidden" } });
  });

  test("lists of accounts leave guests out unless they are asked for", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const guest = await newGuest(shop);
    const listed = await admin.get("/users");
    expect(listed.body.map(({ id }: { id: number }) => id)).toEqual([admin.id]);
    expect(listed.headers.get("x-total-count")).toBe("1");
    expect((await admin.get("/users?q=guest")).body).toEqual([]);
    expect((await admin.get("/users?guests=true")).body).toMatchObject([{ id: guest.id, is_guest: true }]);
  });

  describe("registering", () => {
    test("makes the guest an account: cart, addresses and orders stay, sessions end", async () => {
      const shop = await freshShop(engine);
      const { id } = await stockShelf(shop);
      const guest = await withAddress(await newGuest(shop));
      await guest.post("/cart/add", { product_id: id });
      const order = (await checkOut(guest, orderAs)).body.order_id;
      await guest.post("/cart/add", { product_id: id, qty: 2 });
      const registered = await guest.post("/auth/register", ASHA);
      expect(registered).toMatchObject({ status: 201, body: { id: guest.id, email: ASHA.email, is_guest: false } });
      expect((await guest.get("/cart")).status).toBe(401);
      const { body } = await clientOf(shop).post("/auth/login", { email: ASHA.email, password: PASSWORD });
      const asha = clientOf(shop, body.access_token);
      expect((await asha.get("/cart")).body.items).toMatchObject([{ product_id: id, qty: 2 }]);
      expect((await asha.get("/orders")).body).toMatchObject([{ id: order }]);
      expect((await asha.get("/orders/addresses")).body).toMatchObject([{ id: guest.address_id }]);
    });

    test("with an e-mail that is taken changes nothing", async () => {
      const shop = await freshShop(engine);
      await newClient(shop, { email: ASHA.email });
      const guest = await newGuest(shop);
      expect(await guest.post("/auth/register", { ...ASHA, email: "ASHA@example.com" })).toMatchObject({
        status: 409,
        body: { code: "duplicate" },
      });
      expect((await guest.get("/users/me")).body).toMatchObject({ is_guest: true });
    });

    test("with the e-mail of a guest's order shows nobody that order", async () => {
      const shop = await freshShop(engine);
      const { id } = await stockShelf(shop);
      const guest = await withAddress(await newGuest(shop));
      await guest.post("/cart/add", { product_id: id });
      const { order_id } = (await checkOut(guest, orderAs)).body;
      await clientOf(shop).post("/auth/register", ASHA);
      const { body } = await clientOf(shop).post("/auth/login", { email: ASHA.email, password: PASSWORD });
      const asha = clientOf(shop, body.access_token);
      expect((await asha.get("/orders")).body).toEqual([]);
      expect((await asha.get(`/orders/${order_id}`)).status).toBe(404);
    });
  });

  describe("signing in", () => {
    test("brings the cart along: all products, of equal ones the larger quantity", async () => {
      const shop = await freshShop(engine);
      const [mug, tea, soap] = [await stockShelf(shop), await stockShelf(shop), await stockShelf(shop, { stock: 0 })];
      const asha = await newClient(shop, { email: ASHA.email });
      await asha.post("/cart/add", { product_id: mug.id, qty: 2 });
      await asha.post("/cart/add", { product_id: tea.id, qty: 5 });
      const guest = await newGuest(shop);
      for (const [product_id, qty] of [
        [mug.id, 3],
        [tea.id, 4],
        [soap.id, 1],
      ] as const) {
        await guest.post("/cart/add", { product_id, qty });
      }
      expect((await signIn(guest, ASHA.email)).status).toBe(200);
      const merged = [
        { product_id: mug.id, qty: 3 },
        { product_id: tea.id, qty: 5 },
        { product_id: soap.id, qty: 1 },
      ];
      expect((await asha.get("/cart")).body.items).toMatchObject(merged);
      expect((await guest.get("/cart")).status).toBe(401);
      // The guest is no more: their token beside the password changes nothing a second time.
      expect((await signIn(guest, ASHA.email)).status).toBe(200);
      expect((await asha.get("/cart")).body.items).toMatchObject(merged);
    });

    test("counts nothing as seen at another price than the guest saw, and says what has left the catalog since", async () => {
      const shop = await freshShop(engine);
      const admin = await newClient(shop, { admin: true });
      const [mug, tea] = [await stockShelf(shop, { price: 10 }), await stockShelf(shop, { price: 5 })];
      const asha = { ...(await newClient(shop, { email: ASHA.email })), address_id: 0 };
      asha.address_id = (await asha.post("/orders/addresses", HOME)).body.id;
      const guest = await newGuest(shop);
      for (const { id } of [mug, tea]) await guest.post("/cart/add", { product_id: id });
      await admin.patch(`/products/${mug.id}`, { price: 12 });
      await admin.delete(`/products/${tea.id}`);
      expect((await signIn(guest, ASHA.email)).status).toBe(200);
      expect((await checkOut(asha)).body.errors.map(({ code }: { code: string }) => code)).toEqual(["gone", "dearer"]);
      expect((await asha.get("/cart")).body).toMatchObject({
        total: 12,
        notices: [
          { product_id: tea.id, kind: "gone", price_before: 5, price: null },
          { product_id: mug.id, kind: "dearer", price_before: 10, price: 12 },
        ],
      });
      expect((await checkOut(asha)).status).toBe(201);
    });

    test("moves addresses and orders into the account", async () => {
      const shop = await freshShop(engine);
      const { id } = await stockShelf(shop);
      const asha = await newClient(shop, { email: ASHA.email });
      const guest = await withAddress(await newGuest(shop));
      await guest.post("/cart/add", { product_id: id });
      const { order_id } = (await checkOut(guest, orderAs)).body;
      await signIn(guest, ASHA.email);
      expect((await asha.get("/orders")).body).toMatchObject([{ id: order_id }]);
      expect((await asha.get("/orders/addresses")).body).toMatchObject([{ id: guest.address_id }]);
      await expectSound(shop);
    });

    test("counts the coupons that the guest used as the account's", async () => {
      const shop = await freshShop(engine);
      const { id } = await stockShelf(shop, { price: 100 });
      const admin = await newClient(shop, { admin: true });
      const asha = await newClient(shop, { email: ASHA.email });
      await admin.post("/coupons", { code: "TEN", percent: 10 });
      const guest = await withAddress(await newGuest(shop));
      await guest.post("/cart/add", { product_id: id });
      expect((await checkOut(guest, { ...orderAs, coupon_code: "TEN" })).status).toBe(201);
      const om = await newBuyer(shop);
      expect((await buy(om, [{ id }], { coupon_code: "TEN" })).status).toBe(201);
      await signIn(guest, ASHA.email);
      await admin.patch("/coupons/TEN", { max_uses_per_customer: 1 });
      for (const customer of [asha, om]) {
        await customer.post("/cart/add", { product_id: id });
        expect((await customer.post("/cart/quote", { coupon_code: "TEN" })).body.code).toBe("coupon_used_up");
      }
    });

    test("a wrong password merges nothing, and a wrong token beside a good password is ignored", async () => {
      const shop = await freshShop(engine);
      const { id } = await stockShelf(shop);
      const asha = await newClient(shop, { email: ASHA.email });
      const guest = await newGuest(shop);
      await guest.post("/cart/add", { product_id: id });
      expect((await guest.post("/auth/login", { email: ASHA.email, password: "wrong wrong" })).status).toBe(401);
      expect((await guest.get("/cart")).body.items).toHaveLength(1);
      expect((await asha.get("/cart")).body.items).toEqual([]);
      for (const token of ["nonsense", "a.b.c", asha.token ?? ""]) {
        expect((await signIn(clientOf(shop, token), ASHA.email)).status).toBe(200);
      }
      expect((await asha.get("/cart")).body.items).toEqual([]);
    });

    test("into a full cart fails for nobody: what finds no place stays out", async () => {
      const shop = await freshShop(engine);
      const products = await atOnce(201, () => stockShelf(shop));
      const ids = products.map(({ id }) => id).toSorted((a, b) => a - b);
      const asha = await newClient(shop, { email: ASHA.email });
      for (const product_id of ids.slice(0, 200)) await asha.post("/cart/add", { product_id });
      const guest = await newGuest(shop);
      await guest.post("/cart/add", { product_id: ids[200], qty: 1 });
      await guest.post("/cart/add", { product_id: ids[0], qty: 7 });
      expect((await signIn(guest, ASHA.email)).status).toBe(200);
      const { items } = (await asha.get("/cart")).body;
      expect(items).toHaveLength(200);
      expect(items[0]).toMatchObject({ product_id: ids[0], qty: 7 });
    });

    test("twice at once merges once", async () => {
      const shop = await freshShop(engine);
      const { id } = await stockShelf(shop);
      const people = [await newClient(shop, { email: ASHA.email }), await newClient(shop, { email: "om@example.com" })];
      const guest = await newGuest(shop);
      await guest.post("/cart/add", { product_id: id, qty: 3 });
      const answers = await atOnce(6, (at) => signIn(guest, at % 2 === 0 ? ASHA.email : "om@example.com"));
      expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
      const carts = await Promise.all(people.map(async (one) => (await one.get("/cart")).body.items));
      expect(carts.flat()).toMatchObject([{ product_id: id, qty: 3 }]);
    });

    test("against a checkout of the guest: the goods are ordered or in the cart, never both", async () => {
      const shop = await freshShop(engine);
      const { id } = await stockShelf(shop, { stock: 1_000 });
      for (let round = 0; round < 5; round++) {
        const email = `round-${round}@example.com`;
        const account = await newClient(shop, { email });
        const guest = await withAddress(await newGuest(shop));
        await guest.post("/cart/add", { product_id: id, qty: 2 });
        const [ordered, signedIn] = await Promise.all([checkOut(guest, orderAs), signIn(guest, email)]);
        expect(signedIn.status).toBe(200);
        expect([201, 401, 404, 409]).toContain(ordered.status);
        const cart = (await account.get("/cart")).body.items;
        const orders = (await account.get("/orders")).body;
        expect([cart.length, orders.length]).toEqual(ordered.status === 201 ? [0, 1] : [1, 0]);
      }
      await expectSound(shop);
    });
  });

  describe("the link in a mail", () => {
    test("opens the order for whoever has it, for ninety days", async () => {
      const shop = await freshShop(engine);
      const { order_id, order_token } = await orderWithLink(shop);
      const { status, body } = await clientOf(shop).post("/auth/guest", { order_token });
      expect(status).toBe(201);
      expect((await clientOf(shop, body.access_token).get(`/orders/${order_id}`)).status).toBe(200);
      shop.pass(90 * 86_400 - 1);
      expect((await clientOf(shop).post("/auth/guest", { order_token })).status).toBe(201);
      shop.pass(1);
      expect((await clientOf(shop).post("/auth/guest", { order_token })).status).toBe(401);
      await forgetGuests(shop);
      expect(await shop.database.all("SELECT token_hash FROM order_links")).toEqual([]);
    });

    test("opens no account, and a wrong one nothing", async () => {
      const shop = await freshShop(engine);
      const { guest, order_token } = await orderWithLink(shop);
      expect((await clientOf(shop).post("/auth/guest", { order_token: "x".repeat(43) })).status).toBe(401);
      await guest.post("/auth/register", ASHA);
      expect((await clientOf(shop).post("/auth/guest", { order_token })).status).toBe(401);
    });
  });

  test("guests who stay, however many they are, keep no others from being forgotten", async () => {
    const shop = await freshShop(engine, { GUEST_DAYS: "30" });
    for (let guest = 0; guest < 205; guest++) await clientOf(shop).post("/auth/guest", {});
    shop.pass(1);
    const idle = await newGuest(shop);
    shop.pass(30 * 86_400 + 1);
    // They have been here again, all but one.
    await shop.database.transaction((tx) =>
      tx.run("UPDATE sessions SET last_used_at = $1 WHERE user_id <> $2", [shop.now().toISOString(), idle.id]),
    );
    expect(await forgetGuests(shop)).toBe(1);
    expect(await shop.database.first("SELECT id FROM users WHERE id = $1", [idle.id])).toBeUndefined();
  });

  test("guests who ordered nothing are forgotten after their days, with all of theirs", async () => {
    const shop = await freshShop(engine, { GUEST_DAYS: "30" });
    const { id } = await stockShelf(shop);
    const [idle, buyer, back] = [await newGuest(shop), await withAddress(await newGuest(shop)), await newGuest(shop)];
    await idle.post("/cart/add", { product_id: id });
    await buyer.post("/cart/add", { product_id: id });
    expect((await checkOut(buyer, orderAs)).status).toBe(201);
    shop.pass(29 * 86_400);
    await clientOf(shop).post("/auth/refresh", { refresh_token: back.refreshToken });
    expect(await forgetGuests(shop)).toBe(0);
    shop.pass(86_400 + 1);
    expect(await forgetGuests(shop)).toBe(1);
    const left = await shop.database.all<{ id: number }>("SELECT id FROM users WHERE is_guest = 1 ORDER BY id");
    expect(left.map((row) => row.id)).toEqual([buyer.id, back.id].toSorted((a, b) => a - b));
  });
});
