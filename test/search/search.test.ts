import { beforeAll, describe, expect, test } from "bun:test";
import type { NamedProduct } from "../../src/catalog/schema";
import { type Client, clientOf, linksOf, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { labOf } from "../support/lab";
import { freshShop, type TestShop } from "../support/shop";

const shelf: (Partial<NamedProduct> & { slug: string })[] = [
  { slug: "keyboard", name: "Mechanical Keyboard", category: "Computers", attributes: { brand: "Typist" } },
  { slug: "mouse", name: "Wireless Mouse", category: "Computers", description: "Goes well with a keyboard." },
  { slug: "mouse-pad", name: "Mouse Pad XL", category: "Computers", attributes: { colour: "Crème brûlée" } },
  { slug: "watch", name: "Kronos Smartwatch", category: "Wearables", attributes: { waterproof: true } },
  { slug: "t-shirt", name: "Cotton T-Shirt", category: "Clothing" },
  { slug: "batteries", name: "AA Batteries, pack of 4", category: "Household" },
  { slug: "toner", name: "Toner TN-2110", category: "Office" },
  { slug: "cable-2", name: "USB Cable 2 m", category: "Office", price: 5 },
  { slug: "cable-5", name: "USB Cable 5 m", category: "Office", price: 9, stock: 0 },
  { slug: "strasse", name: "Die lange Straße", category: "Books" },
  { slug: "isi", name: "Isıtıcı İnce", category: "Household" },
  { slug: "tea", name: "日本緑茶", category: "Tea" },
  { slug: "percent", name: "100% Juice_Mix", category: "Drinks" },
];

const slugs = (products: { slug: string }[]) => products.map((product) => product.slug);

describe.each(engines)("search on $name", (engine) => {
  let shop: TestShop;
  let visitor: Client;
  let admin: Client;

  beforeAll(async () => {
    shop = await freshShop(engine);
    visitor = clientOf(shop);
    admin = await newClient(shop, { admin: true });
    for (const product of shelf) await stockShelf(shop, product);
  });

  const find = async (q: string, more = "") => {
    const { status, body } = await visitor.get(`/search?q=${encodeURIComponent(q)}${more}`);
    expect(status).toBe(200);
    return slugs(body);
  };
  const list = async (query: string) => (await visitor.get(`/products?${query}`)).body;
  const suggest = async (q: string, more = "") =>
    (await visitor.get(`/search/suggestions?q=${encodeURIComponent(q)}${more}`)).body;

  test("a word in the name counts for more than one in the description", async () => {
    expect(await find("keyboard")).toEqual(["keyboard", "mouse"]);
  });

  test("every word has to be there, wherever it is", async () => {
    expect(await find("typist keyboard")).toEqual(["keyboard", "mouse"]);
    expect((await find("computers pad"))[0]).toBe("mouse-pad");
  });

  test("singular and plural find each other", async () => {
    expect(await find("battery")).toEqual(["batteries"]);
    expect((await find("keyboards"))[0]).toBe("keyboard");
  });

  test("accents, ligatures, full-width letters, ß and both Turkish i's make no difference", async () => {
    expect(await find("creme brulee")).toEqual(["mouse-pad"]);
    expect(await find("STRASSE")).toEqual(["strasse"]);
    expect(await find("straße")).toEqual(["strasse"]);
    expect(await find("ＫＥＹＢＯＡＲＤ")).toEqual(["keyboard", "mouse"]);
    expect(await find("ISITICI")).toEqual(["isi"]);
    expect(await find("ısıtıcı ince")).toEqual(["isi"]);
  });

  test("other scripts are found by how a word begins", async () => {
    expect(await find("日本")).toEqual(["tea"]);
  });

  test("a misspelt word is corrected, from its first letter on", async () => {
    for (const misspelt of ["keybord", "kyeboard", "keyboarrd", "jeyboard", "kezboard"]) {
      expect(await find(misspelt)).toEqual(["keyboard", "mouse"]);
    }
    expect(await find("mechancial keybaord")).toEqual(["keyboard", "mouse"]);
  });

  test("an exact word is never taken for another one, however alike", async () => {
    await stockShelf(shop, { slug: "house", name: "Doll House", category: "Toys" });
    expect((await find("house"))[0]).toBe("house");
    expect((await find("mouse"))[0]).not.toBe("house");
  });

  test("numbers and codes are not taken for other ones", async () => {
    expect(await find("TN-2110")).toEqual(["toner"]);
    expect(await find("tn2110")).toEqual(["toner"]);
    expect(await find("tn2111")).toEqual([]);
  });

  test("words are split and joined as the shop spells them", async () => {
    for (const shirt of ["t-shirt", "tshirt", "t shirt", "T-Shirts"]) expect((await find(shirt))[0]).toBe("t-shirt");
    expect(await find("smart watch")).toEqual(["watch"]);
    expect((await find("mousepad"))[0]).toBe("mouse-pad");
    expect((await find("key board"))[0]).toBe("keyboard");
  });

  test("what the shop writes as one word answers the two whole, beside what has both", async () => {
    const { full } = await labOf(engine, [
      "Back-up battery pack",
      "Backpack black",
      "Canvas backpack",
      { name: "Lunch box", description: "Fits into a backpack." },
    ]);
    expect((await full("back pack")).toSorted()).toEqual(["Back-up battery pack", "Backpack black", "Canvas backpack"]);
  });

  test("when nothing has all the words, some will do", async () => {
    expect((await find("purple mechanical zeppelin"))[0]).toBe("keyboard");
    expect(await find("zeppelin")).toEqual([]);
  });

  test("a flag that is set is found by its name", async () => {
    expect(await find("waterproof")).toEqual(["watch"]);
  });

  test("percent signs and underscores are letters like any other, and no wildcards", async () => {
    expect(await find("%")).toEqual([]);
    expect(await find("_")).toEqual([]);
    expect(await find("100%")).toEqual(["percent"]);
    expect(await find("juice_mix")).toEqual(["percent"]);
  });

  test("a search says how many answers there are, and where the others stand", async () => {
    const all = await visitor.get("/search?q=keyboard&limit=100");
    expect(all.body.length).toBeGreaterThan(1);
    expect(all.headers.get("x-total-count")).toBe(String(all.body.length));
    const read: unknown[] = [];
    for (let url: string | undefined = "/api/v1/search?q=keyboard&limit=1"; url;) {
      const answer = await visitor.get(url.replace("/api/v1", ""));
      expect(answer.body).toHaveLength(1);
      read.push(...answer.body);
      url = linksOf(answer)["next"];
    }
    expect(read).toEqual(all.body);
  });

  test("a category and a limit narrow the answers", async () => {
    expect(await find("keyboard", "&category=Books")).toEqual([]);
    expect(await find("keyboard", "&category=Computers&limit=1")).toEqual(["keyboard"]);
  });

  test("a comma and braces are typed like anything else", async () => {
    for (const typed of [
      "mechanical, keyboard",
      "keyboard,",
      '["keyboard"]',
      '{"keyboard": "mechanical"}',
      "{keyboard}",
    ]) {
      expect((await find(typed))[0]).toBe("keyboard");
    }
    await stockShelf(shop, { slug: "bed", name: "Bed", category: "Beds, sofas" });
    expect(await find("bed", "&category=Beds,%20sofas")).toEqual(["bed"]);
    expect((await visitor.get("/search?q=mouse&q=keyboard")).status).toBe(422);
  });

  test("what is wrong with a search is said", async () => {
    expect((await visitor.get("/search")).status).toBe(422);
    expect((await visitor.get("/search?q=")).status).toBe(422);
    expect((await visitor.get("/search?q=mug&limit=0")).status).toBe(422);
    expect((await visitor.get("/search?q=mug&limit=101")).status).toBe(422);
    expect((await visitor.get("/search?q=mug&colour=red")).status).toBe(422);
    expect((await visitor.get(`/search?q=${"x".repeat(100_000)}`)).status).toBe(422);
    expect((await visitor.get("/search/suggestions")).status).toBe(422);
  });

  test("the catalog is listed by what is searched, with filters, a sort and pages", async () => {
    expect(slugs((await list("q=usb+cable")).items)).toEqual(["cable-2", "cable-5"]);
    expect(slugs((await list("q=usb+cable&sort=price_desc")).items)).toEqual(["cable-5", "cable-2"]);
    expect(slugs((await list("q=usb+cable&in_stock=true")).items)).toEqual(["cable-2"]);
    expect(slugs((await list("q=usb+cable&min_price=6")).items)).toEqual(["cable-5"]);
    expect(await list("q=usb+cable&size=1&page=2")).toMatchObject({
      total: 2,
      page: 2,
      size: 1,
      items: [{ slug: "cable-5" }],
    });
    expect(await list("q=zeppelin&sort=name")).toMatchObject({ total: 0, items: [] });
    expect(await list("q=%25%25")).toMatchObject({ total: 0, items: [] });
  });

  test("what is written is found at once, as it is now", async () => {
    const { body: lamp } = await admin.post("/products", {
      slug: "lamp",
      name: "Desk Lamp",
      category: "Home",
      price: 20,
    });
    expect(await find("lamp")).toEqual(["lamp"]);
    await admin.put(`/products/${lamp.id}`, { name: "Floor Light" });
    expect(await find("lamp")).toEqual([]);
    expect(await find("floor light")).toEqual(["lamp"]);
    await admin.patch(`/products/${lamp.id}`, { attributes: { brand: "Lumen" } });
    expect(await find("lumen")).toEqual(["lamp"]);
    await admin.delete(`/products/${lamp.id}`);
    expect(await find("floor light")).toEqual([]);
    expect(await suggest("floor")).toEqual([]);
  });

  test("a product that could not be written is not found", async () => {
    const again = await admin.post("/products", { slug: "keyboard", name: "Accordion", category: "Music", price: 20 });
    expect(again.status).toBe(409);
    expect(await find("accordion")).toEqual([]);
  });

  test("names and categories are suggested for what is typed so far", async () => {
    expect(await suggest("key")).toEqual(["Mechanical Keyboard"]);
    expect(await suggest("mouse p")).toEqual(["Mouse Pad XL"]);
    expect(await suggest("comp")).toEqual(["Computers"]);
    expect(await suggest("batterie")).toEqual(["AA Batteries, pack of 4"]);
    expect(await suggest("mous")).toEqual(["Mouse Pad XL", "Wireless Mouse"]);
    expect(await suggest("mous", "&limit=1")).toEqual(["Mouse Pad XL"]);
    expect(await suggest("%")).toEqual([]);
  });

  test("suggestions forgive a typo from the fourth letter on", async () => {
    expect(await suggest("keyv")).toEqual(["Mechanical Keyboard"]);
    expect(await suggest("mechnical keyb")).toEqual(["Mechanical Keyboard"]);
    expect(await suggest("kyz")).toEqual([]);
  });

  test("a name is suggested once, however many products have it", async () => {
    for (const slug of ["spoon-1", "spoon-2"]) await stockShelf(shop, { slug, name: "Silver Spoon" });
    expect(await suggest("spoon")).toEqual(["Silver Spoon"]);
  });
});
