import { describe, expect, test, setDefaultTimeout } from "bun:test";
import { fold } from "../../src/base/text";
import { stemsOf } from "../../src/search-index/stem";
import { engines } from "../support/engines";
import { labOf } from "../support/lab";

setDefaultTimeout(30_000);

describe.each(engines)("letters and words on $name", (engine) => {
  test("signs are no letters", async () => {
    const { find, full } = await labOf(engine, [
      "LumaTech cap",
      "LumaTech™ T-Shirt",
      "Velocity™ HDMI cable",
      "Zero cola",
      "Coca-Cola™ Zero",
      "Room №5 key",
      "Area 10² m",
    ]);
    expect((await full("lumatech")).toSorted()).toEqual(["LumaTech cap", "LumaTech™ T-Shirt"]);
    expect((await find("t-shirt lumatech"))[0]).toBe("LumaTech™ T-Shirt");
    expect(await full("velocity hdmi cable")).toEqual(["Velocity™ HDMI cable"]);
    expect(await full("velocitytm")).not.toContain("Velocity™ T-Shirt");
    expect((await full("cola")).toSorted()).toEqual(["Coca-Cola™ Zero", "Zero cola"]);
    expect(await full("room 5")).toEqual(["Room №5 key"]);
    expect(await full("102")).toEqual([]);
  });

  test("plurals and singulars find each other", async () => {
    const pairs = [
      ["tomatoes", "tomato"],
      ["potatoes", "potato"],
      ["mangoes", "mango"],
      ["heroes", "hero"],
      ["cookies", "cookie"],
      ["brownies", "brownie"],
      ["pies", "pie"],
      ["ties", "tie"],
      ["batteries", "battery"],
      ["buses", "bus"],
      ["knives", "knife"],
      ["loaves", "loaf"],
      ["shelves", "shelf"],
      ["mice", "mouse"],
      ["women", "woman"],
      ["children", "child"],
      ["shoes", "shoe"],
      ["canoes", "canoe"],
      ["olives", "olive"],
      ["headaches", "headache"],
      ["axes", "axe"],
      ["lenses", "lens"],
      ["sizes", "size"],
      ["glasses", "glass"],
    ] as const;
    const { full } = await labOf(
      engine,
      pairs.flatMap(([many, one]) => [`Red ${many}`, `Blue ${one}`]),
    );
    for (const [many, one] of pairs) {
      for (const q of [many, one]) expect((await full(q)).toSorted(), q).toEqual([`Blue ${one}`, `Red ${many}`]);
    }
  });

  test("what only looks like a plural is none", async () => {
    const { full } = await labOf(engine, ["Gas stove", "Ga station", "Lens cap", "Canvas bag"]);
    expect(await full("gas")).toEqual(["Gas stove"]);
    expect(await full("canvas")).toEqual(["Canvas bag"]);
  });

  test("characters that are not seen are nothing, and nothing is corrected for them", async () => {
    const { ask } = await labOf(engine, [
      "क्‍षत्रि‍य मसाला",
      "Zero\u200bwidth",
      "Soft\u00adhyphen",
      "Word\u2060joiner",
    ]);
    for (const q of ["क्षत्रिय", "zerowidth", "softhyphen", "soft\u00adhyphen", "wordjoiner"]) {
      expect(await ask(q)).toMatchObject({ total_exact: 1, corrected_query: null });
    }
  });

  test("digits and forms of letters of other scripts are the same ones", async () => {
    const { full } = await labOf(engine, ["आटा ५ किलो", "كتاب ١٢٣", "محـــمد", "ＵＳＢ２"]);
    expect(await full("आटा 5 किलो")).toEqual(["आटा ५ किलो"]);
    expect(await full("123")).toEqual(["كتاب ١٢٣"]);
    expect(await full("کتاب")).toEqual(["كتاب ١٢٣"]);
    expect(await full("محمد")).toEqual(["محـــمد"]);
    expect(await full("usb2")).toEqual(["ＵＳＢ２"]);
  });

  test("scripts without spaces are found anywhere in them", async () => {
    const { full } = await labOf(engine, [
      "苹果手机壳",
      "東京ラーメンセット",
      "ข้าวหอมมะลิ",
      "日本緑茶",
      "iPhone手机",
      "手紙",
    ]);
    expect((await full("手机")).toSorted()).toEqual(["iPhone手机", "苹果手机壳"].toSorted());
    expect(await full("ラーメン")).toEqual(["東京ラーメンセット"]);
    expect(await full("หอมมะลิ")).toEqual(["ข้าวหอมมะลิ"]);
    expect(await full("日本")).toEqual(["日本緑茶"]);
    expect(await full("茶")).toEqual(["日本緑茶"]);
    expect(await full("茶本")).toEqual([]);
  });
});

describe("plurals of the catalog's languages", () => {
  test.each([
    ["pt", "Declaração", "declarações"],
    ["fr", "Gâteau", "gâteaux"],
    ["es", "Papel", "papeles"],
    ["de", "Erdbeere", "Erdbeeren"],
    ["de", "Apfel", "Äpfel"],
    ["it", "Pomodoro", "pomodori"],
    ["nl", "Fles", "flessen"],
    ["sv", "Flaska", "flaskor"],
    ["da", "Flaske", "flasker"],
    ["no", "Flaske", "flasker"],
  ] as const)("in %s: %s, %s", (language, one, many) => {
    const stemOf = (word: string) => stemsOf(fold(word), [language]);
    expect(stemOf(many)).toEqual(stemOf(one));
  });

  test("of several are all kept, the first language's first", () => {
    expect(stemsOf("gateaux", ["en", "fr"])).toEqual(["gateaux", "gateau"]);
    expect(stemsOf("tomatoes", ["fr", "en"])).toEqual(["tomato"]);
  });
});

describe.each(engines)("a catalog of several languages on $name", (engine) => {
  test("knows the plurals of each, and leaves words side by side", async () => {
    const lines = ["Gâteau au chocolat", "Tomato soup", "Cup for tea, green", "Green tea cup"];
    const { full, find } = await labOf(engine, lines, { SEARCH_LANGUAGES: "fr, en" });
    expect(await full("gâteaux")).toEqual(["Gâteau au chocolat"]);
    expect(await full("tomatoes")).toEqual(["Tomato soup"]);
    expect((await find("green tea cup"))[0]).toBe("Green tea cup");
  });
});
