import { beforeAll, describe, expect, test, setDefaultTimeout } from "bun:test";
import { addSynonyms } from "../../src/search/synonyms";
import { clientOf } from "../support/client";
import { engines } from "../support/engines";
import { labOf, type SearchAnswer } from "../support/lab";

setDefaultTimeout(30_000);

const names = ({ items }: SearchAnswer) => items.map(({ name }) => name);

const GHEE = [
  { name: "Cow Ghee 1 l", price: 699, category: "Oils", attributes: { brand: "Tilsara", organic: true } },
  { name: "Cow Ghee 500 ml", price: 359, category: "Oils", attributes: { brand: "Tilsara", organic: false } },
  { name: "Buffalo Ghee 500 ml", price: 330, category: "Oils", attributes: { brand: "Ghanivat", organic: true } },
  { name: "Cow Milk 1 l", price: 56, category: "Dairy", attributes: { brand: "Amber" } },
  { name: "Cow Bell", price: 5, category: "Toys" },
  { name: "Turmeric Powder", price: 40, category: "Spices" },
  { name: "Detergent Powder", price: 20, category: "Laundry" },
];

describe.each(engines)("the line between full and looser answers on $name", (engine) => {
  let lab: Awaited<ReturnType<typeof labOf>>;

  beforeAll(async () => {
    lab = await labOf(engine, GHEE);
  });

  test("is never crossed by an order of its own", async () => {
    expect((await lab.find("cow ghee", "&sort=price_asc")).slice(0, 2)).toEqual(["Cow Ghee 500 ml", "Cow Ghee 1 l"]);
    for (const sort of ["price_asc", "price_desc", "newest", "name", "popular"]) {
      const { items, total_exact, relaxed_from } = await lab.ask("cow ghee", `&sort=${sort}`);
      expect({ total_exact, relaxed_from }).toEqual({ total_exact: 2, relaxed_from: 2 });
      expect(items.map(({ relaxed }) => relaxed === true)).toEqual([false, false, ...items.slice(2).map(() => true)]);
      expect(items.length).toBeGreaterThan(2);
    }
    const looser = (await lab.ask("cow ghee", "&sort=price_asc")).items.slice(2).map(({ price }) => price);
    expect(looser).toEqual(looser.toSorted((a, b) => a - b));
  });

  test("is told by the number of full answers, and each looser one by the words that it has", async () => {
    const { total, items, total_exact, matched_words } = await lab.ask("cow ghee");
    expect(total_exact).toBe(2);
    expect(total).toBe(items.length);
    expect(matched_words).toEqual(["cow", "ghee"]);
    expect(items.find(({ name }) => name === "Buffalo Ghee 500 ml")).toMatchObject({ matched_words: ["ghee"] });
    expect(items.find(({ name }) => name === "Cow Milk 1 l")).toMatchObject({ matched_words: ["cow"] });
  });

  test("holds for the pages: every answer is on one of them", async () => {
    const whole = await lab.ask("cow ghee");
    const paged: string[] = [];
    for (let skip = 0; skip < whole.total; skip += 2) {
      const { body } = await clientOf(lab.shop).get(`/search/products?q=cow+ghee&limit=2&skip=${skip}`);
      expect(body.total).toBe(whole.total);
      paged.push(...names(body));
    }
    expect(paged).toEqual(names(whole));
  });

  test("is kept by facets and filters: they count full answers alone, and a filter only takes away", async () => {
    const { facets } = await lab.ask("cow ghee");
    expect(facets.category).toEqual([{ value: "Oils", count: 2 }]);
    expect(facets.attributes["brand"]).toEqual([{ value: "Tilsara", count: 2 }]);
    expect(facets.price).toEqual({ min: 359, max: 699 });
    expect(names(await lab.ask("cow ghee", "&category=Oils")).toSorted()).toEqual(["Cow Ghee 1 l", "Cow Ghee 500 ml"]);
    expect(await lab.ask("cow ghee", "&category=Dairy")).toMatchObject({ total: 0, items: [] });
    expect(await lab.ask("cow ghee", "&attr.organic=true")).toMatchObject({ total: 1, total_exact: 1 });
  });

  test("a word that no product has is said, and what has the rest is no full answer", async () => {
    const answer = await lab.ask("haldi powder");
    expect(answer).toMatchObject({
      ignored_words: ["haldi"],
      matched_words: ["powder"],
      total_exact: 0,
      relaxed_from: 0,
    });
    expect(answer.corrected_query).toBeNull();
    expect(answer.items.every(({ relaxed }) => relaxed === true)).toBe(true);
    expect(answer.total).toBe(answer.items.length);
    expect(await lab.ask("haldi powder", "&category=Spices")).toMatchObject({ total: 1 });
  });

  test("a brand that the shop does not carry is said, and the kind of thing is shown", async () => {
    expect(await lab.ask("amul milk")).toMatchObject({ ignored_words: ["amul"], items: [{ name: "Cow Milk 1 l" }] });
  });

  test("numbers and single letters alone answer nothing", async () => {
    expect(await lab.ask("zeppelin 1 l")).toMatchObject({ total: 0, items: [], ignored_words: ["zeppelin"] });
  });

  test("of a full answer all words are matched and none is ignored", async () => {
    expect(await lab.ask("cow ghee 1 l")).toMatchObject({ matched_words: ["cow", "ghee", "1 l"], ignored_words: [] });
  });
});

describe.each(engines)("what is left out of a search on $name", (engine) => {
  test("is a word of many descriptions before a kind of thing", async () => {
    const { find } = await labOf(engine, [
      "Purple cable",
      "Mechanical arm",
      "Wireless keyboard",
      { name: "Toy", description: "A purple mechanical thing." },
    ]);
    expect((await find("purple mechanical keyboard"))[0]).toBe("Wireless keyboard");
  });

  test("is one word of four where all others stand in a name", async () => {
    const { find } = await labOf(engine, [
      { name: "Laser printer", description: "A switch to save power.", attributes: { works_with: "cisco, 24 ports" } },
      "Cisco console cable",
      "Network switch 24 port",
      "Network switch 8 port",
    ]);
    expect((await find("cisco switch 24 port"))[0]).toBe("Network switch 24 port");
  });

  test("are function words: they are found, and nothing waits for them", async () => {
    const { full, ask } = await labOf(engine, [
      "Ben aid",
      "Jerrys kit",
      "Fish & chips",
      "Ben & Jerry's",
      "M & M chocolate",
    ]);
    expect(await full("fish and chips")).toEqual(["Fish & chips"]);
    expect(await full("ben and jerrys")).toEqual(["Ben & Jerry's"]);
    expect(await full("m and m")).toEqual(["M & M chocolate"]);
    expect((await ask("ben and jerrys")).corrected_query).toBeNull();
    expect((await ask("fish and chips")).ignored_words).toEqual([]);
  });

  test("are not even function words where they are all there is", async () => {
    const { find } = await labOf(engine, ["The Who", "A hat"]);
    expect((await find("the who"))[0]).toBe("The Who");
  });
});

describe.each(engines)("facets on $name", (engine) => {
  test("count without their own filter, and take several values", async () => {
    const lines = [
      { name: "Red shirt", attributes: { colour: "red", size: "M" }, category: "Men" },
      { name: "Blue shirt", attributes: { colour: "blue", size: "M" }, category: "Men" },
      { name: "Green shirt", attributes: { colour: "green", size: "L" }, category: "Women" },
    ];
    const { ask } = await labOf(engine, lines);
    const { facets, total } = await ask("shirt", "&attr.colour=red");
    expect(total).toBe(1);
    expect(facets.attributes["colour"]?.map(({ value, count }) => `${value} ${count}`).toSorted()).toEqual([
      "blue 1",
      "green 1",
      "red 1",
    ]);
    expect(facets.attributes["size"]).toEqual([{ value: "M", count: 1 }]);
    expect((await ask("shirt", "&attr.colour=red,blue")).total).toBe(2);
    expect((await ask("shirt", "&category=Men,Women&attr.size=M")).total).toBe(2);
    expect((await ask("shirt", "&category=Men")).facets.category).toHaveLength(2);
    expect((await ask("shirt", "&max_price=5")).facets.price).toEqual({ min: 10, max: 10 });
  });

  test("count each value of a list, and find by any of them", async () => {
    const { ask } = await labOf(engine, [
      { name: "Mixed bag", attributes: { contains: ["nuts", "milk"], code: "[x" } },
      { name: "Nut bag", attributes: { contains: ["nuts"] } },
      { name: "Plain bag", attributes: { contains: "nuts" } },
    ]);
    const { facets } = await ask("bag");
    expect(facets.attributes["contains"]).toEqual([
      { value: "nuts", count: 3 },
      { value: "milk", count: 1 },
    ]);
    expect((await ask("bag", "&attr.contains=nuts")).total).toBe(3);
    expect((await ask("bag", "&attr.contains=milk")).total).toBe(1);
    expect((await ask("bag", "&attr.contains=milk,soy")).total).toBe(1);
    expect((await ask("bag", `&attr.code=${encodeURIComponent("[x")}`)).total).toBe(1);
  });

  test("are exact for as many answers as any search has, and choosing one shows as many", async () => {
    const lines = Array.from({ length: 1_200 }, (_, n) => ({
      name: `Toner no. ${n}`,
      attributes: { brand: n % 3 === 0 ? "Amber" : "Birch" },
    }));
    const { ask } = await labOf(engine, lines);
    const { facets, facets_estimated } = await ask("toner");
    expect(facets_estimated).toBe(false);
    expect(facets.attributes["brand"]).toEqual([
      { value: "Birch", count: 800 },
      { value: "Amber", count: 400 },
    ]);
    expect((await ask("toner", "&attr.brand=Amber")).total).toBe(400);
  }, 60_000);
});

describe.each(engines)("of two words on $name", (engine) => {
  test("one says what an answer is; where both are only said of it, it follows, unless there is no other", async () => {
    const { ask, full } = await labOf(engine, [
      "Turmeric powder",
      { name: "Turmeric", description: "A powder." },
      { name: "Stain remover", description: "This powder takes turmeric out." },
      { name: "Lamp", description: "With a lightning rod and a cable." },
    ]);
    const { items, total_exact } = await ask("turmeric powder");
    expect(items.map(({ name }) => name)).toEqual(["Turmeric powder", "Turmeric", "Stain remover"]);
    expect({ total_exact, last: items[2]?.relaxed }).toEqual({ total_exact: 2, last: true });
    expect(await full("lightning cable")).toEqual(["Lamp"]);
  });

  test("one is given up before the amount, where names have the other with it", async () => {
    const { ask } = await labOf(engine, [
      { name: "Memory module DDR4 8 GB", category: "Parts" },
      { name: "Memory module DDR4 16 GB", category: "Parts" },
      { name: "Ram mount", category: "Mounts" },
      { name: "Notebook", category: "Computers", description: "With DDR4 RAM." },
      { name: "Filter coffee 200 g", category: "Coffee" },
      { name: "Filter coffee 500 g", category: "Coffee" },
      { name: "Chilli powder 200 g", category: "Spices" },
    ]);
    expect((await ask("8gb ddr4 ram")).items[0]).toMatchObject({ name: "Memory module DDR4 8 GB", relaxed: true });
    // A brand stays, whatever others have that amount.
    const screens = await labOf(engine, [
      {
        name: "Visiona S24 24 inch",
        category: "Electronics",
        attributes: { brand: "Visiona" },
        description: "A screen.",
      },
      { name: "Visiona S27", category: "Electronics", attributes: { brand: "Visiona" }, description: "A monitor." },
      { name: "Other monitor 24 inch", category: "Electronics", attributes: { brand: "Other" } },
    ]);
    const screen = await screens.find("visiona 24 inch monitor");
    expect(screen.toSorted()).toEqual(["Visiona S24 24 inch", "Visiona S27"]);
    // What names a kind of thing stays.
    const coffee = await ask("coffee powder 200g");
    expect(coffee.items[0]).toMatchObject({ name: "Filter coffee 200 g", relaxed: true });
    expect(coffee.items.map(({ name }) => name)).not.toContain("Chilli powder 200 g");
  });

  test("and of a phrase with synonyms the thing stays, also beside words that nobody has", async () => {
    const { shop, ask } = await labOf(engine, [
      { name: "Bin bags, 30 pieces", category: "Kitchen" },
      { name: "Nappy pants large", category: "Baby" },
      { name: "Garden towel", category: "Kitchen" },
      { name: "Goda masala", category: "Masalas" },
      { name: "Garam masala", category: "Masalas" },
      { name: "Biryani masala", category: "Masalas" },
    ]);
    await addSynonyms(shop, ["garbage bags"], ["bin bags"]);
    const { items } = await ask("garbage bag large");
    expect(items[0]).toMatchObject({ name: "Bin bags, 30 pieces", relaxed: true });
    expect((await ask("kitchen king masala")).items[0]?.name).toEndWith("masala");
  });
});

describe.each(engines)("a category of several kinds on $name", (engine) => {
  const GRAINS = [
    { name: "Kolam Rice, 5 kg", price: 335, category: "Flour, Rice and Grains" },
    { name: "Basmati Rice, 5 kg", price: 729, category: "Flour, Rice and Grains" },
    { name: "Kolam Rice, 1 kg", price: 70, category: "Flour, Rice and Grains" },
    { name: "Wheat Flour, 5 kg", price: 242, category: "Flour, Rice and Grains" },
    { name: "Quinoa, 500 g", price: 189, category: "Flour, Rice and Grains" },
    { name: "Surmai Steaks, 500 g", price: 649, category: "Meat and Fish" },
    { name: "Banana, 6 pieces", price: 42, category: "Fresh Fruits" },
  ];

  test("does not say which of them a product is: flour of that amount is no answer to rice", async () => {
    const { ask, full } = await labOf(engine, GRAINS);
    for (const sort of ["", "&sort=price_asc", "&sort=newest"]) {
      const { items, total_exact } = await ask("rice 5kg", sort);
      expect(
        names({ items } as SearchAnswer)
          .slice(0, total_exact)
          .toSorted(),
      ).toEqual(["Basmati Rice, 5 kg", "Kolam Rice, 5 kg"]);
      expect(items.find(({ name }) => name === "Wheat Flour, 5 kg")).toMatchObject({ relaxed: true });
    }
    expect((await ask("rice")).items.map(({ name }) => name)).toContain("Quinoa, 500 g");
    expect((await full("rice")).toSorted()).toEqual(["Basmati Rice, 5 kg", "Kolam Rice, 1 kg", "Kolam Rice, 5 kg"]);
  });

  test("says it where no name does, and where it is asked for as a whole", async () => {
    const { full } = await labOf(engine, GRAINS);
    expect(await full("fish")).toEqual(["Surmai Steaks, 500 g"]);
    expect(await full("grains")).toHaveLength(5);
    expect(await full("Flour, Rice and Grains")).toHaveLength(5);
    expect(await full("fruits")).toEqual(["Banana, 6 pieces"]);
  });
});

describe.each(engines)("a word that names a thing on $name", (engine) => {
  test("is answered by what is called so; what only speaks of it follows, in every order", async () => {
    const { ask, full, shop } = await labOf(engine, [
      { name: "Assam Tea, 500 g", price: 250 },
      { name: "Dust Tea, 250 g", price: 98 },
      { name: "Tea Strainer", price: 40 },
      { name: "Toned Milk, 500 ml", price: 29, description: "For tea and coffee." },
      { name: "Cotton Shirt", price: 500 },
      { name: "Summer Dress", price: 400, description: "Of cotton." },
    ]);
    for (const sort of ["price_asc", "price_desc", "newest", "name"]) {
      const { items, total_exact } = await ask("tea", `&sort=${sort}`);
      expect([total_exact, items.at(-1)?.name, items.at(-1)?.relaxed]).toEqual([3, "Toned Milk, 500 ml", true]);
    }
    // Nothing here is a cotton.
    expect((await full("cotton")).toSorted()).toEqual(["Cotton Shirt", "Summer Dress"]);
    await addSynonyms(shop, ["chai"], ["tea"]);
    expect(await full("chai")).toHaveLength(3);
  });
});
