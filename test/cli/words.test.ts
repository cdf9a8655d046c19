import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { sumsText } from "../../cli/commands/order-list";
import { buy } from "../support/buying";
import { newBuyer } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { newFolder, run, startOnTerminal } from "../support/program";
import { freshShop } from "../support/shop";

setDefaultTimeout(60_000);

const [engine] = engines;

describe("what a shopkeeper is told", () => {
  const cwd = newFolder();

  beforeAll(async () => {
    expect((await run(["migrate", "up"], { cwd })).exitCode).toBe(0);
  });

  test("of what failed, each thing once, by the names of the command line", async () => {
    const { err } = await run(["sales", "--range", "foo"], { cwd });
    expect(err.split("\n")).toEqual([
      expect.stringMatching(/^There is no range "foo"\. Give today, /),
      "  --range",
      "",
    ]);
    const { err: whose } = await run(["order", "create", "--line", "1:2"], { cwd });
    expect(whose).toContain("  --user: Say who it is for: a customer, or a contact.");
  });

  test("of commands, without what goes without saying, which leaves room for what they do", async () => {
    const { out } = await run(["order", "--help"], { cwd });
    const [, list = ""] = out.split("Commands:\n");
    expect(list).not.toContain("[options]");
    expect(list).toMatch(/^ {2}tag <id> \[tags\.\.\.\] +say which tags an order has/m);
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("fits the terminal, also where it failed", async () => {
    const { exitCode, shown } = await startOnTerminal(["sales", "--range", "foo"], { cwd }).end();
    expect(exitCode).toBe(1);
    const lines = Bun.stripANSI(shown).split(/\r?\n/);
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("of a product needs no address of its own: it has one from its name", async () => {
    const shop = await freshShop(engine!);
    const create = (...words: string[]) =>
      runCommand(shop, ["product", "create", ...words, "--category", "Tea", "--price", "120"]);
    expect((await create("Assam Théa, 250 g")).answer).toMatchObject({ slug: "assam-thea-250-g" });
    expect((await create("Assam", "--slug", "best-assam")).answer).toMatchObject({ slug: "best-assam" });
    expect((await create("Assam Thea 250 g")).failed).toContain("slug");
    expect((await create("चाय")).failed).toContain("not valid");
  });

  test("that there is no such category, not that there is nothing to do", async () => {
    const shop = await freshShop(engine!);
    await stockShelf(shop, { category: "Tea & more" });
    const price = (category: string) => runCommand(shop, ["product", "price", "10", "--category", category]);
    expect((await price("Teas")).failed).toBe("There is no such category: see sanset category list.");
    expect((await price("tea & more")).text).toContain("1 price would change.");
  });

  test("when jobs come, as a person says it", async () => {
    const { text, answer } = await runCommand(await freshShop(engine!), ["jobs"]);
    expect(text).toMatch(/^note what was bought +every 10 min /m);
    expect(text).toMatch(/^forget guests +every 1 h /m);
    expect(text).toMatch(/^tidy pictures +daily 03:40 UTC /m);
    expect(text).toMatch(/^release holds +every 30 s /m);
    expect(answer.find(({ name }: { name: string }) => name === "tidy pictures").schedule).toBe("40 3 * * * UTC");
  });

  test("where somebody lives, and which units left, with a sign between each", async () => {
    const shop = await freshShop(engine!);
    const asha = await newBuyer(shop, { email: "asha@example.com" });
    expect((await runCommand(shop, ["customer", "show", asha.id])).text).toContain(
      "Home (1): 12 Lake Road, Pune, 411001, IN",
    );
    const [oil, tea] = [await stockShelf(shop, { name: "Oil, 1 l" }), await stockShelf(shop, { name: "Tea, 250 g" })];
    const { order_id } = (await buy(asha, [oil, tea])).body;
    expect((await runCommand(shop, ["order", "ship", order_id])).failed).toBeUndefined();
    expect((await runCommand(shop, ["order", "show", order_id])).text).toMatch(/: 1 Oil, 1 l; 1 Tea, 250 g\n/);
  });

  test("what orders come to, so that one can read it", () => {
    const sums = { orders: 12_500, total: 714_570.5, paid: 0, discounts: 1_200, currency: "INR" };
    expect(sumsText(sums)).toBe("12,500 orders come to 714,570.5 INR, 0 of it paid, after 1,200 off.");
    expect(sumsText({ ...sums, orders: 1, total: 40, discounts: 0 })).toBe("1 order comes to 40 INR, 0 of it paid.");
  });
});
