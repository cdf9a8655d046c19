import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seedShop } from "../../src/demo/seed";
import { importProducts } from "../../src/imports/products/import";
import { clientOf } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { labIn, labOf } from "../support/lab";
import { freshShop, type TestShop } from "../support/shop";

setDefaultTimeout(120_000);

/** Every so many of the demo's products are typed letter by letter. */
const EVERY = Number(process.env["SANSET_SUGGESTED_EVERY"] ?? 40);

describe.each(engines)("suggestions for the demo shop on $name", (engine) => {
  let shop: TestShop;
  let lab: ReturnType<typeof labIn>;

  beforeAll(async () => {
    shop = await freshShop(engine);
    await seedShop(shop, { seed: 1, products: 610, customers: 1, orders: 0, yes: true });
    lab = labIn(shop);
  });

  test("never vanish by a key stroke while a name is typed", async () => {
    const names = (await shop.database.all<{ name: string }>("SELECT name FROM products ORDER BY id")).map(
      ({ name }) => name,
    );
    const some = names
      .filter((name, at) => at % EVERY === 0 || /French Fries|Butter Cookies|Pants/.test(name))
      .slice(0, 16);
    const vanished: string[] = [];
    for (const name of some) {
      for (let length = 2; length <= name.length; length++) {
        const typed = name.slice(0, length);
        if ((await lab.suggest(typed)).length === 0) vanished.push(typed);
      }
    }
    expect(vanished).toEqual([]);
  });

  test("find their product first when they are chosen", async () => {
    const visitor = clientOf(shop);
    for (const typed of ["a", "mil", "rice", "tom", "chicken", "beej", "po", "5 kg"]) {
      const { body } = await visitor.get(`/search/suggestions?detail=true&limit=20&q=${encodeURIComponent(typed)}`);
      for (const { text, kind, id } of body.filter((one: { kind: string }) => one.kind === "product")) {
        expect([text, kind, (await lab.ask(text)).items[0]?.id]).toEqual([text, "product", id]);
      }
    }
  });

  test("are of products, categories and brands, and say which", async () => {
    const { body } = await clientOf(shop).get("/search/suggestions?detail=true&q=da");
    expect(body).toContainEqual({ text: "Dals and Pulses", kind: "category", id: null });
    expect(body[0].kind).toBe("category");
    expect(body).toContainEqual({ text: "Dantora", kind: "brand", id: null });
    expect(body.some(({ kind, id }: { kind: string; id: number | null }) => kind === "product" && Number(id) > 0)).toBe(
      true,
    );
    expect((await clientOf(shop).get("/search/typeahead?detail=true&q=da")).body).toEqual(body);
    expect((await clientOf(shop).get("/search/suggestions?q=da")).body).toEqual(
      body.map(({ text }: { text: string }) => text),
    );
    expect((await clientOf(shop).get("/search/suggestions?detail=maybe&q=da")).status).toBe(422);
  });
});

describe.each(engines)("suggestions on $name", (engine) => {
  test("of equal names are of what is in stock, then of what sells", async () => {
    const { shop, suggest } = await labOf(engine, []);
    await stockShelf(shop, { name: "Green mug old", stock: 0 });
    const sold = await stockShelf(shop, { name: "Green mug tall" });
    await stockShelf(shop, { name: "Green mug new" });
    expect((await suggest("green mug")).at(-1)).toBe("Green mug old");
    await shop.database.transaction((tx) => tx.run("UPDATE stock SET ordered = 9 WHERE product_id = $1", [sold.id]));
    expect((await suggest("green mug"))[0]).toBe("Green mug tall");
  });

  test("of one letter are of all names, however many came since", async () => {
    const shop = await freshShop(engine);
    const lines = Array.from({ length: 2_010 }, (_, at) => {
      const name = at === 0 ? "Zebra mug" : at < 150 ? `Yellow mug ${at}` : `Mug ${at}`;
      return JSON.stringify({ slug: `p-${at}`, name, category: "Home", price: 5, stock: 1 });
    });
    const file = join(tmpdir(), `${shop.newId()}.jsonl`);
    await Bun.write(file, lines.join("\n"));
    await importProducts(shop, file);
    await Bun.file(file).delete();
    const suggested = async (q: string) => (await clientOf(shop).get(`/search/suggestions?limit=20&q=${q}`)).body;
    expect(await suggested("z")).toEqual(["Zebra mug"]);
    expect((await suggested("ye")).length).toBe(20);
    expect((await suggested("m")).length).toBe(20);
    expect(await suggested("x")).toEqual([]);
  });

  test("go on inside an unfinished plural, number and amount", async () => {
    const { suggest } = await labOf(engine, [
      "French Fries, 1.25 kg",
      "Butter Cookies, 2 x 500 ml",
      "Kitchen Knives 5-10 cm",
      "Cable 16GB",
    ]);
    for (const name of [
      "French Fries, 1.25 kg",
      "Butter Cookies, 2 x 500 ml",
      "Kitchen Knives 5-10 cm",
      "Cable 16GB",
    ]) {
      for (let length = 3; length <= name.length; length++) {
        expect([name.slice(0, length), await suggest(name.slice(0, length))]).toEqual([name.slice(0, length), [name]]);
      }
    }
  });

  test("of a new brand come within half a minute", async () => {
    const { shop, suggest } = await labOf(engine, [{ name: "Kettle", attributes: { brand: "Amberly" } }]);
    expect(await suggest("amb")).toEqual(["Amberly"]);
    await stockShelf(shop, { name: "Pot", attributes: { brand: "Ambrosia" } });
    shop.pass(31);
    expect((await suggest("amb")).toSorted()).toEqual(["Amberly", "Ambrosia"]);
  });
});

describe.each(engines)("suggestions at every key stroke on $name", (engine) => {
  let lab: Awaited<ReturnType<typeof labOf>>;
  const SHELF = [
    "Beejvan Chakki Atta, 5 kg",
    "Beejvan Chakki Atta, 1 kg",
    "Annavi Toor Dal 500g",
    "White Eggs, 12 pieces",
    "Herbal Toothpaste, 150 g",
    "Vanilla Ice Cream, 700 ml",
    "Sunflower Oil, 1 l",
    "Khetari Basmati Rice, 1 kg",
    "Neem Face Wash",
    "Toner cartridge 15G042Y",
    "Cable 5.0m red",
    "Labels 157x41 mm",
  ];

  beforeAll(async () => {
    lab = await labOf(engine, SHELF);
  });

  test("know an amount in every spelling, also on the way to it", async () => {
    for (const typed of ["atta 5 kg", "atta 5kg", "atta 5k", "5kg atta", "chakki atta, 5 kilo", "atta 5000g"])
      expect(await lab.suggest(typed), typed).toEqual(["Beejvan Chakki Atta, 5 kg"]);
    expect(await lab.suggest("toor dal 500 gms")).toEqual(["Annavi Toor Dal 500g"]);
    expect(await lab.suggest("eggs 1 doz")).toEqual(["White Eggs, 12 pieces"]);
  });

  test("leave out what nobody has, and go on with the rest", async () => {
    expect((await lab.suggest("aashirvaad at")).toSorted()).toEqual(SHELF.slice(0, 2).toSorted());
    expect(await lab.suggest("toor dal org")).toEqual(["Annavi Toor Dal 500g"]);
    expect(await lab.suggest("zzzz")).toEqual([]);
  });

  test("read words as one and as two, begun anywhere, misspelt, and by their sound", async () => {
    for (const [typed, name] of [
      ["tooth paste", "Herbal Toothpaste, 150 g"],
      ["icecre", "Vanilla Ice Cream, 700 ml"],
      ["sunfl oil", "Sunflower Oil, 1 l"],
      ["face wsh", "Neem Face Wash"],
      ["बासम", "Khetari Basmati Rice, 1 kg"],
    ] as const)
      expect(await lab.suggest(typed), typed).toEqual([name]);
  });

  test("and searches take a sign of such a script that stands alone", async () => {
    for (const typed of ["ா", "™ß ா  ™ :;]-", "्", "ं atta"]) {
      expect(Array.isArray(await lab.suggest(typed)), typed).toBe(true);
      expect((await lab.ask(typed)).total_exact, typed).toBe(0);
    }
  });

  test("of each name stay to its end", async () => {
    for (const name of SHELF)
      for (let letters = 2; letters <= name.length; letters++)
        expect(await lab.suggest(name.slice(0, letters)), name.slice(0, letters)).toContain(name);
  });
});
