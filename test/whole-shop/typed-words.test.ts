import { describe, expect, test } from "bun:test";
import { examine, repair } from "../../src/doctor/doctor";
import { buy } from "../support/buying";
import { type Client, clientOf, newBuyer, newClient, PASSWORD } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";

/** Nothing to see: spaces, a zero width space, a soft hyphen, a Hangul filler, an empty Braille cell. */
const BLANKS = ["  ", "\u00a0", "\u200b", "\u00ad\u2060", "\u3164", "\u2800"];

const encoded = encodeURIComponent;

describe.each(engines)("words that people type, on $name", (engine) => {
  test("a tax class, a state and a pincode hold in every spelling", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const buyer = await newBuyer(shop);
    const rates = [
      { name: "GST", percent: 10, tax_class: " Reduced Rate", country: "in", state: "Tamil  Nadu" },
      { name: "VAT", percent: 20, tax_class: "Ermäßigt", country: "DE" },
    ];
    const classes: string[] = [];
    for (const rate of rates) classes.push((await admin.post("/tax-rates", rate)).body.tax_class);
    expect(classes).toEqual(["reduced-rate", "ermassigt"]);
    const method = { name: "Post", price: 5, countries: ["in"], states: ["TAMIL NADU"], pincodes: ["６００ "] };
    expect((await admin.post("/shipping-methods", method)).status).toBe(201);
    const given = { slug: "tea", name: "Tea", category: "Tea", price: 105, stock: 9, tax_class: "REDUCED rate" };
    const tea = (await admin.post("/products", given)).body;
    expect(tea.tax_class).toBe("reduced-rate");
    // As an earlier program wrote it down.
    const rice = await stockShelf(shop, { price: 110, tax_class: "Reduced rate" });
    for (const { id } of [tea, rice]) await buyer.post("/cart/add", { product_id: id, qty: 1 });
    const place = { country: "IN", state: "tamil\u00a0nadu", pincode: "६०० ००१" };
    expect((await buyer.post("/cart/quote", place)).body).toMatchObject({
      shipping: 5,
      taxes: [{ name: "GST", percent: 10, base: 220, tax: 20 }],
      total: 220,
    });
  });

  test("an order is found by its e-mail however the domain is written, and by its tags in small letters or large", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const mug = await stockShelf(shop);
    const { order_id: id } = (await buy(await newBuyer(shop), [mug], { email: " Info@MÜNCHEN.de " })).body;
    const found = async (query: string) => (await admin.get(`/orders/all?${query}`)).body.length;
    for (const email of ["info@münchen.de", "INFO@xn--mnchen-3ya.DE", " info@München.de"]) {
      expect([await found(`email=${encoded(email)}`), await found(`q=${encoded(email)}`)]).toEqual([1, 1]);
    }
    await admin.patch(`/orders/${id}`, { email: "ann@straße.example" });
    expect(await found(`email=${encoded("ANN@xn--strae-oqa.example")}`)).toBe(1);
    const tags = [" Gift ", "gift", "Ärger", "50% off"];
    expect((await admin.patch(`/orders/${id}`, { tags })).body.tags).toEqual(["Gift", "Ärger", "50% off"]);
    for (const tag of ["GIFT", " gift", "ärger", "ÄRGER", "50% OFF"])
      expect(await found(`tag=${encoded(tag)}`)).toBe(1);
    for (const tag of ["gif", "50", "ger"]) expect(await found(`tag=${tag}`)).toBe(0);
  });

  test("an order is found by the name of a person or of what was bought, and by its code, however they are typed", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const mug = await stockShelf(shop, { name: "Crème Brûlée Mug", sku: "Crème-1", price: 5 });
    const emile = await newBuyer(shop);
    expect((await emile.put("/users/me", { full_name: "Émile Ångström" })).status).toBe(200);
    const { order_id: id } = (await buy(emile, [mug])).body;
    await admin.patch(`/products/${mug.id}`, { name: "Cup", sku: "CUP-1" });
    const found = async (query: string) =>
      (await admin.get(`/orders/all?${query}`)).body.map((one: { id: number }) => one.id);
    for (const name of ["émile", "ÉMILE ÅNGSTRÖM", "  Émile   Ångström ", "ångström"]) {
      expect([name, await found(`q=${encoded(name)}`)]).toEqual([name, [id]]);
      expect([name, await found(`name=${encoded(name)}`)]).toEqual([name, [id]]);
    }
    for (const goods of ["crème brûlée", "CRÈME BRÛLÉE MUG", "mug", "CRème-1", "cup-1"])
      expect([goods, await found(`q=${encoded(goods)}`)]).toEqual([goods, [id]]);
    for (const phone of ["98450 00000", "９８４５０００００"])
      expect(await found(`phone=${encoded(phone)}`)).toEqual([id]);
    for (const other of ["emilia", "100%", "teapot"]) expect(await found(`q=${encoded(other)}`)).toEqual([]);
    await admin.patch(`/products/${mug.id}`, { name: "Ölkanne", sku: "ÖL-1" });
    for (const q of ["öl", "OLKANNE", " öl-1", "ÖL-1"])
      expect([q, (await admin.get(`/admin/stock?q=${encoded(q)}`)).body.length]).toEqual([q, 1]);
  });

  test("a coupon's code is the same with the signs that a word processor, a mail or a keyboard puts in and around it", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const buyer = await newBuyer(shop);
    await admin.post("/coupons", { code: "SAVE-10", percent: 10 });
    await buyer.post("/cart/add", { product_id: (await stockShelf(shop, { price: 50 })).id });
    for (const code of [
      "save‑10",
      "SAVE–10",
      "SAVE—10",
      "save−10",
      "“SAVE-10”",
      "'save-10'",
      "SAVE-10.",
      "(save-10)",
      "ＳＡＶＥ－１０",
    ])
      expect([code, (await buyer.post("/cart/quote", { coupon_code: code })).body.discount]).toEqual([code, 5]);
    for (const code of ["SAVE10", "SAVE_10", "SAVE-10ß", "-", "SAVE.10"])
      expect([code, (await buyer.post("/cart/quote", { coupon_code: code })).status]).toEqual([code, 422]);
  });

  test("an e-mail that was copied with something invisible is the same one, and is kept without it", async () => {
    const shop = await freshShop(engine);
    const asha = { full_name: "Asha Rao", phone: "+91 98450 00000", password: PASSWORD };
    const registered = await clientOf(shop).post("/auth/register", { ...asha, email: "\u200basha@example.com\u2060" });
    expect(registered.body.email).toBe("asha@example.com");
    expect((await clientOf(shop).post("/auth/register", { ...asha, email: "asha@example.com" })).status).toBe(409);
    // The full stop of a sentence, or of a phone that makes one of two spaces.
    for (const email of ["asha@example.com.", "asha@EXAMPLE.com. "]) {
      expect((await clientOf(shop).post("/auth/register", { ...asha, email })).status).toBe(409);
      expect((await clientOf(shop).post("/auth/login", { email, password: PASSWORD })).status).toBe(200);
    }
    for (const email of ["om.@example.com", "om@example..com", "om@.", "om@example.com.x."])
      expect([email, (await clientOf(shop).post("/auth/register", { ...asha, email })).status]).toEqual([
        email,
        email.endsWith("x.") ? 201 : 422,
      ]);
  });

  test.each([
    ["in two pieces", "re\u0301ne\u0301e@example.com"],
    ["in large letters", "RÉNÉE@Example.com"],
    ["full-width", "ｒénéｅ＠ｅｘａｍｐｌｅ。ｃｏｍ"],
  ])("an e-mail with its letters %s is the same account", async (_, spelled) => {
    const shop = await freshShop(engine);
    const person = { full_name: "Rénée", phone: "+91 98450 00000", password: PASSWORD };
    const guest = clientOf(shop);
    const registered = await guest.post("/auth/register", { ...person, email: "rénée@example.com" });
    expect(registered.status).toBe(201);
    expect((await guest.post("/auth/register", { ...person, email: spelled })).status).toBe(409);
    expect((await guest.post("/auth/login", { email: spelled, password: PASSWORD })).status).toBe(200);
    const other = await freshShop(engine);
    const first = await clientOf(other).post("/auth/register", { ...person, email: spelled });
    expect([first.status, first.body.email.toLowerCase()]).toEqual([201, "rénée@example.com"]);
    // Signs that only look alike stay apart: two people may have them.
    const lookalike = await clientOf(other).post("/auth/register", { ...person, email: "ﬁona@example.com" });
    expect(lookalike.status).toBe(201);
    expect((await clientOf(other).post("/auth/register", { ...person, email: "fiona@example.com" })).status).toBe(201);
  });

  test("an account of before whose letters are in two pieces signs in, is taken, and is put right by the doctor", async () => {
    const shop = await freshShop(engine);
    const pieces = "re\u0301ne\u0301e@example.com";
    const buyer = await newBuyer(shop, { email: "rénée@example.com" });
    const asBefore = (id: number, email: string) =>
      shop.database.transaction((tx) =>
        tx.run("UPDATE users SET email = $2, email_key = $2 WHERE id = $1", [id, email]),
      );
    await asBefore(buyer.id, pieces);
    for (const email of [pieces, "rénée@example.com"]) {
      expect((await clientOf(shop).post("/auth/login", { email, password: PASSWORD })).body.access_token).toBeString();
      const again = { full_name: "R", phone: "+91 98450 00000", password: PASSWORD, email };
      expect((await clientOf(shop).post("/auth/register", again)).status).toBe(409);
    }
    const problems = async () => (await examine(shop)).map(({ problem, repairable }) => [problem, repairable]);
    expect(await problems()).toEqual([
      [`Account ${buyer.id} is known by another spelling of its e-mail ${pieces}.`, true],
    ]);
    await repair(shop);
    expect(await problems()).toEqual([]);
    // Two of before that are one are a person's to part.
    const double = await newBuyer(shop);
    await asBefore(double.id, pieces);
    const [[problem] = []] = await problems();
    expect(problem).toStartWith(`Accounts ${buyer.id} and ${double.id} have one e-mail`);
    await repair(shop);
    expect(await problems()).toHaveLength(1);
    const { body } = await clientOf(shop).post("/auth/login", { email: pieces, password: PASSWORD });
    expect((await clientOf(shop, body.access_token).get("/users/me")).body.id).toBe(double.id);
    expect((await runCommand(shop, ["customer", "edit", double.id, "--email", "renee@example.com"])).failed).toBe(
      undefined,
    );
    expect(await problems()).toEqual([]);
  });

  test("what shows nothing was not said, wherever something has to be", async () => {
    const shop = await freshShop(engine);
    const [admin, buyer] = [await newClient(shop, { admin: true }), await newBuyer(shop)];
    const mug = await stockShelf(shop);
    const { order_id: id } = (await buy(buyer, [mug])).body;
    const home = { label: "Home", address_line: "12 Lake Road", city: "Pune", pincode: "411001" };
    const said: [client: Client, path: string, body: object, field: string][] = [
      [buyer, "/orders/addresses", home, "city"],
      [admin, `/admin/stock/${mug.id}/adjustment`, { delta: 1 }, "reason"],
      [admin, "/admin/stock/changes", { lines: [{ product: String(mug.id), delta: 1 }] }, "reason"],
      [admin, "/keys", { scopes: ["orders:read"] }, "name"],
      [admin, "/shipping-methods", { price: 1 }, "name"],
      [admin, "/tax-rates", { percent: 1 }, "name"],
      [admin, `/orders/${id}/notes`, {}, "text"],
      [admin, `/orders/${id}/shipment`, {}, "tracking_number"],
      [admin, `/orders/${id}/refund`, {}, "reason"],
    ];
    for (const blank of BLANKS) {
      for (const [client, path, body, field] of said) {
        const answer = await client.post(path, { ...body, [field]: blank });
        expect([path, blank, answer.status]).toEqual([path, blank, 422]);
      }
      expect((await admin.post("/coupons", { code: "TEN", percent: 10, categories: [blank] })).status).toBe(422);
    }
  });

  test("a coupon may begin and end with a day, which is one of the shop's", async () => {
    const shop = await freshShop(engine, { TIME_ZONE: "Asia/Kolkata" });
    const admin = await newClient(shop, { admin: true });
    const made = await admin.post("/coupons", {
      code: "TEN",
      percent: 10,
      starts_at: "2030-02-01",
      ends_at: "2030-02-28",
    });
    const period = { starts_at: "2030-01-31T18:30:00.000Z", ends_at: "2030-02-28T18:29:59.999Z" };
    expect(made.body).toMatchObject(period);
    const moved = await admin.patch("/coupons/TEN", { ends_at: "2030-03-01T00:00:00+05:30" });
    expect(moved.body).toMatchObject({ ...period, ends_at: "2030-02-28T18:30:00.000Z" });
    for (const ends_at of ["2030-02-30", "2030-2-1", "tomorrow", "2030-01-31"]) {
      expect((await admin.patch("/coupons/TEN", { ends_at })).status).toBe(422);
    }
  });
});
