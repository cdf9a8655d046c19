import { describe, expect, test, setDefaultTimeout } from "bun:test";
import { amountsIn } from "../../src/search-index/amounts";
import { fold } from "../../src/base/text";
import { engines } from "../support/engines";
import { labOf } from "../support/lab";

setDefaultTimeout(30_000);

const termsIn = (text: string) => amountsIn(fold(text)).map(({ terms }) => terms[0]);

describe("an amount", () => {
  const spellings: string[][] = [
    ["5kg", "5 kg", "5 kilo", "5,000 g", "5000gm", "5.0 kgs", "५ किलो", "5㎏"],
    ["500 g", "0.5 kg", "0,5 kg", "½ kg", "500gms", ".5 kg", "half kg", "half a kilo", "1/2 kg"],
    ["1.5 l", "1 1/2 litre", "1½ l", "1500ml"],
    ["half dozen", "half a dozen", "6 pcs"],
    ["1500VA", "1500 va", "1.5 kVA"],
    ["3000 lumens", "3,000 ANSI lumens", "3000lm"],
    ["7200rpm", "7200 RPM"],
    ["54 Mbit/s", "54Mbps", "54 mb/s"],
    ["1ltr", "1 l", "1 litre", "1000 ml", "100 cl"],
    ['27"', "27 inch", "27-inch", "27″", "27in"],
    ["2m", "2.0 m", "200 cm", "2 metres"],
    ["16GB", "16 gb", "16 gigs"],
    ["2 dozen", "24 pcs", "24 pieces", "24 pc(s)"],
    ["6 x 330 ml", "6x330ml", "6 × 0.33 l"],
    ["5-10 kg", "5 – 10 kg", "5 kg - 10 kg", "5 to 10 kg"],
    ["2 packets", "2 packs", "2 pkts", "2pk"],
    ["1 box", "1 boxes"],
    ["6 pouches", "6 pouch"],
    ["12 bottles", "12 bottle"],
  ];
  test.each(spellings.map((same) => [same]))("is one thing in every spelling: %j", ([first = "", ...others]) => {
    const [term] = termsIn(first);
    expect(term).toBeString();
    for (const other of others) expect(termsIn(other), other).toEqual([term ?? ""]);
  });

  test.each([
    ["0.5 m", "5 m"],
    ["7.5 m", "5 m"],
    ["1.2 kg", "2 kg"],
    ["5-10 kg", "10 kg"],
    ["5-10 kg", "5 kg"],
    ["6 x 330 ml", "330 ml"],
    ["1,5 l", "5 l"],
    ["1 TB", "1 GB"],
  ])("is not another: %s is not %s", (one, other) => {
    expect(termsIn(one)).not.toEqual(termsIn(other));
  });

  test.each([
    "2 in 1 laptop",
    "TN-2110 m",
    "USB 3.0",
    "192.168.1.1",
    "10/100/1000 Ethernet",
    "half price",
    "24/7 help",
    "1440 x 900 pixels",
    "iphone15",
    "a4 paper",
    "hp 85a",
  ])("is not in %s", (text) => {
    expect(termsIn(text)).toEqual([]);
  });
});

describe.each(engines)("amounts on $name", (engine) => {
  test("beside a word that things have, rather than are called, finds what has it in that amount first", async () => {
    const { find } = await labOf(engine, [
      ...Array.from({ length: 20 }, (_, at) => ({
        name: `Notebook X${at}, 8 GB`,
        description: "Fast, with enough RAM for all you do.",
      })),
      { name: "Tower Pro, 16 GB", description: "A computer with more RAM than others." },
      { name: "RAM bracket" },
      { name: "Lemon, 500 g" },
      { name: "Detergent, 1 kg", description: "Smells of lemon." },
    ]);
    expect((await find("16gb ram")).slice(0, 2)).toEqual(["Tower Pro, 16 GB", "RAM bracket"]);
    expect((await find("lemon 1kg"))[0]).toBe("Lemon, 500 g");
  });

  test("are found in both spellings, either way", async () => {
    const { full } = await labOf(engine, ["16 GB module", "16GB module kit", "Flour 5kg", "Rice 5 kg"]);
    for (const q of ["16gb", "16 gb"]) expect((await full(q)).toSorted()).toEqual(["16 GB module", "16GB module kit"]);
    for (const q of ["5kg", "5 kg", "5 kilo"]) expect((await full(q)).toSorted()).toEqual(["Flour 5kg", "Rice 5 kg"]);
    expect(await full("rice 5kg")).toEqual(["Rice 5 kg"]);
    expect(await full("flour 5 kg")).toEqual(["Flour 5kg"]);
  });

  test("with units of any spelling come first, other amounts follow and say so", async () => {
    const { ask, find } = await labOf(engine, ["Sugar 1 kg", "Sugar 0.5 kg", "Sugar 500 g", "Salt 500 g"]);
    for (const q of ["sugar 500gm", "sugar 500 gms", "sugar 0.5kg", "sugar ½ kg", "sugar 500g"]) {
      const { items, total_exact, relaxed_from } = await ask(q);
      expect(
        items
          .slice(0, 2)
          .map(({ name }) => name)
          .toSorted(),
      ).toEqual(["Sugar 0.5 kg", "Sugar 500 g"]);
      expect({ total_exact, relaxed_from }).toEqual({ total_exact: 2, relaxed_from: 2 });
      expect(items[2]).toMatchObject({ name: "Sugar 1 kg", relaxed: true, matched_words: ["sugar"] });
    }
    expect((await find("sugar"))[0]).toStartWith("Sugar");
  });

  test("with a decimal are not matched by its end", async () => {
    const lines = ["Cat 6 cable 0.5 m", "Cat 6 cable 7.5m", "Cat 6 cable 5.0m", "Cat 6 cable 5,00 m", "Cat 6 cable 5m"];
    const { full } = await labOf(engine, lines);
    expect((await full("cat 6 cable 5m")).toSorted()).toEqual(lines.slice(2).toSorted());
    expect(await full("cat 6 cable .5 m")).toEqual(["Cat 6 cable 0.5 m"]);
  });

  test("in packets, bottles and boxes are given up before the thing itself", async () => {
    const { ask, full } = await labOf(engine, [
      "Tea bags, 25 bags",
      "Tea bags, 100 bags",
      "Orange juice, 6 bottles",
      { name: "Serving tray", description: "For a bottle, a box and a packet of juice." },
      "Empty bottle",
    ]);
    expect(await full("tea bags 25 bag")).toEqual(["Tea bags, 25 bags"]);
    expect(await full("orange juice 6 bottle")).toEqual(["Orange juice, 6 bottles"]);
    for (const q of ["2 bottles orange juice", "orange juice 1 packet", "juice 3 boxes"])
      expect((await ask(q)).items[0], q).toMatchObject({ name: "Orange juice, 6 bottles", relaxed: true });
    expect(await full("bottles")).toContain("Orange juice, 6 bottles");
  });

  test("with a minus before them are in no answer; alone the minus is only a sign", async () => {
    const { full } = await labOf(engine, ["Rice 1 kg", "Rice 5 kg", "Rice 10 kg", "Rice 5000 g"]);
    expect((await full("rice -5kg")).toSorted()).toEqual(["Rice 1 kg", "Rice 10 kg"]);
    expect((await full("-10 kg rice")).toSorted()).toEqual(["Rice 1 kg", "Rice 5 kg", "Rice 5000 g"]);
    expect(await full("-10kg")).toEqual(["Rice 10 kg"]);
  });

  test("that are ranges are not matched by their ends", async () => {
    const { full } = await labOf(engine, ["Cat litter 5-10 kg", "Cat litter 10 kg", "Cat litter 5 kg"]);
    expect(await full("cat litter 10 kg")).toEqual(["Cat litter 10 kg"]);
    expect(await full("cat litter 5kg")).toEqual(["Cat litter 5 kg"]);
    expect(await full("cat litter 5 – 10 kg")).toEqual(["Cat litter 5-10 kg"]);
  });

  test("of several packs are not one of them, which is found by its amount too", async () => {
    const { full } = await labOf(engine, ["Cola 6 x 330 ml", "Cola 330 ml", "Cola 2 l"]);
    expect(await full("cola 6x330ml")).toEqual(["Cola 6 x 330 ml"]);
    expect((await full("cola 33cl")).toSorted()).toEqual(["Cola 330 ml", "Cola 6 x 330 ml"]);
  });

  test("are given up before the thing itself", async () => {
    const { ask } = await labOf(engine, [
      "Milk 1 l",
      "White eggs 6 pieces",
      { name: "Detergent 1 kg", description: "It smells of lemon." },
      "Lemon 4 pieces",
      "Monitor 22 inch",
      "Cable 27 inch",
    ]);
    expect((await ask("1 dozen eggs")).items[0]).toMatchObject({ name: "White eggs 6 pieces", relaxed: true });
    expect((await ask("lemon 1kg")).items[0]).toMatchObject({ name: "Lemon 4 pieces", relaxed: true });
    expect((await ask("27 inch monitor")).items[0]?.name).toBe("Monitor 22 inch");
  });
});

describe.each(engines)("a version on $name", (engine) => {
  test("is no number of things, and is found without its zero", async () => {
    const { full, suggest } = await labOf(engine, [
      "HDMI splitter with 2 ports",
      "HDMI 2.0 cable",
      "HDMI 2.1 cable",
      "USB 3.0 hub",
      "USB 2.0 hub with 3 ports",
      "Fan of 3,000 turns",
    ]);
    expect(await full("hdmi 2.0")).toEqual(["HDMI 2.0 cable"]);
    expect((await full("hdmi 2")).toSorted()).toEqual(["HDMI 2.0 cable", "HDMI splitter with 2 ports"]);
    expect(await full("usb 3.0")).toEqual(["USB 3.0 hub"]);
    for (const q of ["fan 3000", "fan 3,000"]) expect(await full(q)).toEqual(["Fan of 3,000 turns"]);
    expect(await suggest("hdmi 2.0")).toEqual(["HDMI 2.0 cable"]);
  });
});
