import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { wordsOf } from "../../src/base/text";
import { clientOf } from "../support/client";
import { engines } from "../support/engines";
import { labOf } from "../support/lab";

setDefaultTimeout(60_000);

test("Hebrew points and Arabic vowel signs are no letters", () => {
  expect(wordsOf("שָׁלוֹם")).toEqual(wordsOf("שלום"));
  expect(wordsOf("كِتَاب")).toEqual(wordsOf("كتاب"));
});

describe.each(engines)("the order of answers on $name", (engine) => {
  test("has words side by side first, then short names, then the word itself before its synonyms", async () => {
    const { find, full, shop } = await labOf(engine, [
      "Tea for everyone, green, in a cup",
      "Green tea cup",
      "Lantern of the sort that old captains had on long voyages",
      "Lantern",
      "Blue bluetooth mouse",
    ]);
    expect((await find("green tea cup"))[0]).toBe("Green tea cup");
    expect((await find("lantern"))[0]).toBe("Lantern");
    // No product has `tooth`: only `bluetooth` is meant.
    expect(await full("blue tooth")).toEqual(["Blue bluetooth mouse"]);
    await shop.close();
  });

  test("says what a thing is by the end of its name", async () => {
    const { find } = await labOf(engine, [
      { name: "Amber Tomato Ketchup, 500 g", description: "Made of real tomatoes." },
      "Amber Hybrid Tomato, 500 g",
      "Amber Mango Drink, 1 l",
      "Amber Kesar Mango, 1 kg",
    ]);
    expect((await find("tomatoes"))[0]).toBe("Amber Hybrid Tomato, 500 g");
    expect((await find("mango"))[0]).toBe("Amber Kesar Mango, 1 kg");
  });

  test("says what a thing is by its category too, where that is of one kind and no brand", async () => {
    const { find } = await labOf(engine, [
      { name: "Himkosh Vegetable Momos, 10 pieces", category: "Frozen and Ready" },
      { name: "Orange Carrot, 500 g", category: "Fresh Vegetables" },
      { name: "Dairy Whitener", category: "Baking" },
      { name: "Salted Butter", category: "Eggs and Dairy" },
      { name: "Egret poster", category: "Egret", attributes: { brand: "Egret" } },
      { name: "Egret lamp", category: "Egret", attributes: { brand: "Egret" } },
    ]);
    expect(await find("vegetables")).toEqual(["Orange Carrot, 500 g", "Himkosh Vegetable Momos, 10 pieces"]);
    expect((await find("egret lamp"))[0]).toBe("Egret lamp");
    expect((await find("vegetable momos"))[0]).toBe("Himkosh Vegetable Momos, 10 pieces");
  });

  test("keeps the rarer of two words that no product has together", async () => {
    const { find } = await labOf(engine, [
      ...Array.from({ length: 30 }, (_, n) => `Common spoon no. ${n}`),
      "Quaint fork",
    ]);
    expect((await find("quaint spoon"))[0]).toBe("Quaint fork");
  });

  test("puts what is asked for before what is made for it, unless that is asked for", async () => {
    const { find } = await labOf(engine, [
      { name: "Brother Drum for Laser Printer", description: "Printer drum for your laser printer." },
      "Canon Laser Printer Toner Cartridge",
      {
        name: "Xerox Phaser laser printer 1200 x 1200 dpi A3 Colour Duplex",
        description: "Prints thirty pages a minute.",
      },
      "Green Tea Bags",
    ]);
    expect((await find("laser printer"))[0]).toContain("Xerox");
    expect((await find("lazer printer"))[0]).toContain("Xerox");
    expect((await find("laser printer toner"))[0]).toContain("Canon");
    expect((await find("drum laser printer"))[0]).toContain("Brother");
  });

  test("puts a thing that one word asks for before what is only made for it, where names are of things", async () => {
    const { find } = await labOf(engine, [
      "Tablet Docking Station",
      "Tablet security stand",
      "Car power adapter for tablets",
      "Slate tc44 Tablet PC",
      "Slate tc45 Tablet PC white",
      "Slate Tablet with pen",
      // Nothing here is an SSD by itself.
      "SSD Adapter",
      "Office computer 256 GB SSD tower black",
      "Office computer 512 GB SSD tower black",
      "Office computer 128 GB SSD tower black",
    ]);
    expect((await find("tablet")).slice(0, 3).every((name) => name.includes("Slate"))).toBe(true);
    expect((await find("ssd"))[0]).toBe("SSD Adapter");
    expect((await find("tablet stand"))[0]).toBe("Tablet security stand");
  });

  test("puts a brand's own things before those for it, and what stands where most of its kind do before the rest", async () => {
    const { find } = await labOf(engine, [
      { name: "Power cord for any Hubner kettle", category: "Parts", attributes: { brand: "Other" } },
      { name: "Electric kettle Hubner style", category: "Kitchen", attributes: { brand: "Other" } },
      { name: "Electric kettle 1.7 l brushed steel", category: "Kitchen", attributes: { brand: "Hubner" } },
      { name: "Chicken Masala", category: "Spices" },
      { name: "Chicken Treats", category: "Pet Care", description: "Chicken alone." },
      { name: "Chicken Breast", category: "Butcher" },
      { name: "Chicken Mince", category: "Butcher" },
      { name: "Chicken Drumsticks", category: "Butcher" },
    ]);
    expect((await find("hubner kettle"))[0]).toBe("Electric kettle 1.7 l brushed steel");
    expect((await find("chicken")).slice(0, 3).toSorted()).toEqual([
      "Chicken Breast",
      "Chicken Drumsticks",
      "Chicken Mince",
    ]);
  });

  test("is the same on every page, and every answer is on exactly one", async () => {
    const { shop } = await labOf(
      engine,
      Array.from({ length: 130 }, (_, n) => (n % 2 === 0 ? "Tea cup" : `Cup with a picture of tea no. ${n}`)),
    );
    const ids: number[] = [];
    for (let page = 1; page <= 4; page++) {
      const { body } = await clientOf(shop).get(`/search/products?q=tea+cup&size=40&page=${page}`);
      expect(body).toMatchObject({ total: 130, total_exact: 130, relaxed_from: null });
      ids.push(...body.items.map(({ id }: { id: number }) => id));
    }
    expect(ids).toHaveLength(130);
    expect(new Set(ids).size).toBe(130);
  });

  test("of a search of hundreds of words is told by the few that tell, and asks the database as often as one of twelve", async () => {
    const { shop, find } = await labOf(engine, [
      "Velvet curtain",
      ...Array.from({ length: 20 }, (_, n) => `Plain thing no. ${n}`),
    ]);
    const statements = async (q: string) => {
      let asked = 0;
      const { all, first } = shop.database;
      shop.database.all = (...call) => (asked++, all.apply(shop.database, call)) as never;
      shop.database.first = (...call) => (asked++, first.apply(shop.database, call)) as never;
      await find(q);
      Object.assign(shop.database, { all, first });
      return asked;
    };
    const words = Array.from({ length: 60 }, (_, n) => `w${n}`).join(" ");
    expect((await find(`plain thing ${Array.from({ length: 30 }, () => "plain").join(" ")} velvet`))[0]).toBe(
      "Velvet curtain",
    );
    const twelve = await statements(words.split(" ").slice(0, 12).join(" "));
    expect(await statements(words)).toBeLessThan(twelve * 3);
  });
});
