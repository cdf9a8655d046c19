import { beforeAll, describe, expect, test } from "bun:test";
import { expectSound, newBuyers, atOnce, buy } from "../support/buying";
import { type Answer, type Client, clientOf, newBuyer, newClient, statusCounts } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const KURTA = { slug: "kurta", name: "Kurta", category: "Clothes", price: 500, option_names: ["Size", "Colour"] };

/** A product with options, and variants of it. */
async function newParent(admin: Client, own: Record<string, unknown> = {}): Promise<number> {
  const { status, body } = await admin.post("/products", { ...KURTA, slug: crypto.randomUUID(), ...own });
  expect(status).toBe(201);
  return body.id;
}

const addVariant = (admin: Client, parent_id: number, options: Record<string, string>, own = {}): Promise<Answer> =>
  admin.post("/products", { parent_id, options, ...own });

const idOf = ({ status, body }: Answer): number => {
  expect(status).toBe(201);
  return body.id;
};

const picturesIn = ({ body }: Answer): string[] => body.items.map(({ image_url }: { image_url: string }) => image_url);

describe.each(engines)("variants on $name", (engine) => {
  let shop: TestShop;
  let admin: Client;
  let anybody: Client;

  beforeAll(async () => {
    shop = await freshShop(engine);
    admin = await newClient(shop, { admin: true });
    anybody = clientOf(shop);
  });

  test("a variant is called after its parent and what was chosen, and takes what is its parent's", async () => {
    const slug = `kurta-${crypto.randomUUID()}`;
    const kurta = await newParent(admin, { slug, description: "Cotton", tax_class: "reduced", weight_grams: 300 });
    const created = await addVariant(
      admin,
      kurta,
      { colour: "Red", SIZE: " M " },
      { price: 550, stock: 3, sku: "K-M-R" },
    );
    expect(created).toMatchObject({
      status: 201,
      body: {
        slug: `${slug}-m-red`,
        name: "Kurta, M, Red",
        category: "Clothes",
        description: "Cotton",
        tax_class: "reduced",
        weight_grams: 300,
        parent_id: kurta,
        options: { Size: "M", Colour: "Red" },
        sku: "K-M-R",
        price: 550,
        stock: 3,
      },
    });
    expect((await anybody.get(`/products/${kurta}`)).body).toMatchObject({
      option_names: ["Size", "Colour"],
      variants: [{ id: created.body.id, sku: "K-M-R", options: { Size: "M", Colour: "Red" }, price: 550, stock: 3 }],
    });
  });

  test("a variant without a picture of its own is shown as its product in the cart and in an order, and as itself with one", async () => {
    const kurta = await newParent(admin, { image_url: "https://example.com/kurta.webp" });
    const [plain, own] = [
      idOf(await addVariant(admin, kurta, { Size: "M", Colour: "Red" }, { price: 5, stock: 3 })),
      idOf(
        await addVariant(
          admin,
          kurta,
          { Size: "L", Colour: "Red" },
          { price: 5, stock: 3, image_url: "https://example.com/large.webp" },
        ),
      ),
    ];
    const pictures = ["https://example.com/kurta.webp", "https://example.com/large.webp"];
    const buyer = await newClient(shop);
    for (const product_id of [plain, own]) await buyer.post("/cart/items", { product_id });
    expect(picturesIn(await buyer.get("/cart"))).toEqual(pictures);
    const lines = [plain, own].map((product_id) => ({ product_id, qty: 1 }));
    expect(picturesIn(await admin.post("/orders", { user_id: buyer.id, lines, paid: true }))).toEqual(pictures);
  });

  test("a product of its own says what it is called, where it stands and how it is addressed", async () => {
    const refused = await admin.post("/products", { price: 5 });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual(
      ["slug", "name", "category"].map((path) => ({ path, message: "This is missing.", code: "custom" })),
    );
  });

  test("a command adds a variant under an address that says what it is", async () => {
    const slug = `kurta-${crypto.randomUUID()}`;
    await newParent(admin, { slug });
    const words = ["product", "create", "-", "--of", slug, "--choose", "Size=M", "Colour=Red"];
    expect((await runCommand(shop, words)).answer).toMatchObject({ slug: `${slug}-m-red`, name: "Kurta, M, Red" });
  });

  test("a parent's price, highest price and stock are what its variants make of them, always", async () => {
    const kurta = await newParent(admin);
    const look = async () => (await anybody.get(`/products/${kurta}`)).body;
    expect(await look()).toMatchObject({ price: 500, highest_price: 500, stock: 0, variants: [] });
    const small = idOf(await addVariant(admin, kurta, { Size: "S", Colour: "Red" }, { price: 700, stock: 2 }));
    const large = idOf(await addVariant(admin, kurta, { Size: "L", Colour: "Red" }, { price: 600, stock: 0 }));
    // The lowest, in stock or not.
    expect(await look()).toMatchObject({ price: 600, highest_price: 700, stock: 2 });
    await admin.patch(`/products/${large}`, { stock: 5, price: 800 });
    expect(await look()).toMatchObject({ price: 700, highest_price: 800, stock: 7 });
    await admin.post(`/admin/stock/${small}/adjustment`, { delta: 4, reason: "came" });
    expect(await look()).toMatchObject({ stock: 11 });
    await admin.delete(`/products/${small}`);
    expect(await look()).toMatchObject({ price: 800, highest_price: 800, stock: 5 });
    expect((await admin.post(`/products/${small}/restoration`)).status).toBe(200);
    expect(await look()).toMatchObject({ price: 700, highest_price: 800, stock: 11 });
    await expectSound(shop);
  });

  test.each([{ price: 1 }, { stock: 7 }])("writing %p to a parent is refused", async (change) => {
    const kurta = await newParent(admin);
    await addVariant(admin, kurta, { Size: "S", Colour: "Red" }, { stock: 2 });
    expect(await admin.patch(`/products/${kurta}`, change)).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(await admin.post(`/admin/stock/${kurta}/adjustment`, { delta: 1, reason: "-" })).toMatchObject({
      status: 409,
    });
    expect((await admin.post("/products", { ...KURTA, slug: crypto.randomUUID(), stock: 1 })).status).toBe(409);
  });

  test("a parent given back as it was read is no change of price or stock", async () => {
    const kurta = await newParent(admin);
    await addVariant(admin, kurta, { Size: "S", Colour: "Red" }, { stock: 2, price: 510 });
    const { name, category, price, stock } = (await anybody.get(`/products/${kurta}`)).body;
    const saved = await admin.put(`/products/${kurta}`, { name, category, price, stock, description: "New" });
    expect(saved).toMatchObject({ status: 200, body: { description: "New", price: 510, stock: 2 } });
  });

  test("a parent can't be bought: what is to be chosen is said", async () => {
    const kurta = await newParent(admin);
    const buyer = await newBuyer(shop);
    const answers = [
      await buyer.post("/cart/add", { product_id: kurta }),
      await buyer.put(`/cart/items/${kurta}`, { qty: 1 }),
    ];
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 422, body: { code: "variant_required" } });
      expect(answer.body.detail).toContain("Size and Colour");
    }
    // What became a parent while it lay in a cart is refused at checkout.
    const { id } = await stockShelf(shop, { stock: 0 });
    await buyer.post("/cart/add", { product_id: id });
    await admin.patch(`/products/${id}`, { option_names: ["Size"] });
    expect(await buy(buyer, [])).toMatchObject({ status: 422, body: { code: "variant_required" } });
  });

  test("two combinations that a person takes for one are refused, also at once", async () => {
    const kurta = await newParent(admin);
    await addVariant(admin, kurta, { Size: "Small", Colour: "Grün" });
    const again = await addVariant(admin, kurta, { Size: "small ", Colour: " GRUN" });
    expect(again).toMatchObject({ status: 409, body: { code: "duplicate" } });
    const answers = await atOnce(6, () => addVariant(admin, kurta, { Size: "Large", Colour: "Blue" }));
    expect(statusCounts(answers)[201]).toBe(1);
    expect((await anybody.get(`/products/${kurta}`)).body.variants).toHaveLength(2);
  });

  test.each([
    ["an option is missing", { Size: "M" }],
    ["there is one too many", { Size: "M", Colour: "Red", Fit: "Slim" }],
    ["one is empty", { Size: "M", Colour: "  " }],
    ["none is said", {}],
  ])("a variant is refused where %s", async (_, options) => {
    const kurta = await newParent(admin);
    expect(await addVariant(admin, kurta, options)).toMatchObject({ status: 422, body: { code: "invalid" } });
  });

  test.each([
    ["six options", { option_names: ["a", "b", "c", "d", "e", "f"] }],
    ["two options of one name", { option_names: ["Size", "size "] }],
  ])("a product of %s is refused", async (_, own) => {
    expect((await admin.post("/products", { ...KURTA, slug: crypto.randomUUID(), ...own })).status).toBe(422);
  });

  test("there are five options of a product and no more", async () => {
    const names = ["Size", "Colour", "Fit", "Cloth", "Sleeve", "Collar"];
    const fields = { name: "Shirt", category: "Clothes" };
    const made = await admin.post("/products", { ...fields, slug: "shirt-of-six", option_names: names });
    expect(made).toMatchObject({ status: 422, body: { errors: [{ path: "option_names" }] } });
    const five = await admin.post("/products", { ...fields, slug: "shirt-of-five", option_names: names.slice(0, 5) });
    expect(five.status).toBe(201);
    expect((await admin.patch(`/products/${five.body.id}`, { option_names: names })).status).toBe(422);
  });

  test("there are two hundred and fifty variants of a product and no more", async () => {
    const kurta = await newParent(admin, { option_names: ["Number"] });
    for (let number = 1; number <= 250; number++) idOf(await addVariant(admin, kurta, { Number: `${number}` }));
    expect(await addVariant(admin, kurta, { Number: "251" })).toMatchObject({
      status: 409,
      body: { code: "conflict" },
    });
    const { id } = await stockShelf(shop);
    expect((await admin.patch(`/products/${id}`, { parent_id: kurta, options: { Number: "251" } })).status).toBe(409);
  }, 120_000);

  test("a variant has no variants, and a parent becomes none", async () => {
    const kurta = await newParent(admin);
    const red = idOf(await addVariant(admin, kurta, { Size: "M", Colour: "Red" }));
    const other = await newParent(admin);
    for (const answer of [
      await admin.patch(`/products/${red}`, { option_names: ["Fit"] }),
      await admin.patch(`/products/${other}`, { parent_id: kurta, options: { Size: "S", Colour: "Red" } }),
      await admin.patch(`/products/${kurta}`, { parent_id: kurta, options: { Size: "S", Colour: "Red" } }),
      await addVariant(admin, red, { Size: "S", Colour: "Red" }),
    ]) {
      expect(answer).toMatchObject({ status: 409, body: { code: "conflict" } });
    }
  });

  describe("adopting a product", () => {
    test("that has open orders keeps its id, stock, carts and orders", async () => {
      const kurta = await newParent(admin);
      const { id } = await stockShelf(shop, { stock: 10, price: 450 });
      const [buyer, other] = await newBuyers(shop, 2);
      const { body } = await buy(buyer!, [{ id, qty: 3 }]);
      await other!.post("/cart/add", { product_id: id, qty: 2 });
      const adopted = await admin.patch(`/products/${id}`, { parent_id: kurta, options: { Size: "M", Colour: "Red" } });
      expect(adopted).toMatchObject({ status: 200, body: { id, name: "Kurta, M, Red", stock: 7, parent_id: kurta } });
      expect((await anybody.get(`/products/${kurta}`)).body).toMatchObject({ price: 450, stock: 7 });
      expect((await other!.get("/cart")).body.items).toMatchObject([{ product_id: id, qty: 2, parent_id: kurta }]);
      await admin.post(`/orders/${body.order_id}/packing`);
      expect((await admin.post(`/orders/${body.order_id}/shipment`, {})).status).toBe(200);
      expect((await buy(other!, [])).status).toBe(201);
      expect((await anybody.get(`/products/${kurta}`)).body).toMatchObject({ stock: 5 });
      expect((await buyer!.post(`/orders/${body.order_id}/cancellation`, {})).status).not.toBe(500);
      await expectSound(shop);
      const left = await admin.patch(`/products/${id}`, { parent_id: null });
      expect(left).toMatchObject({ status: 200, body: { parent_id: null, options: {}, stock: 5 } });
      expect((await anybody.get(`/products/${kurta}`)).body).toMatchObject({ stock: 0, variants: [] });
      await expectSound(shop);
    });

    test("while it sells loses no unit", async () => {
      const kurta = await newParent(admin);
      const { id } = await stockShelf(shop, { stock: 100 });
      const buyers = await newBuyers(shop, 8);
      for (const buyer of buyers) await buyer.post("/cart/add", { product_id: id, qty: 2 });
      const [adopted, ...answers] = await Promise.all([
        admin.patch(`/products/${id}`, { parent_id: kurta, options: { Size: "M", Colour: "Red" } }),
        ...buyers.map((buyer) => buy(buyer, [])),
      ]);
      expect(adopted.status).toBe(200);
      expect(statusCounts(answers)).toEqual({ 201: 8 });
      expect((await anybody.get(`/products/${kurta}`)).body.stock).toBe(84);
      await expectSound(shop);
    });
  });

  describe("options", () => {
    test("one more names the value for what is there", async () => {
      const kurta = await newParent(admin, { option_names: ["Size"] });
      const medium = idOf(await addVariant(admin, kurta, { Size: "M" }));
      const option_names = ["Size", "Colour"];
      expect((await admin.patch(`/products/${kurta}`, { option_names })).status).toBe(422);
      const changed = await admin.patch(`/products/${kurta}`, { option_names, options: { Colour: "White" } });
      expect(changed).toMatchObject({ status: 200, body: { option_names } });
      expect((await anybody.get(`/products/${medium}`)).body).toMatchObject({
        name: "Kurta, M, White",
        options: { Size: "M", Colour: "White" },
      });
    });

    test("one less is refused where two variants would become one", async () => {
      const kurta = await newParent(admin);
      const red = idOf(await addVariant(admin, kurta, { Size: "M", Colour: "Red" }));
      const blue = idOf(await addVariant(admin, kurta, { Size: "M", Colour: "Blue" }));
      expect(await admin.patch(`/products/${kurta}`, { option_names: ["Size"] })).toMatchObject({ status: 409 });
      expect((await admin.patch(`/products/${kurta}`, { option_names: ["Colour"] })).status).toBe(200);
      expect((await anybody.get(`/products/${red}`)).body).toMatchObject({
        name: "Kurta, Red",
        options: { Colour: "Red" },
      });
      // Two variants may trade places.
      await admin.patch(`/products/${red}`, { options: { Colour: "Green" } });
      await admin.patch(`/products/${blue}`, { options: { Colour: "Red" } });
      expect((await admin.patch(`/products/${red}`, { options: { Colour: "red" } })).status).toBe(409);
    });
  });

  test("a product that gets options sums its variants, and sells by itself again when they are gone", async () => {
    const shirt = (await stockShelf(shop, { stock: 0 })).id;
    await admin.patch(`/products/${shirt}`, { option_names: ["Size"] });
    const medium = idOf(await addVariant(admin, shirt, { Size: "M" }, { stock: 3 }));
    expect((await anybody.get(`/products/${shirt}`)).body.stock).toBe(3);
    expect((await admin.patch(`/products/${shirt}`, { option_names: [] })).status).toBe(409);
    await admin.delete(`/products/${medium}`);
    expect((await admin.patch(`/products/${shirt}`, { option_names: [] })).status).toBe(200);
    await admin.patch(`/products/${shirt}`, { stock: 2 });
    const [buyer] = await newBuyers(shop, 1);
    expect((await buy(buyer!, [{ id: shirt, qty: 2 }])).status).toBe(201);
    expect((await anybody.get(`/products/${shirt}`)).body.stock).toBe(0);
    await expectSound(shop);
  });

  test("units of an order that is cancelled count as ordered neither of the variant nor of its parent", async () => {
    const kurta = await newParent(admin);
    const red = idOf(await addVariant(admin, kurta, { Size: "M", Colour: "Red" }, { stock: 5 }));
    const [buyer] = await newBuyers(shop, 1);
    const orderedOf = async () => {
      const sql = "SELECT ordered FROM stock WHERE product_id IN ($1, $2)";
      return (await shop.database.all<{ ordered: number }>(sql, [kurta, red])).map(({ ordered }) => ordered);
    };
    const { body } = await buy(buyer!, [{ id: red, qty: 3 }]);
    expect(await orderedOf()).toEqual([3, 3]);
    expect((await buyer!.post(`/orders/${body.order_id}/cancellation`)).status).toBe(200);
    expect(await orderedOf()).toEqual([0, 0]);
    await expectSound(shop);
  });

  test("what is the parent's is changed there, and its variants follow", async () => {
    const kurta = await newParent(admin);
    const red = idOf(await addVariant(admin, kurta, { Size: "M", Colour: "Red" }));
    for (const own of [{ name: "Mine" }, { category: "Mine" }, { description: "Mine" }, { tax_class: "mine" }]) {
      expect(await admin.patch(`/products/${red}`, own)).toMatchObject({ status: 409 });
    }
    await admin.patch(`/products/${kurta}`, {
      name: "Long kurta",
      category: "Wear",
      description: "Silk",
      tax_class: "zero",
    });
    expect((await anybody.get(`/products/${red}`)).body).toMatchObject({
      name: "Long kurta, M, Red",
      category: "Wear",
      description: "Silk",
      tax_class: "zero",
    });
  });

  test("a parent's ETag changes whenever a variant does, and not otherwise", async () => {
    const kurta = await newParent(admin);
    const [red, blue] = [
      idOf(await addVariant(admin, kurta, { Size: "M", Colour: "Red" }, { stock: 5, price: 500 })),
      idOf(await addVariant(admin, kurta, { Size: "M", Colour: "Blue" }, { stock: 5, price: 600 })),
    ];
    const etag = async () => (await anybody.get(`/products/${kurta}`)).headers.get("etag") ?? "";
    const first = await etag();
    expect(await etag()).toBe(first);
    expect((await anybody.get(`/products/${kurta}`, { "if-none-match": first })).status).toBe(304);
    await admin.patch(`/products/${blue}`, { sku: "B-1" });
    const second = await etag();
    expect(second).not.toBe(first);
    const [buyer] = await newBuyers(shop, 1);
    await buy(buyer!, [{ id: red }]);
    const third = await etag();
    expect(third).not.toBe(second);
    // One more of one and one less of the other: the same sum, another picture.
    await admin.patch(`/products/${red}`, { stock: 5 });
    await admin.patch(`/products/${blue}`, { stock: 4 });
    expect(await etag()).not.toBe(third);
  });

  test("deleting a parent deletes its variants, and taking it back brings them", async () => {
    const kurta = await newParent(admin);
    const red = idOf(await addVariant(admin, kurta, { Size: "M", Colour: "Red" }, { stock: 5, sku: "DEL-1" }));
    const gone = idOf(await addVariant(admin, kurta, { Size: "M", Colour: "Blue" }));
    await admin.delete(`/products/${gone}`);
    shop.pass(1);
    expect((await admin.delete(`/products/${kurta}`)).status).toBe(204);
    expect((await anybody.get(`/products/${red}`)).status).toBe(404);
    expect((await admin.post(`/products/${red}/restoration`, {})).status).toBe(409);
    const back = await admin.post(`/products/${kurta}/restoration`, {});
    expect(back).toMatchObject({ status: 200, body: { stock: 5, variants: [{ id: red }] } });
    expect((await anybody.get(`/products/${gone}`)).status).toBe(404);
    expect((await admin.post(`/products/${kurta}/restoration`, {})).status).toBe(409);
    expect((await admin.post("/products/999999/restoration", {})).status).toBe(404);
    await expectSound(shop);
  });

  test("codes are one product's, however they are typed, and free again when it goes", async () => {
    const first = idOf(
      await admin.post("/products", { ...KURTA, option_names: [], slug: "c-1", sku: "Tea-1", barcode: "40" }),
    );
    for (const codes of [{ sku: " tea-1 " }, { sku: "TEA-1" }, { barcode: "40 " }]) {
      const answer = await admin.post("/products", { ...KURTA, option_names: [], slug: "c-2", ...codes });
      expect(answer).toMatchObject({ status: 409, body: { code: "duplicate" } });
    }
    const answers = await atOnce(5, (at) =>
      admin.post("/products", { ...KURTA, option_names: [], slug: `c-at-once-${at}`, sku: "Once" }),
    );
    expect(statusCounts(answers)[201]).toBe(1);
    expect((await admin.patch(`/products/${first}`, { sku: "TEA-1" })).status).toBe(200);
    await admin.delete(`/products/${first}`);
    expect((await admin.post("/products", { ...KURTA, option_names: [], slug: "c-3", sku: "tea-1" })).status).toBe(201);
    expect((await admin.post(`/products/${first}/restoration`, {})).status).toBe(409);
  });

  describe("lists", () => {
    let shown: TestShop;
    let keeper: Client;
    let kurta: number;

    beforeAll(async () => {
      shown = await freshShop(engine);
      keeper = await newClient(shown, { admin: true });
      kurta = await newParent(keeper, { slug: "kurta", attributes: { brand: "Amber", fabric: "linen" } });
      await addVariant(keeper, kurta, { Size: "M", Colour: "Blue" }, { price: 500, stock: 0, sku: "KB-77" });
      await addVariant(keeper, kurta, { Size: "XL", Colour: "Red" }, { price: 900, stock: 4 });
      await stockShelf(shown, { slug: "mug", name: "Mug", price: 700, stock: 3, attributes: { Colour: "Blue" } });
    });

    const slugs = async (query: string) => {
      const { status, body } = await clientOf(shown).get(`/products?${query}`);
      expect(status).toBe(200);
      expect(body.total).toBe(body.items.length);
      return body.items.map(({ slug }: { slug: string }) => slug);
    };

    test.each([
      ["", ["kurta", "mug"]],
      ["attr.Size=XL", ["kurta"]],
      ["attr.Colour=Blue", ["kurta", "mug"]],
      // Not a blue M and a red XL.
      ["attr.Colour=Blue&attr.Size=XL", []],
      ["attr.Colour=Red&attr.Size=XL&in_stock=true", ["kurta"]],
      ["attr.Colour=Blue&in_stock=true", ["mug"]],
      ["attr.brand=Amber&attr.Size=M", ["kurta"]],
      ["attr.fabric=linen&max_price=500&in_stock=true", []],
      ["min_price=600&max_price=800", ["mug"]],
      ["min_price=850", ["kurta"]],
      ["max_price=500", ["kurta"]],
      ["in_stock=true", ["kurta", "mug"]],
      ["q=kb-77", ["kurta"]],
      ["q=red", ["kurta"]],
      ["category=clothes", ["kurta"]],
    ])("?%s finds %p: a filter holds for one variant", async (query, found) => {
      expect(await slugs(query)).toEqual(found);
    });

    test("categories count parents and not their variants", async () => {
      expect((await clientOf(shown).get("/categories")).body).toEqual([
        { category: "Clothes", count: 1 },
        { category: "Kitchen", count: 1 },
      ]);
    });
  });
});
