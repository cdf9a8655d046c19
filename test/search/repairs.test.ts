import { beforeAll, describe, expect, test, setDefaultTimeout } from "bun:test";
import { addSynonyms } from "../../src/search/synonyms";
import { engines } from "../support/engines";
import { type Line, labOf } from "../support/lab";

setDefaultTimeout(30_000);

const many = (name: string, times: number): Line[] => Array.from({ length: times }, (_, n) => `${name} no. ${n}`);

const GROCERY: Line[] = [
  { name: "Desk lamp", description: "For days and nights." },
  { name: "Hair oil", description: "Pale and light; turn the cap." },
  { name: "Office chair", description: "Best by a desk, and elsewhere." },
  "Fruit cake",
  "Kabuli chana",
  "Bottle gourd",
  "Moong dal",
  "Conal Toy",
  "Ghee",
  "Naan pan",
  "Greener cleaner",
  "Ndrive stick",
];

describe.each(engines)("a repair on $name", (engine) => {
  let lab: Awaited<ReturnType<typeof labOf>>;

  beforeAll(async () => {
    lab = await labOf(engine, GROCERY);
  });

  test.each(["ande", "lays", "coke", "chawal", "parle", "nimbu pani", "conan", "greece", "pendrive", "lal mirch"])(
    "is not made of %s, which is another word; the miss is said",
    async (q) => {
      const { corrected_query, ignored_words, total_exact } = await lab.ask(q);
      expect({ corrected_query, total_exact }).toEqual({ corrected_query: null, total_exact: 0 });
      expect(ignored_words.length).toBeGreaterThan(0);
    },
  );

  test("of one word of several leaves the others as they are", async () => {
    expect(await lab.ask("desi ghee")).toMatchObject({
      corrected_query: null,
      ignored_words: ["desi"],
      items: [{ name: "Ghee" }],
    });
    expect((await lab.ask("tur dal")).corrected_query).toBeNull();
  });

  test("that is not sure is offered, not made", async () => {
    expect(await lab.ask("coke")).toMatchObject({ did_you_mean: "cake", corrected_query: null, items: [] });
    expect((await lab.ask("fruit coke")).did_you_mean).toBeNull();
    expect((await lab.ask("fruit coke")).corrected_query).toBe("fruit cake");
    expect((await lab.ask("zzzzzz")).did_you_mean).toBeNull();
  });
});

describe.each(engines)("misspellings on $name", (engine) => {
  test("does not make a thing of two short words that nobody has and that fit nothing together", async () => {
    const { ask } = await labOf(engine, [
      ...Array.from({ length: 8 }, (_, at) => `Chakki Atta, ${at + 1} kg`),
      { name: "Turmeric Powder", attributes: { brand: "Tejvan" } },
    ]);
    expect(await ask("tej patta")).toMatchObject({ total: 0, corrected_query: null, ignored_words: ["tej", "patta"] });
    expect((await ask("tej tumeric")).items[0]?.name).toBe("Turmeric Powder");
    expect((await ask("chaki ata")).items[0]?.name).toContain("Atta");
  });

  test("that are written as they sound are mended, however many letters they are apart", async () => {
    const { ask } = await labOf(engine, [
      ...many("Biscuit", 30),
      ...many("Detergent powder", 30),
      ...many("Caffeine drink", 30),
      "Kayaque",
    ]);
    for (const [typed, meant] of [
      ["bisket", "biscuit"],
      ["biskut", "biscuit"],
      ["ditarjent", "detergent"],
      ["kafeene drink", "caffeine drink"],
    ] as const) {
      expect([typed, (await ask(typed)).corrected_query]).toEqual([typed, meant]);
    }
    // Of five letters too, where many are called so.
    const { ask: askOther, find } = await labOf(engine, [...many("Laser printer", 30), "Inkjet printer"]);
    for (const typed of ["lazer printer", "lazor printer", "lasur printer", "lazor"])
      expect([typed, (await askOther(typed)).corrected_query]).toEqual([typed, typed.replace(/la\w+/, "laser")]);
    expect((await find("lazor printer"))[0]).toStartWith("Laser printer");
    // One product with that word is not enough to be sure.
    expect((await ask("caiack")).corrected_query).toBeNull();
  });

  test("of what many names say are mended", async () => {
    const { ask } = await labOf(engine, [
      ...many("Wireless keyboard", 30),
      ...many("Bluetooth headphones", 30),
      ...many("Radio", 30),
    ]);
    for (const [typed, meant] of [
      ["wireles keybord", "wireless keyboard"],
      ["wirelss", "wireless"],
      ["headfones", "headphones"],
      ["hedphones", "headphones"],
      ["keyboared", "keyboard"],
      ["jeyboard", "keyboard"],
      ["rado", "radio"],
      ["blutooth hedphone", "bluetooth headphones"],
    ] as const) {
      expect([typed, (await ask(typed)).corrected_query]).toEqual([typed, meant]);
    }
  });

  test("of three letters are mended only beside a word that tells", async () => {
    const { ask } = await labOf(engine, many("Memory card", 5));
    expect((await ask("memory crd")).corrected_query).toBe("memory card");
    expect((await ask("crd")).corrected_query).toBeNull();
  });

  test("are taken for what fits the other words first", async () => {
    const { ask } = await labOf(engine, ["Green mugs", "Brown rugs", "Brown rugs wide"]);
    expect((await ask("green jugs")).corrected_query).not.toBe("green rugs");
    const fitting = await labOf(engine, [
      "Silver spoon",
      "Silver spool rack",
      ...many("Golden spool", 4),
      "Soup spoon",
    ]);
    expect((await fitting.ask("soup spoom")).corrected_query).toBe("soup spoon");
  });

  test("are taken for what stands beside the other words in names, or as one with them", async () => {
    const { ask } = await labOf(engine, [
      ...many("Power back plate", 3),
      ...many("Back cover", 20),
      "Power bank",
      "Smartwatch",
      "Garden watch",
    ]);
    expect((await ask("power banj")).corrected_query).toBe("power bank");
    expect((await ask("smart wacth")).items.map(({ name }) => name)).toContain("Smartwatch");
  });

  test("lose or double a first letter sooner than they have another", async () => {
    const { ask } = await labOf(engine, [...many("Potato", 6), ...many("Kettle", 6)]);
    expect((await ask("otato")).corrected_query).toBe("potato");
    expect((await ask("kkettle")).corrected_query).toBe("kettle");
    expect((await ask("metal")).corrected_query).toBeNull();
  });

  test("are not made of a brand that the shop does not carry, where the rest names a kind of thing", async () => {
    const { ask } = await labOf(engine, [
      ...many("Base plate", 25),
      ...many("Wooden beads", 12),
      ...many("Razor", 12),
      ...many("Loud speaker", 3),
      ...many("Headphones", 3),
    ]);
    for (const [typed, brand] of [
      ["bose speaker", "bose"],
      ["beats headphones", "beats"],
      ["razer headphones", "razer"],
    ] as const) {
      const { corrected_query, did_you_mean, ignored_words, items } = await ask(typed);
      expect({ corrected_query, did_you_mean, ignored_words }).toEqual({
        corrected_query: null,
        did_you_mean: null,
        ignored_words: [brand],
      });
      expect(items).toHaveLength(3);
    }
    expect((await ask("bose")).items).toEqual([]);
  });

  test("of equally near words are taken for those that more names have, too", async () => {
    const { find } = await labOf(engine, ["Chromebox", ...many("Chromebook", 12)]);
    expect(await find("chromeboox")).toHaveLength(13);
  });

  test("a letter before a word is rather a slip than a word of its own", async () => {
    const { ask } = await labOf(engine, [...many("USB cable", 30), "A USB stick"]);
    expect((await ask("ausb")).total_exact).toBeGreaterThan(20);
  });

  test("a word in the middle of a search is rather misspelt than unfinished", async () => {
    const { ask } = await labOf(engine, [...many("Printer paper", 12), "Printers guide"]);
    expect((await ask("printr paper")).corrected_query).toBe("printer paper");
  });

  test("are not taken for another form of the word in a description, nor short ones for synonyms by another letter", async () => {
    const { shop, ask } = await labOf(engine, [
      { name: "White eggs", description: "Washed and candled." },
      ...many("Toor dal", 5),
    ]);
    await addSynonyms(shop, ["arhar"], ["toor"]);
    for (const q of ["candles", "achar"])
      expect(await ask(q)).toMatchObject({ corrected_query: null, ignored_words: [q], items: [] });
    expect((await ask("arhaar")).corrected_query).toBe("arhar");
  });

  test("of rare words are also looked up as what they look like", async () => {
    const { find } = await labOf(engine, ["Moose plush", ...many("Mouse pad", 40)]);
    const found = await find("moose");
    expect(found[0]).toBe("Moose plush");
    expect(found.length).toBeGreaterThan(1);
  });
});

describe.each(engines)("a word that few products have on $name", (engine) => {
  test("is also looked up as the two words that many have, and what may be meant is said", async () => {
    const { ask } = await labOf(engine, ["Harddisk case", ...many("Hard disk", 15), "Flash stick, 2 TB"]);
    const answer = await ask("harddisk 2tb");
    expect(answer).toMatchObject({ corrected_query: null, did_you_mean: "hard disk 2tb", total_exact: 0 });
    expect(answer.items.length).toBeGreaterThan(10);
    expect(answer.items[0]?.matched_words).toEqual(["harddisk"]);
  });
});

describe.each(engines)("synonyms on $name", (engine) => {
  test("stand below the word itself", async () => {
    const { shop, find } = await labOf(engine, ["Milk bread", "Brown bread", "Bread flour bread", "Ladi pav"]);
    await addSynonyms(shop, ["pav", "bread"]);
    expect((await find("pav"))[0]).toBe("Ladi pav");
    expect(await find("pav")).toHaveLength(4);
  });

  test("may go one way", async () => {
    const { shop, full } = await labOf(engine, ["Turmeric powder", "Haldi soap"]);
    await addSynonyms(shop, ["haldi"], ["turmeric"]);
    expect((await full("haldi")).toSorted()).toEqual(["Haldi soap", "Turmeric powder"]);
    expect(await full("turmeric")).toEqual(["Turmeric powder"]);
  });

  test("of several words are known", async () => {
    const { shop, full } = await labOf(engine, ["Cola can", "Lady finger"]);
    await addSynonyms(shop, ["soft drink"], ["cola"]);
    await addSynonyms(shop, ["okra"], ["lady finger"]);
    expect(await full("soft drinks")).toEqual(["Cola can"]);
    expect(await full("okra")).toEqual(["Lady finger"]);
  });

  test("of several words are known when they are misspelt, and words that products have stay what they are", async () => {
    const { shop, ask } = await labOf(engine, [
      "Cola can",
      "Chilli powder",
      "Powder puff",
      "Capsicum",
      "Cold pack",
      "Marsh mallow",
    ]);
    await addSynonyms(shop, ["cold drink"], ["cola"]);
    await addSynonyms(shop, ["lal mirch"], ["chilli"]);
    await addSynonyms(shop, ["shimla mirch"], ["capsicum"]);
    for (const [typed, meant, found] of [
      ["cold drnk", "cold drink", "Cola can"],
      ["lal mirchh powder", "lal mirch powder", "Chilli powder"],
      ["laal mirch", "lal mirch", "Chilli powder"],
      ["simla mrich", "shimla mirch", "Capsicum"],
    ] as const) {
      const { corrected_query, items, ignored_words, total_exact } = await ask(typed);
      expect([typed, corrected_query, items[0]?.name, total_exact]).toEqual([typed, meant, found, 1]);
      expect(ignored_words).toEqual([]);
    }
    expect((await ask("cold pack")).corrected_query).toBeNull();
    expect((await ask("lal marsh")).corrected_query).toBeNull();
  });

  test("are known to repairs and to suggestions", async () => {
    const { shop, full, suggest } = await labOf(engine, [
      "Turmeric powder",
      "Lady finger",
      "Basmati rice",
      "Chana dal",
      "Ladi pav",
    ]);
    await addSynonyms(shop, ["haldi"], ["turmeric"]);
    await addSynonyms(shop, ["okra"], ["lady finger"]);
    await addSynonyms(shop, ["chawal"], ["rice"]);
    for (const [typed, found] of [
      ["haldii", "Turmeric powder"],
      ["hladi", "Turmeric powder"],
      ["okara", "Lady finger"],
      ["chaval", "Basmati rice"],
    ] as const) {
      expect([typed, await full(typed)]).toEqual([typed, [found]]);
    }
    for (const typed of ["hald", "haldi", "hal"]) expect(await suggest(typed)).toEqual(["Turmeric powder"]);
    expect(await suggest("okr")).toEqual(["Lady finger"]);
  });
});

describe.each(engines)("a short word on $name", (engine) => {
  test("with another beginning is no second slip of it", async () => {
    const { ask } = await labOf(engine, ["Paint rollers", "Foam rollers", "Wide rollers", "Paper bag"]);
    const { corrected_query, ignored_words } = await ask("dollars");
    expect({ corrected_query, ignored_words }).toEqual({ corrected_query: null, ignored_words: ["dollars"] });
    expect((await ask("rolers")).corrected_query).toBe("rollers");
  });
});
