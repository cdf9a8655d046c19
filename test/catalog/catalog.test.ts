import { beforeAll, describe, expect, test } from "bun:test";
import { type Client, clientOf, newBuyer, newClient, statusCounts } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, START, type TestShop } from "../support/shop";

const mug = { slug: "blue-mug", name: "Blue mug", category: "Kitchen", price: 120.5, stock: 7 };

interface Move {
  cause: string;
  on_hand_change: number;
  reserved_change: number;
}

/** The ledger of a product, oldest first. */
const ledger = (shop: TestShop, id: number) =>
  shop.database.all<Move>(
    "SELECT cause, on_hand_change, reserved_change FROM stock_moves WHERE product_id = $1 ORDER BY id",
    [id],
  );

const level = (shop: TestShop, id: number) =>
  shop.database.first("SELECT on_hand, reserved FROM stock WHERE product_id = $1", [id]);

describe.each(engines)("the catalog on $name", (engine) => {
  describe("keeping it", () => {
    let shop: TestShop;
    let admin: Client;
    let anybody: Client;

    beforeAll(async () => {
      shop = await freshShop(engine);
      admin = await newClient(shop, { admin: true });
      anybody = clientOf(shop);
    });

    test("a new product is there for everybody, with all its fields", async () => {
      const full = {
        ...mug,
        description: "Holds tea. <b>Not</b> for soup; 'quoted' \"too\" -- ☕",
        image_url: "/mug.png",
        attributes: { brand: "Amber", litres: 0.3, microwave: true, sizes: ["S", "L"], nothing: null },
      };
      const created = await admin.post("/products", full);
      expect(created.status).toBe(201);
      expect(created.body).toEqual({
        id: expect.any(Number),
        ...full,
        parent_id: null,
        sku: null,
        barcode: null,
        option_names: [],
        options: {},
        highest_price: 120.5,
        compare_at_price: null,
        low_stock_at: null,
        tax_class: "standard",
        weight_grams: 0,
        variants: [],
        images: [],
        created_at: START.toISOString(),
        updated_at: START.toISOString(),
      });
      expect(created.headers.get("location")).toBe(`/api/v1/products/${created.body.id}`);
      expect((await anybody.get(`/products/${created.body.id}`)).body).toEqual(created.body);
      expect((await anybody.get("/products/slug/blue-mug")).body).toEqual(created.body);
    });

    test("what is not said of a new product is empty", async () => {
      const { body } = await admin.post("/products", { slug: "plain", name: "Plain", category: "Kitchen", price: 0 });
      expect(body).toMatchObject({ description: null, image_url: null, attributes: {}, stock: 0, price: 0 });
    });

    const pictured = (image_url: string) =>
      admin.post("/products", {
        slug: `picture-${crypto.randomUUID()}`,
        name: "Pictured",
        category: "Kitchen",
        price: 1,
        image_url,
      });

    test("its picture is at an address of the web or of this shop, and runs nothing", async () => {
      for (const good of ["https://shop.example/mug.png", "http://shop.example/mug.png", "/mug.png"])
        expect([good, (await pictured(good)).status]).toEqual([good, 201]);
      for (const bad of [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\tscript:alert(1)",
        "\u0001javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
      ])
        expect([bad, (await pictured(bad)).status]).toEqual([bad, 422]);
    });

    test("only an admin changes the catalog", async () => {
      const { id } = await stockShelf(shop);
      const customer = await newClient(shop);
      for (const [client, status] of [
        [customer, 403],
        [anybody, 401],
      ] as const) {
        for (const answer of [
          await client.post("/products", { ...mug, slug: "theirs" }),
          await client.put(`/products/${id}`, { price: 1 }),
          await client.patch(`/products/${id}`, { price: 1 }),
          await client.delete(`/products/${id}`),
        ]) {
          expect(answer.status).toBe(status);
        }
      }
      expect((await anybody.get(`/products/${id}`)).body).toMatchObject({ id, price: 120 });
    });

    test("a slug is one product's", async () => {
      const other = await stockShelf(shop, { slug: "other" });
      await stockShelf(shop, { slug: "taken" });
      const second = await admin.post("/products", { ...mug, slug: "taken" });
      expect(second).toMatchObject({ status: 409, body: { code: "duplicate" } });
      const renamed = await admin.put(`/products/${other.id}`, { slug: "taken", price: 1 });
      expect(renamed).toMatchObject({ status: 409, body: { code: "duplicate" } });
      expect((await anybody.get("/products/slug/other")).body.price).toBe(120);
      expect((await admin.put(`/products/${other.id}`, { slug: "other" })).status).toBe(200);
    });

    test("one slug offered ten times at once is one product", async () => {
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => admin.post("/products", { ...mug, slug: "wanted" })),
      );
      expect(statusCounts(answers)).toEqual({ 201: 1, 409: 9 });
    });

    test.each(["PUT", "PATCH"])("%s changes what is given and leaves the rest", async (method) => {
      const {
        version: _,
        variants_version: _none,
        ...before
      } = await stockShelf(shop, { description: "Old", attributes: { brand: "Amber" } });
      shop.pass(60);
      const change = method === "PUT" ? admin.put : admin.patch;
      const changed = await change(`/products/${before.id}`, { price: 99.99, description: null });
      const after = {
        ...before,
        price: 99.99,
        highest_price: 99.99,
        description: null,
        updated_at: shop.now().toISOString(),
      };
      expect(changed).toMatchObject({ status: 200, body: after });
      expect((await anybody.get(`/products/${before.id}`)).body).toEqual(after);
    });

    test("a change that changes nothing is one too", async () => {
      const { id } = await stockShelf(shop);
      expect((await admin.patch(`/products/${id}`, {})).status).toBe(200);
    });

    test("a product that is deleted is gone, and its slug is free again", async () => {
      const { id, slug } = await stockShelf(shop, { category: "Leaving" });
      expect((await admin.delete(`/products/${id}`)).status).toBe(204);
      for (const answer of [
        await anybody.get(`/products/${id}`),
        await anybody.get(`/products/slug/${slug}`),
        await admin.put(`/products/${id}`, { price: 1 }),
        await admin.delete(`/products/${id}`),
      ]) {
        expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
      }
      expect((await anybody.get("/products?category=Leaving")).body).toMatchObject({ total: 0, items: [] });
      expect((await admin.post("/products", { ...mug, slug })).status).toBe(201);
    });

    test("an unknown product is not found", async () => {
      expect((await anybody.get("/products/999999")).status).toBe(404);
      expect((await anybody.get("/products/slug/no-such-thing")).status).toBe(404);
      expect((await admin.put("/products/999999", { price: 1 })).status).toBe(404);
    });

    test.each(["0", "-1", "0x10", "1e2", "1.0", "%00", "99999999999999999999", "abc", "2147483648"])(
      "%s is no product's number",
      async (id) => {
        expect((await anybody.get(`/products/${id}`)).status).toBe(422);
      },
    );

    test.each([
      ["a price below nothing", { price: -1 }, "price"],
      ["a price as text", { price: "40.5" }, "price"],
      ["a price beyond all bounds", { price: 1e308 }, "price"],
      ["a price with three digits after the point", { price: 40.505 }, "price"],
      ["half a piece in stock", { stock: 1.5 }, "stock"],
      ["less than nothing in stock", { stock: -1 }, "stock"],
      ["a slug with a slash", { slug: "a/b" }, "slug"],
      ["a slug with a space", { slug: "a b" }, "slug"],
      ["an empty name", { name: "" }, "name"],
      ["a name with a NUL", { name: "a\0b" }, "name"],
      ["attributes that are a list", { attributes: [] }, "attributes"],
      ["no category", { category: undefined }, "category"],
      ["an id", { id: 7 }, "id"],
      ["a time of its making", { created_at: "2020-01-01T00:00:00.000Z" }, "created_at"],
    ])("%s is refused", async (_, wrong, path) => {
      const answer = await admin.post("/products", { ...mug, slug: "wrong", ...wrong });
      expect(answer).toMatchObject({ status: 422, body: { code: "invalid", errors: [{ path }] } });
      expect((await anybody.get("/products/slug/wrong")).status).toBe(404);
    });

    test.each([0, 0.01, 0.1, 0.29, 1.1, 4.35, 40.5, 8.2, 1.15, 99_999.99, 9_999_999.99])(
      "%d rupees come back as they went in",
      async (price) => {
        const slug = `price-${price}`;
        expect((await admin.post("/products", { ...mug, slug, price })).body.price).toBe(price);
        expect((await anybody.get(`/products/slug/${slug}`)).text).toContain(`"price":${price},`);
      },
    );

    describe("stock", () => {
      test("what a product starts with is the first row of its ledger", async () => {
        const { id } = await stockShelf(shop, { stock: 7 });
        expect(await ledger(shop, id)).toEqual([{ cause: "opening", on_hand_change: 7, reserved_change: 0 }]);
      });

      test("setting the stock writes the difference down", async () => {
        const { id } = await stockShelf(shop, { stock: 7 });
        expect((await admin.put(`/products/${id}`, { stock: 12 })).body.stock).toBe(12);
        expect((await admin.patch(`/products/${id}`, { stock: 3 })).body.stock).toBe(3);
        await admin.put(`/products/${id}`, { stock: 3, price: 5 });
        expect((await ledger(shop, id)).slice(1)).toEqual([
          { cause: "set", on_hand_change: 5, reserved_change: 0 },
          { cause: "set", on_hand_change: -9, reserved_change: 0 },
        ]);
      });

      test("stock is what can still be bought, beside what is reserved", async () => {
        const { id } = await stockShelf(shop, { stock: 5 });
        const buyer = await newBuyer(shop);
        await buyer.post("/cart/add", { product_id: id, qty: 2 });
        await buyer.post("/orders/checkout", { payment_method: "cod", address_id: buyer.address_id });
        expect((await anybody.get(`/products/${id}`)).body.stock).toBe(3);
        expect((await admin.put(`/products/${id}`, { stock: 10 })).body.stock).toBe(10);
        expect(await level(shop, id)).toMatchObject({ on_hand: 12, reserved: 2 });
        expect((await admin.put(`/products/${id}`, { stock: 0 })).body.stock).toBe(0);
        expect(await level(shop, id)).toMatchObject({ on_hand: 2, reserved: 2 });
        const sums = (await ledger(shop, id)).reduce(
          (sum, move) => ({
            on_hand: sum.on_hand + move.on_hand_change,
            reserved: sum.reserved + move.reserved_change,
          }),
          { on_hand: 0, reserved: 0 },
        );
        expect(sums).toEqual({ on_hand: 2, reserved: 2 });
      });

      test("shopkeepers who set the stock at once lose nothing in the ledger", async () => {
        const { id } = await stockShelf(shop, { stock: 1 });
        await Promise.all([5, 9, 2, 30].map((stock) => admin.put(`/products/${id}`, { stock })));
        const { stock } = (await anybody.get(`/products/${id}`)).body;
        const moves = await ledger(shop, id);
        expect([5, 9, 2, 30]).toContain(stock);
        expect(moves.reduce((sum, move) => sum + move.on_hand_change, 0)).toBe(stock);
      });
    });

    describe("who has seen what", () => {
      test("a product that has not changed is not sent again", async () => {
        const { id } = await stockShelf(shop);
        const etag = (await anybody.get(`/products/${id}`)).headers.get("etag") ?? "";
        expect(etag).toMatch(/^"[^"]+"$/);
        for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
          const answer = await anybody.get(`/products/${id}`, { "if-none-match": known });
          expect(answer).toMatchObject({ status: 304, text: "" });
          expect(answer.headers.get("etag")).toBe(etag);
        }
        expect((await anybody.get(`/products/${id}`, { "if-none-match": `"other"` })).status).toBe(200);
      });

      test("every change of a product, its price or its stock is seen", async () => {
        const { id } = await stockShelf(shop);
        const seen = new Set<string | null>();
        const look = async () => seen.add((await anybody.get(`/products/${id}`)).headers.get("etag"));
        await look();
        for (const change of [{ price: 1 }, { stock: 1 }, { stock: 10 }, { name: "New" }, { attributes: { a: 1 } }]) {
          const { headers } = await admin.put(`/products/${id}`, change);
          await look();
          expect([...seen].at(-1)).toBe(headers.get("etag"));
        }
        expect(seen.size).toBe(6);
      });

      test("an order changes the stock, so the product is sent again", async () => {
        const { id } = await stockShelf(shop, { stock: 5 });
        const etag = (await anybody.get(`/products/${id}`)).headers.get("etag") ?? "";
        const buyer = await newBuyer(shop);
        await buyer.post("/cart/add", { product_id: id });
        await buyer.post("/orders/checkout", { payment_method: "cod", address_id: buyer.address_id });
        const answer = await anybody.get(`/products/${id}`, { "if-none-match": etag });
        expect(answer).toMatchObject({ status: 200, body: { stock: 4 } });
      });

      test("a list that has not changed is not sent again", async () => {
        const { id } = await stockShelf(shop, { category: "Listed" });
        const etag = (await anybody.get("/products?category=Listed")).headers.get("etag") ?? "";
        const again = () => anybody.get("/products?category=Listed", { "if-none-match": etag });
        expect(await again()).toMatchObject({ status: 304, text: "" });
        await admin.put(`/products/${id}`, { price: 3 });
        expect((await again()).status).toBe(200);
      });

      test("a write over what somebody else has changed meanwhile is refused", async () => {
        const { id } = await stockShelf(shop, { stock: 5 });
        const etag = (await anybody.get(`/products/${id}`)).headers.get("etag") ?? "";
        await admin.put(`/products/${id}`, { name: "Theirs" });
        const stale = { "if-match": etag };
        for (const answer of [
          await admin.put(`/products/${id}`, { name: "Mine", stock: 99 }, stale),
          await admin.patch(`/products/${id}`, { name: "Mine" }, stale),
          await admin.delete(`/products/${id}`, stale),
          await admin.put(`/products/${id}`, { name: "Mine" }, { "if-match": `W/${etag}` }),
        ]) {
          expect(answer).toMatchObject({ status: 412, body: { code: "changed_meanwhile" } });
        }
        const now = await anybody.get(`/products/${id}`);
        expect(now.body).toMatchObject({ name: "Theirs", stock: 5 });
        const fresh = { "if-match": now.headers.get("etag") ?? "" };
        expect((await admin.put(`/products/${id}`, { name: "Mine" }, fresh)).status).toBe(200);
        expect((await admin.delete(`/products/${id}`, { "if-match": "*" })).status).toBe(204);
      });

      test("of ten who write what they have just read at once, one does", async () => {
        const { id } = await stockShelf(shop);
        const headers = { "if-match": (await anybody.get(`/products/${id}`)).headers.get("etag") ?? "" };
        const answers = await Promise.all(
          Array.from({ length: 10 }, (_, price) => admin.put(`/products/${id}`, { price: price + 1 }, headers)),
        );
        expect(statusCounts(answers)).toEqual({ 200: 1, 412: 9 });
      });
    });
  });

  describe("browsing it", () => {
    let shop: TestShop;
    let anybody: Client;

    // Put in so that no order asked for is the order of their numbers.
    const goods = [
      { slug: "kettle", name: "kettle", category: "Kitchen", price: 900, stock: 0, attributes: { brand: "Amber" } },
      { slug: "cup", name: "Cup", category: "Kitchen", price: 40, stock: 5, attributes: { brand: "Amber", size: "S" } },
      {
        slug: "soap",
        name: "Écru soap",
        category: "Bath",
        price: 40.5,
        stock: 9,
        attributes: { organic: true, ml: 250 },
      },
      {
        slug: "lamp",
        name: "Desk lamp",
        category: "Home",
        price: 450,
        stock: 1,
        attributes: { "size.cm": "30", ml: 2.5 },
      },
      {
        slug: "towel",
        name: "towel",
        category: "Bath",
        price: 300,
        stock: 3,
        attributes: { organic: false, size: "L" },
      },
    ];

    beforeAll(async () => {
      shop = await freshShop(engine);
      anybody = clientOf(shop);
      for (const product of goods) {
        await stockShelf(shop, product);
        shop.pass(60);
      }
    });

    const slugs = async (query: string): Promise<string[]> =>
      (await anybody.get(`/products?${query}`)).body.items.map(({ slug }: { slug: string }) => slug);

    test("without a question everything comes, in the order it was put in", async () => {
      const { status, body } = await anybody.get("/products");
      expect(status).toBe(200);
      expect(body).toMatchObject({ total: 5, page: 1, size: 20 });
      expect(body.items.map(({ slug }: { slug: string }) => slug)).toEqual(goods.map(({ slug }) => slug));
    });

    test.each([
      ["price_asc", ["cup", "soap", "towel", "lamp", "kettle"]],
      ["price_desc", ["kettle", "lamp", "towel", "soap", "cup"]],
      ["newest", ["towel", "lamp", "soap", "cup", "kettle"]],
      // Without case and accents, as a person would look them up.
      ["name", ["cup", "lamp", "soap", "kettle", "towel"]],
    ])("sort=%s", async (sort, sorted) => {
      expect(await slugs(`sort=${sort}`)).toEqual(sorted);
    });

    test.each([
      ["category=Bath", ["soap", "towel"]],
      ["category=bath", ["soap", "towel"]],
      ["category=%20BATH%20", ["soap", "towel"]],
      ["category=Bat", []],
      ["min_price=40.5&max_price=300", ["soap", "towel"]],
      ["max_price=40.49", ["cup"]],
      ["in_stock=true&category=Kitchen", ["cup"]],
      ["in_stock=false", ["kettle"]],
      ["attr.brand=Amber", ["kettle", "cup"]],
      ["attr.brand=amber", []],
      ["attr.brand=Amber&attr.size=S", ["cup"]],
      ["attr.size=L", ["towel"]],
      ["attr.organic=true", ["soap"]],
      ["attr.organic=false", ["towel"]],
      ["attr.ml=250", ["soap"]],
      ["attr.ml=2.5", ["lamp"]],
      ["attr.nothing=1", []],
      ["attr.size=S%27%20OR%201%3D1--", []],
      ["attr.size%27)%20OR%201%3D1--=S", undefined],
    ])("%s", async (query, found) => {
      if (found) expect((await slugs(query)).toSorted()).toEqual(found.toSorted());
      else expect((await anybody.get(`/products?${query}`)).status).toBe(422);
    });

    test("a dot in an attribute's name is part of the name", async () => {
      expect(await slugs("attr.size.cm=30")).toEqual(["lamp"]);
    });

    test("the pages hold everything once, and each says how much there is", async () => {
      const seen: string[] = [];
      for (const page of [1, 2, 3]) {
        const { body } = await anybody.get(`/products?sort=price_desc&size=2&page=${page}`);
        expect(body).toMatchObject({ total: 5, page, size: 2 });
        seen.push(...body.items.map(({ slug }: { slug: string }) => slug));
      }
      expect(seen).toEqual(["kettle", "lamp", "towel", "soap", "cup"]);
      expect((await anybody.get("/products?size=2&page=4")).body).toEqual({
        total: 5,
        total_is_at_least: false,
        page: 4,
        size: 2,
        items: [],
        next_cursor: null,
      });
    });

    test("skip and limit are an older way to say it", async () => {
      expect(await slugs("sort=price_desc&skip=2&limit=2")).toEqual(["towel", "soap"]);
      expect((await anybody.get("/products?skip=4&limit=2")).body).toMatchObject({ page: 3, size: 2, total: 5 });
      // Its first product stands on the second page.
      expect((await anybody.get("/products?skip=3&limit=2")).body).toMatchObject({ page: 2, size: 2, total: 5 });
    });

    test.each([
      ["page=0", "page"],
      ["size=0", "size"],
      ["size=101", "size"],
      ["limit=101", "limit"],
      ["skip=-1", "skip"],
      ["page=1.0", "page"],
      ["page=0x1", "page"],
      ["sort=price", "sort"],
      ["sort=id;DROP TABLE products", "sort"],
      ["in_stock=yes", "in_stock"],
      ["min_price=-1", "min_price"],
      ["min_price=1e3", "min_price"],
      ["colour=red", "colour"],
    ])("?%s is refused", async (query, path) => {
      const answer = await anybody.get(`/products?${query}`);
      expect(answer).toMatchObject({ status: 422, body: { code: "invalid", errors: [{ path }] } });
    });

    test("each category says how many products it has", async () => {
      expect(await anybody.get("/categories")).toMatchObject({
        status: 200,
        body: [
          { category: "Bath", count: 2 },
          { category: "Home", count: 1 },
          { category: "Kitchen", count: 2 },
        ],
      });
    });

    test("the list of categories says how long it is, and need not be sent twice", async () => {
      const own = await freshShop(engine);
      const anybody = clientOf(own);
      await stockShelf(own, { category: "Bath" });
      await stockShelf(own, { slug: "lamp", category: "Home" });
      const { headers } = await anybody.get("/categories");
      expect(headers.get("x-total-count")).toBe("2");
      expect(headers.get("link")).toBe(`</api/v1/categories>; rel="first", </api/v1/categories>; rel="last"`);
      const known = { "if-none-match": headers.get("etag") ?? "" };
      expect(await anybody.get("/categories", known)).toMatchObject({ status: 304, text: "" });
      await stockShelf(own, { slug: "towel", category: "Bath" });
      expect((await anybody.get("/categories", known)).status).toBe(200);
    });

    const idOf = async (slug: string) => (await anybody.get(`/products/slug/${slug}`)).body.id;

    test("what was ordered most is the most popular", async () => {
      const buyer = await newBuyer(shop);
      await buyer.post("/cart/add", { product_id: await idOf("towel"), qty: 2 });
      await buyer.post("/cart/add", { product_id: await idOf("soap"), qty: 3 });
      await buyer.post("/orders/checkout", { payment_method: "cod", address_id: buyer.address_id });
      expect(await slugs("sort=popular")).toEqual(["soap", "towel", "lamp", "cup", "kettle"]);
    });
  });
});

describe.each(engines)("money on $name", (engine) => {
  test.each([
    ["JPY", 4800, 4800.5],
    ["KWD", 1.234, 1.2345],
  ])("a shop in %s takes the digits that its currency has", async (currency, price, tooPrecise) => {
    const shop = await freshShop(engine, { CURRENCY: currency });
    const admin = await newClient(shop, { admin: true });
    expect((await admin.post("/products", { ...mug, price })).body.price).toBe(price);
    const refused = await admin.post("/products", { ...mug, slug: "too-precise", price: tooPrecise });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: "price", code: "too_precise" }] } });
    const found = await clientOf(shop).get(`/products?min_price=${price}&max_price=${price}`);
    expect(found.body.total).toBe(1);
    await shop.close();
  });
});
