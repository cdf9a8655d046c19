import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Command } from "commander";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { laidOut } from "../../cli/output";
import { createProgram, leavesOf, pathOf } from "../../cli/program";
import { layOutFor, type Screen } from "../../cli/screen";
import type { Terminal } from "../../cli/terminal";
import { exactJson, visibleLines } from "../../cli/visible";
import { requestReturn } from "../../src/returns/returns";
import { buy } from "../support/buying";
import { newBuyer } from "../support/client";
import { quiet, runCommand } from "../support/command";
import { engines } from "../support/engines";
import { newFolder } from "../support/program";
import { freshShop, type TestShop } from "../support/shop";

setDefaultTimeout(120_000);

const SCREEN: Screen = { columns: 80, rows: 24, timeZone: "Asia/Kolkata" };
const PASSWORD = "a long enough one";

/** A command as it is meant, and one that must fail; what it `writes` is in the audit. */
interface Case {
  words: string;
  wrong?: string;
  writes?: boolean;
  /** Why it is tried on SQLite alone. */
  onlySqlite?: string;
}

const cases = (folder: string): Case[] => [
  { words: "overview" },
  { words: "jobs" },
  { words: "cluster status" },
  { words: "currency", wrong: "currency --rate 0 --yes" },
  {
    words: "user create keeper@shop.example --name Keeper --admin --password-stdin",
    wrong: "user create nobody --name N --password-stdin",
    writes: true,
  },
  { words: "user list --limit 5", wrong: "user list --limit 0" },
  {
    words: "user passwd keeper@shop.example --password-stdin",
    wrong: "user passwd nobody@shop.example --password-stdin",
    writes: true,
  },
  { words: "user export om@example.com", wrong: "user export nobody@shop.example" },
  { words: "user signout om@example.com", wrong: "user signout nobody@shop.example", writes: true },
  {
    words: "user remove-second-factor om@example.com",
    wrong: "user remove-second-factor nobody@shop.example",
    writes: true,
  },
  { words: "user promote om@example.com", wrong: "user promote 99999", writes: true },
  { words: "user demote om@example.com", wrong: "user demote 99999", writes: true },
  { words: "user disable om@example.com", wrong: "user disable 99999", writes: true },
  { words: "user enable om@example.com", wrong: "user enable 99999", writes: true },
  { words: "customer list --limit 5", wrong: "customer list --page x" },
  { words: "customer show om@example.com", wrong: "customer show nobody@shop.example" },
  {
    words: "customer edit om@example.com --phone 12345 --name Om",
    wrong: "customer edit om@example.com",
    writes: true,
  },
  { words: "product list tea", wrong: "product list --sort cheap" },
  {
    words: "product create Assam --slug assam --category Tea --price 120 --options Size",
    wrong: "product create Assam --category Tea --price cheap",
    writes: true,
  },
  {
    words: "product create - --of assam --choose Size=M --stock 5 --sku TEA-M",
    wrong: "product create - --of nothing",
    writes: true,
  },
  { words: "product show assam", wrong: "product show nothing-at-all" },
  { words: "product variants assam", wrong: "product variants nothing-at-all" },
  { words: "product edit assam --description leaves", wrong: "product edit assam", writes: true },
  {
    words: "product price 10 --category Tea --round 0.5",
    wrong: "product price 10 --category Tea --confirm x",
    writes: true,
  },
  { words: "product buyers 1", wrong: "product buyers nothing-at-all" },
  { words: "product delete 60", wrong: "product delete nothing-at-all", writes: true },
  { words: "product list --deleted", wrong: "product list tea --deleted" },
  { words: `product export --out ${folder}/goods.csv`, wrong: "product export --format wool" },
  { words: `product import ${folder}/more.csv`, wrong: `product import ${folder}/no.csv`, writes: true },
  { words: "product restore 60", wrong: "product restore 99999", writes: true },
  { words: "category list" },
  { words: "category set Green --parent Tea", wrong: "category set Green --parent Nothing", writes: true },
  { words: "category rename Green Greens", wrong: "category rename Nothing Green", writes: true },
  { words: "category delete Greens", wrong: "category delete Nothing", writes: true },
  { words: `image add 1 ${folder}/dot.png --alt dot`, wrong: `image add 1 ${folder}/no.png`, writes: true },
  { words: "image list 1", wrong: "image list nothing-at-all" },
  { words: "image edit 1 1 --alt spot", wrong: "image edit 1 99", writes: true },
  { words: "image delete 1 1", wrong: "image delete 1 99", writes: true },
  { words: "stock list --limit 5", wrong: "stock list --limit 1000" },
  { words: "stock show TEA-M", wrong: "stock show nothing-at-all" },
  { words: "stock low" },
  { words: "stock moves 1", wrong: "stock moves nothing-at-all" },
  { words: "stock adjust TEA-M 5 --reason found", wrong: "stock adjust TEA-M five --reason found", writes: true },
  {
    words: `stock receive ${folder}/delivery.csv --reason note`,
    wrong: `stock receive ${folder}/wrong.csv`,
    writes: true,
  },
  { words: `stock count ${folder}/delivery.csv`, wrong: `stock count ${folder}/no.csv`, writes: true },
  {
    words: "coupon create TEN --percent 10 --ends 2031-01-31 --min-total 5",
    wrong: "coupon create TEN --percent 10",
    writes: true,
  },
  { words: "coupon list" },
  { words: "coupon edit TEN --uses 500", wrong: "coupon edit NONE --uses 5", writes: true },
  { words: "coupon show TEN", wrong: "coupon show NONE" },
  { words: "coupon disable TEN", wrong: "coupon disable NONE", writes: true },
  { words: "coupon enable TEN", wrong: "coupon enable NONE", writes: true },
  { words: "shipping create Post --price 49", wrong: "shipping create Post", writes: true },
  { words: "shipping list" },
  { words: "shipping edit 1 --price 59", wrong: "shipping edit 99 --price 59", writes: true },
  { words: "shipping remove 1", wrong: "shipping remove 99", writes: true },
  { words: "tax create GST --percent 18", wrong: "tax create GST", writes: true },
  { words: "tax list" },
  { words: "tax edit 1 --percent 12", wrong: "tax edit 99 --percent 12", writes: true },
  { words: "tax try 100", wrong: "tax try much" },
  { words: "tax remove 1", wrong: "tax remove 99", writes: true },
  {
    words: "order create --name Asha --phone 12345 --line 1:2 --paid --payment cod",
    wrong: "order create --line 1",
    writes: true,
  },
  { words: "order list --limit 5", wrong: "order list --product nothing-at-all" },
  {
    words: "order quote 1:2 --user om@example.com --pincode 411001",
    wrong: "order quote 1:2 --user nobody@shop.example",
  },
  { words: "order show {order}", wrong: "order show 99999" },
  { words: "order slips {order} {second}", wrong: "order slips 99999" },
  { words: "order edit {order} --email om@example.com", wrong: "order edit {order}", writes: true },
  { words: "order note {order} ring", wrong: "order note 99999 ring", writes: true },
  { words: "order tag {order} gift", wrong: "order tag 99999 gift", writes: true },
  { words: "order pack {order}", wrong: "order pack 99999", writes: true },
  { words: "order unpack {order}", wrong: "order unpack 99999", writes: true },
  { words: "order ship {order} --carrier Post --tracking RM1", wrong: "order ship 99999", writes: true },
  { words: "order deliver {order}", wrong: "order deliver 99999", writes: true },
  {
    words: "order refund {order} --amount 1 --reason scratched",
    wrong: "order refund {order} --amount 100000",
    writes: true,
  },
  { words: "order return {order}", wrong: "order return 99999", writes: true },
  { words: "order paid {second} --note transfer", wrong: "order paid {order}", writes: true },
  { words: "order cancel {second} --reason mistake", wrong: "order cancel 99999", writes: true },
  { words: "invoice issue {order}", wrong: "invoice issue 99999", writes: true },
  { words: "invoice list" },
  { words: "invoice show 1", wrong: "invoice show 99" },
  { words: `invoice export --out ${folder}/invoices.csv`, wrong: "invoice export --from sometime" },
  { words: "return list" },
  { words: "return show {return}", wrong: "return show 99" },
  { words: "return approve {return}", wrong: "return approve 99", writes: true },
  { words: "return receive {return}", wrong: "return receive 99", writes: true },
  { words: "return refuse {refused}", wrong: "return refuse 99", writes: true },
  {
    words: "key create Books orders:read --by keeper@shop.example",
    wrong: "key create Books all --by keeper@shop.example",
    writes: true,
  },
  { words: "key list" },
  { words: "key revoke 1", wrong: "key revoke 99", writes: true },
  {
    words: "webhook create https://shop.example/hook order.placed",
    wrong: "webhook create https://shop.example/hook nothing",
    writes: true,
  },
  { words: "webhook list" },
  { words: "webhook pause 1", wrong: "webhook pause 99", writes: true },
  { words: "webhook resume 1", wrong: "webhook resume 99", writes: true },
  { words: "webhook rotate 1", wrong: "webhook rotate 99", writes: true },
  { words: "webhook test 1", wrong: "webhook test 99", writes: true },
  { words: "webhook delete 1", wrong: "webhook delete 99", writes: true },
  { words: "outbox list --limit 5", wrong: "outbox list --state lost" },
  { words: "mail test me@shop.example --kind order_confirmed", wrong: "mail test me@shop.example --kind nothing" },
  { words: "mail allow asha@example.com", wrong: "mail allow", writes: true },
  { words: `mail templates ${folder}/templates` },
  { words: "sales --range last_30_days --group product", wrong: "sales --range sometime" },
  { words: "search misses", wrong: "search misses --limit none" },
  { words: "search why tea 1", wrong: "search why tea nothing-at-all" },
  { words: "search synonyms add sofa couch", wrong: "search synonyms add sofa", writes: true },
  { words: "search synonyms list" },
  { words: "search synonyms suggest" },
  { words: "search synonyms remove sofa", wrong: "search synonyms remove nothing", writes: true },
  { words: "search reindex", writes: true },
  { words: "recommend models" },
  { words: "recommend trial" },
  { words: "recommend explain om@example.com", wrong: "recommend explain nobody@shop.example" },
  { words: `import products ${folder}/products.csv`, wrong: `import products ${folder}/no.csv`, writes: true },
  { words: `import orders ${folder}/orders.csv`, wrong: `import orders ${folder}/no.csv`, writes: true },
  { words: "user erase keeper@shop.example --yes", wrong: "user erase 99999 --yes", writes: true },
  {
    words: `import customers ${folder}/customers.csv`,
    wrong: `import customers ${folder}/no.csv`,
    writes: true,
  },
  { words: `export products --out ${folder}/all.csv`, wrong: "export products --format wool" },
  { words: `export orders --out ${folder}/sold.csv`, wrong: "export orders --from sometime" },
  { words: `export customers --out ${folder}/people.csv`, wrong: "export customers --format wool" },
  { words: `order export --out ${folder}/orders-out.csv`, wrong: "order export --from sometime" },
  { words: "audit list --limit 5", wrong: "audit list --user nobody@shop.example" },
  { words: "audit prune --before 2020-01-01", wrong: "audit prune --before sometime" },
  { words: "routes" },
  { words: "openapi" },
  { words: "config" },
  { words: "migrate status" },
  { words: "migrate up" },
  { words: "doctor" },
  { words: "version" },
  { words: "help order refund", wrong: "help nothing" },
  { words: "completion bash", wrong: "completion cmd" },
  { words: `init --file ${folder}/.env --env development`, wrong: `init --file ${folder}/.env` },
  { words: "backup create", onlySqlite: "PostgreSQL's own tools need not be here" },
  { words: "backup list", onlySqlite: "there is none" },
  { words: "backup verify", wrong: "backup verify 2001-01-01T00-00-00Z", onlySqlite: "there is none" },
  { words: "backup prune --keep 1", wrong: "backup prune --keep 0", onlySqlite: "there is none" },
  { words: "seed --yes --products 60 --customers 20 --orders 80", wrong: "seed --products none", writes: true },
];

/** What needs more than a shop that stands still, and the test that has it. */
const ELSEWHERE: Record<string, string> = {
  serve: "test/server/serve.test.ts",
  ready: "test/server/serve.test.ts",
  demo: "test/demo/demo.test.ts",
  "backup restore": "test/backups/backups.test.ts",
  "database copy": "test/storage/transfer.test.ts",
  retrain: "test/recommend/tune.test.ts",
  "recommend evaluate": "test/recommend/tune.test.ts",
  "recommend tune": "test/recommend/tune.test.ts",
  "recommend report": "test/recommend/tune.test.ts",
  "recommend promote": "test/recommend/roles.test.ts",
  "recommend rollback": "test/recommend/roles.test.ts",
  "recommend retire": "test/recommend/roles.test.ts",
  "order resend": "test/orders/shopkeeping.test.ts",
  "order resolve": "test/payments/payments.test.ts",
  "order resolve-event": "test/payments/lost-answers.test.ts",
  "outbox retry": "test/cli/leaving-commands.test.ts",
};

const program = createProgram({} as Terminal, () => {});
const leaves = leavesOf(program).map(pathOf);
/** The command that these words call. */
const commandOf = (words: string) => leaves.filter((path) => `${words} `.startsWith(`${path} `)).at(-1);

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFElEQVR4nGP8z8DAwMDAxAADCBYAFxICAYfX9f0AAAAASUVORK5CYII=";

async function files(): Promise<string> {
  const folder = newFolder();
  await Bun.write(join(folder, "dot.png"), Buffer.from(PNG, "base64"));
  await Bun.write(join(folder, "delivery.csv"), "sku;qty\r\nTEA-M;7\r\n2;12\r\n");
  await Bun.write(join(folder, "wrong.csv"), "sku;qty\nTEA-M;some\nnothing;1\n");
  await Bun.write(join(folder, "products.csv"), "slug,name,category,price\ncup,Cup,Home,4\n");
  await Bun.write(join(folder, "customers.csv"), "email,full_name,phone\nneha@shop.example,Neha Shah,12345\n");
  await Bun.write(join(folder, "more.csv"), "slug,name,category,price\nsaucer,Saucer,Home,3\n");
  await Bun.write(
    join(folder, "orders.csv"),
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n536365,85123A,HOLDER,6,2029-12-01 08:26:00,2.55,17850,UK\n",
  );
  return folder;
}

/** Orders and returns for the commands that take one. */
async function furnish(shop: TestShop): Promise<Record<string, number>> {
  await runCommand(shop, ["seed", "--products", "60", "--customers", "20", "--orders", "80"]);
  const buyer = await newBuyer(shop, { email: "buyer@shop.example" });
  const bought = async () => (await buy(buyer, [{ id: 1, qty: 2 }])).body.order_id as number;
  const delivered = async () => {
    const id = await bought();
    for (const step of ["pack", "ship", "deliver"]) await runCommand(shop, ["order", step, id]);
    return id;
  };
  const late = [await delivered(), await delivered()];
  const orders = { order: await bought(), second: await bought() };
  // What comes back so late is no withdrawal: the shop decides.
  shop.pass(20 * 86_400);
  const [first, second] = await Promise.all(late.map((id) => requestReturn(shop, id, {})));
  return { ...orders, return: first!.id, refused: second!.id };
}

/** What has no place to be broken at stays whole, so that it can be copied. */
const isTooWide = (line: string) => Bun.stringWidth(line) > SCREEN.columns && /\S\s+\S/.test(line.trim());

/** What the shop's audit says was done last. */
const lastAction = async (shop: TestShop) =>
  (await shop.database.first<{ action: string }>("SELECT action FROM audit ORDER BY id DESC LIMIT 1"))?.action;

const entriesOf = async (shop: TestShop) =>
  (await shop.database.first<{ count: number }>("SELECT COUNT(*) AS count FROM audit WHERE action LIKE 'sanset %'"))
    ?.count;

describe.each(engines)("every command on $name", (engine) => {
  test("fits 80 columns, answers as JSON, fails with a sentence, and writes into the audit what it changes", async () => {
    const shop = await freshShop(engine, { BACKUP_TO: newFolder(), MEDIA_DIR: newFolder(), RETURN_DAYS: "14" });
    const folder = await files();
    const ids = await furnish(shop);
    const filled = (words: string) => words.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(ids[name])).split(" ");
    const problems: unknown[] = [];
    layOutFor(SCREEN);
    try {
      for (const one of cases(folder)) {
        if (one.onlySqlite && engine.name !== "sqlite") continue;
        const before = await entriesOf(shop);
        const done = await runCommand(shop, filled(one.words), PASSWORD);
        if (done.failed !== undefined) problems.push([one.words, "fails", done.failed]);
        if (done.layout !== "as it is") {
          const wide = laidOut(visibleLines(done.text), SCREEN).split("\n").filter(isTooWide);
          if (wide.length > 0) problems.push([one.words, "is too wide", wide]);
        }
        if (done.answer !== undefined) JSON.parse(exactJson(done.answer));
        const [action, after] = [await lastAction(shop), await entriesOf(shop)];
        if (one.writes && action !== `sanset ${commandOf(one.words)}`) problems.push([one.words, "left", action]);
        if (!one.writes && after !== before) problems.push([one.words, "only looks, and left", action]);
        if (!one.wrong) continue;
        const { failed } = await runCommand(shop, filled(one.wrong), PASSWORD);
        if (!/\w.*\w/s.test(failed ?? "")) problems.push([one.wrong, "does not fail with a sentence", failed]);
      }
      expect(problems).toEqual([]);
    } finally {
      layOutFor(undefined);
    }
  });
});

const has = (command: Command, long: string) => command.options.some((option) => option.long === long);

describe("the tree of commands", () => {
  test("is tried whole: here, or in the test that is named", () => {
    const tried = new Set(cases("/").map(({ words }) => commandOf(words)));
    expect(leaves.filter((path) => !tried.has(path) && !(path in ELSEWHERE))).toEqual([]);
    for (const [path, file] of Object.entries(ELSEWHERE)) {
      const text = existsSync(file) ? readFileSync(file, "utf8") : "";
      const spelled = new RegExp(path.split(" ").join(String.raw`[^\w]+`));
      expect([path, file, spelled.test(text)]).toEqual([path, file, true]);
    }
  });

  test("has pages wherever a list may be longer than what is shown of it", () => {
    const best = ["search misses", "search synonyms suggest", "recommend explain"];
    const without = leavesOf(program).filter((one) => has(one, "--limit") && !has(one, "--page"));
    expect(without.map(pathOf).filter((path) => !best.includes(path))).toEqual([]);
  });

  test("has help that fits 80 columns, with examples that are right", async () => {
    for (const command of leavesOf(program)) {
      let help = "";
      command.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 80 });
      command.outputHelp();
      const path = pathOf(command);
      const wide = help.split("\n").filter((line) => line.length > 80);
      expect([path, wide]).toEqual([path, []]);
      // A shell goes on with the next line, too.
      const examples = [
        ...help.replaceAll(/ \\\n */g, " ").matchAll(/^ {2}(?:\$ )?sanset (.*?)(?: {2,}.*| && .*| > .*)?$/gm),
      ].map(([, words = ""]) => words);
      expect([path, examples.length]).not.toEqual([path, 0]);
      for (const words of examples) expect([words, await misuse(words)]).toEqual([words, undefined]);
    }
  });

  test("has help for each of its groups that fits 80 columns", () => {
    const groups = [program, ...program.commands.flatMap((one) => [one, ...one.commands])];
    for (const group of groups.filter(({ commands }) => commands.length > 0)) {
      let help = "";
      group.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 80 });
      group.outputHelp();
      const wide = help.split("\n").filter((line) => line.length > 80);
      expect([pathOf(group), wide]).toEqual([pathOf(group), []]);
    }
  });
});

/** What commander says against these words; nothing runs. */
async function misuse(words: string): Promise<string | undefined> {
  const nothing = new Error("It would run.");
  const stopped = () => {
    throw nothing;
  };
  const whole = quiet(createProgram({} as Terminal, () => {}, stopped));
  const split = [...words.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, ...ways]) => ways.find((way) => way !== undefined) ?? "",
  );
  return whole.parseAsync(split, { from: "user" }).then(
    () => undefined,
    (error: unknown) => (error === nothing ? undefined : String(error)),
  );
}
