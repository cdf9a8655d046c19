import { describe, expect, test } from "bun:test";
import { expectSound } from "../support/buying";
import { newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { newFolder } from "../support/program";
import { freshShop } from "../support/shop";

const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/wHwAEBgIApD5fRAAAAABJRU5ErkJggg==";

describe.each(engines)("the commands for products on $name", (engine) => {
  test("a day's work: add, choose, price, take out and take back", async () => {
    const shop = await freshShop(engine);
    const run = (...words: (string | number)[]) => runCommand(shop, words);
    const make = ["--slug", "assam", "--category", "Tea", "--price", "120", "--stock", "40", "--sku", "TEA-1"];
    const tea = (await run("product", "create", "Assam tea", ...make)).answer;
    expect(tea).toMatchObject({ name: "Assam tea", price: 120, stock: 40, sku: "TEA-1" });
    for (const name of [tea.id, "assam", "tea-1"]) {
      expect((await run("product", "show", name)).text).toContain("Assam tea");
    }
    expect((await run("product", "show", "coffee")).failed).toBe("There is no such product.");
    expect((await run("product", "edit", "assam", "--price", "125")).answer).toMatchObject({ price: 125, stock: 40 });
    const kurta = ["--slug", "kurta", "--category", "Clothes", "--price", "500", "--options", "Size", "Colour"];
    await run("product", "create", "Kurta", ...kurta);
    const red = await run(
      "product",
      "create",
      "-",
      "--of",
      "kurta",
      "--stock",
      "5",
      "--choose",
      "Size=M",
      "Colour=Red",
    );
    expect(red.answer).toMatchObject({ name: "Kurta, M, Red", stock: 5, price: 500 });
    expect((await run("product", "variants", "kurta")).text).toMatch(/SIZE\s+COLOUR[^]+M\s+Red/);
    expect((await run("product", "list", "--category", "tea")).answer.items).toMatchObject([{ id: tea.id }]);
    expect((await run("product", "list", "nothing")).text).toBe("No product fits.");
    const preview = await run("product", "price", "10", "--category", "Tea", "--round", "1");
    expect(preview.text).toContain("1 price would change. Nothing has changed yet");
    expect((await run("product", "show", "assam")).answer.price).toBe(125);
    const done = ["--category", "Tea", "--round", "1", "--confirm", preview.answer.confirm];
    expect((await run("product", "price", "10", ...done)).answer).toMatchObject({ applied: true, count: 1 });
    expect((await run("product", "show", "assam")).answer.price).toBe(138);
    expect((await run("product", "list", "--deleted")).text).toBe("Nothing was deleted.");
    await run("product", "delete", "assam");
    await run("product", "delete", "kurta");
    expect((await run("product", "show", "assam")).failed).toBeDefined();
    // A variant that left with its product comes back with it.
    const deleted = await run("product", "list", "--deleted");
    expect(deleted.answer).toMatchObject([
      { name: "Kurta", parent_id: null },
      { id: tea.id, name: "Assam tea" },
    ]);
    expect(deleted.text).toContain("sanset product restore ID");
    expect((await run("product", "list", "tea", "--deleted")).failed).toContain("--deleted");
    const admin = await newClient(shop, { admin: true });
    const { body, headers } = await admin.get("/admin/products/deleted?size=1&page=2");
    expect([body, headers.get("x-total-count")]).toMatchObject([[{ id: tea.id }], "2"]);
    await run("product", "restore", deleted.answer[0].id);
    expect((await run("product", "variants", "kurta")).answer).toHaveLength(1);
    await run("product", "delete", red.answer.id);
    expect((await run("product", "list", "--deleted")).answer[0]).toMatchObject({
      id: red.answer.id,
      parent_id: red.answer.parent_id,
    });
    expect((await run("product", "restore", tea.id)).text).toBe("Assam tea is in the catalog again.");
    expect((await run("stock", "adjust", "tea-1", "2", "--reason", "found")).answer).toMatchObject({ stock: 42 });
    await expectSound(shop);
  });

  test("categories are put into a tree, renamed and taken out", async () => {
    const shop = await freshShop(engine);
    const run = (...words: (string | number)[]) => runCommand(shop, words);
    expect((await run("category", "list")).text).toBe("There are no categories.");
    await run("category", "set", "Drinks", "--slug", "drinks");
    await run("product", "create", "Assam", "--slug", "assam", "--category", "Teas", "--price", "1");
    await run("category", "set", "Teas", "--parent", "Drinks", "--position", "2");
    expect((await run("category", "rename", "Teas", "Tea")).text).toBe("Drinks (1)\n  Tea (1)");
    expect((await run("category", "set", "Tea", "--top")).text).toBe("Drinks (0)\nTea (1)");
    expect((await run("category", "delete", "Drinks")).text).toBe("Drinks is no category any more.");
    expect((await run("category", "delete", "Tea")).failed).toContain("Products are in this category");
  });

  test("all that is given of a product is shown, and can be taken away again", async () => {
    const shop = await freshShop(engine, { MEDIA_DIR: newFolder() });
    const run = (...words: (string | number)[]) => runCommand(shop, words);
    const words = ["--compare-at", 150, "--sku", "T1", "--barcode", "4006381333931", "--tax-class", "food"];
    const more = ["--grams", 250, "--description", "Strong.", "--attribute", "Origin=Assam", "Leaf=whole"];
    const made = ["--slug", "assam", "--category", "Tea", "--price", 120, ...words, ...more];
    const tea = (await run("product", "create", "Assam", ...made)).answer;
    expect(tea.attributes).toEqual({ Origin: "Assam", Leaf: "whole" });
    const shown = (await run("product", "show", "assam")).text;
    for (const part of ["(was 150)", "sku T1", "barcode 4006381333931", "Origin Assam", "Leaf whole", "taxed as food"])
      expect(shown).toContain(part);
    for (const part of ["weighs 250 g", "Strong."]) expect(shown).toContain(part);
    const gone = ["--no-compare-at", "--no-sku", "--no-barcode", "--attribute", "Leaf=", "Season=spring"];
    expect((await run("product", "edit", "assam", ...gone)).answer).toMatchObject({
      price: 120,
      compare_at_price: null,
      sku: null,
      barcode: null,
      attributes: { Origin: "Assam", Season: "spring" },
    });
    // What nobody speaks of stays.
    expect((await run("product", "edit", "assam", "--price", 125)).answer).toMatchObject({
      attributes: { Origin: "Assam", Season: "spring" },
      weight_grams: 250,
    });
  });

  test("a variant shows a picture of its parent, and becomes a product of its own", async () => {
    const shop = await freshShop(engine, { MEDIA_DIR: newFolder() });
    const run = (...words: (string | number)[]) => runCommand(shop, words);
    const file = `${newFolder()}/dot.png`;
    await Bun.write(file, await new Bun.Image(Buffer.from(DOT, "base64")).resize(9, 9).png().bytes());
    await run("product", "create", "Kurta", "--slug", "kurta", "--category", "Clothes", "--options", "Size");
    const m = (await run("product", "create", "-", "--of", "kurta", "--choose", "Size=M", "--price", 5)).answer;
    const picture = (await run("image", "add", "kurta", file)).answer;
    expect((await run("product", "edit", m.id, "--picture", picture.id)).answer.image_url).toBe(picture.sizes[1].url);
    expect((await run("product", "edit", m.id, "--picture", 999)).failed).toContain("picture of its parent");
    expect((await run("product", "edit", m.id, "--no-picture")).answer.image_url).toBeNull();
    expect((await run("product", "show", m.id)).text).toContain("Size M");
    expect((await run("product", "edit", m.id, "--no-of")).answer).toMatchObject({ parent_id: null, options: {} });
    await expectSound(shop);
  });

  test("pictures are added from a file, moved and taken away", async () => {
    const folder = newFolder();
    const shop = await freshShop(engine, { MEDIA_DIR: folder });
    const run = (...words: (string | number)[]) => runCommand(shop, words);
    await run("product", "create", "Assam", "--slug", "assam", "--category", "Tea", "--price", "1");
    const file = `${newFolder()}/dot.png`;
    await Bun.write(file, Buffer.from(DOT, "base64"));
    const { answer } = await run("image", "add", "assam", file, "--alt", "A dot");
    expect(answer).toMatchObject({ width: 1, height: 1, alt: "A dot" });
    expect((await run("image", "edit", "assam", answer.id, "--alt", "One dot")).answer.alt).toBe("One dot");
    expect((await run("image", "list", "assam")).text).toContain("One dot");
    expect((await run("image", "add", "assam", `${folder}/none.png`)).failed).toContain("there is no such file");
    await run("image", "delete", "assam", answer.id);
    expect((await run("image", "list", "assam")).text).toBe("It has no pictures.");
  });
});
