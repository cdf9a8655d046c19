import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { newClient } from "../support/client";
import { engines } from "../support/engines";
import { type Line, labOf } from "../support/lab";

setDefaultTimeout(60_000);

const title = (length: string, plug: string) =>
  `Tripp Lite 10Gb Duplex Multimode 50/125 OM3 LSZH Fiber Patch Cable (${plug}) - Aqua, ${length} for the data centre and the office at home`;

const novels = (many: number): Line[] =>
  Array.from({ length: many }, (_, n) => ({
    name: `Novel no. ${n}`,
    category: "Books",
    description: "With a free gift and cotton.",
  }));

describe.each(engines)("what is called exactly so on $name", (engine) => {
  test("comes first though it is the oldest of more than are ranked", async () => {
    const { ask, find } = await labOf(engine, [
      { name: "Gift Card", category: "Gift Cards" },
      { name: "Cotton Shirt", category: "Clothing" },
      ...novels(1_200),
    ]);
    const gift = await ask("gift");
    expect(gift.items[0]?.name).toBe("Gift Card");
    expect(gift.total_exact).toBe(1_201);
    expect((await find("cotton"))[0]).toBe("Cotton Shirt");
    expect((await find("free gift"))[0]).toStartWith("Novel");
  });

  test("comes first though more than are ranked have the words in their name", async () => {
    const papers = Array.from({ length: 1_100 }, (_, n) => `Gift card wrapping paper with gift no. ${n}`);
    const { find } = await labOf(engine, ["Gift card", "Card gift set", ...papers]);
    expect((await find("gift card"))[0]).toBe("Gift card");
    expect((await find("GIFT-CARD"))[0]).toBe("Gift card");
  });

  test("by its code comes before a name that holds it", async () => {
    const { find, shop } = await labOf(engine, [
      { name: "Greeting cards", attributes: { sku: "100" } },
      "Set of 100 cards",
      { name: "Toner", attributes: { code: "TN-2110" } },
      { name: "TN 2110 holder" },
      { name: "Lamp", attributes: { colour: "red" } },
      { name: "Red" },
    ]);
    expect((await find("100"))[0]).toBe("Greeting cards");
    for (const q of ["tn-2110", "TN 2110", "tn2110"]) expect((await find(q))[0]).toBe("Toner");
    // A colour is no code.
    expect((await find("red"))[0]).toBe("Red");
    const admin = await newClient(shop, { admin: true });
    const own = { name: "Kettle", category: "Kitchen", price: 5, sku: "KT/INS-114", barcode: "4006381333931" };
    expect((await admin.post("/products", { ...own, slug: "kettle" })).status).toBe(201);
    for (const q of ["kt/ins-114", "ktins114", "4006381333931"]) expect(await find(q)).toEqual(["Kettle"]);
  });

  test("of a pasted title comes first, however long it is", async () => {
    const names = ["5M", "10M", "50M"].flatMap((length) => ["LC/LC", "LC/SC"].map((plug) => title(length, plug)));
    const { find } = await labOf(engine, names);
    for (const name of names) expect((await find(name))[0]).toBe(name);
    // Not the whole of it either: the telling words count, wherever they stand.
    expect((await find(title("50M", "LC/SC").replace("Tripp Lite ", "")))[0]).toBe(title("50M", "LC/SC"));
  });

  test("in quotes has its words side by side; a word with a minus is in no answer", async () => {
    const { full, ask } = await labOf(engine, [
      "Green tea cup",
      "Tea, green",
      { name: "Cup", description: "For green tea." },
      "Green cup",
    ]);
    expect((await full('"green tea"')).toSorted()).toEqual(["Cup", "Green tea cup"]);
    expect((await full('"green tea" cup')).toSorted()).toEqual(["Cup", "Green tea cup"]);
    expect((await full("green -tea")).toSorted()).toEqual(["Green cup"]);
    expect((await full('cup -"green tea"')).toSorted()).toEqual(["Green cup"]);
    expect((await ask("-tea")).items.length).toBeGreaterThan(0);
    for (const { name } of (await ask("green cup -tea")).items) expect(name).toBe("Green cup");
    expect((await ask('"tea cup green"')).total_exact).toBe(0);
  });

  test("is marked where it stands, and everything else is escaped", async () => {
    const { shop } = await labOf(engine, [
      { name: 'Samsung <b>Monitor</b> 27"', description: `A ${"very ".repeat(80)}good monitor & more.` },
    ]);
    const admin = await newClient(shop);
    for (const path of ["/search/products", "/search", "/products"]) {
      const { body } = await admin.get(`${path}?highlight=true&q=${encodeURIComponent("monitors 27 inch")}`);
      const { highlight } = (body.items ?? body)[0];
      expect(highlight.name).toBe("Samsung &#60;b&#62;<mark>Monitor</mark>&#60;/b&#62; <mark>27&#34;</mark>");
      expect(highlight.description).toStartWith("…");
      expect(highlight.description).toEndWith("good <mark>monitor</mark> &#38; more.");
      const plain = await admin.get(`${path}?q=monitor`);
      expect((plain.body.items ?? plain.body)[0].highlight).toBeUndefined();
    }
  });
});
