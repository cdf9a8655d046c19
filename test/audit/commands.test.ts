import { describe, expect, test } from "bun:test";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { createAccount } from "../../src/accounts/accounts";
import { buy } from "../support/buying";
import { newBuyer } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { newFolder, run } from "../support/program";
import { freshShop, type TestShop } from "../support/shop";

const PASSWORD = "a long enough one";

/** Runs one command on this shop, and says whether it failed. */
const failed = async (shop: TestShop, words: readonly (string | number)[]): Promise<boolean> =>
  (await runCommand(shop, words, PASSWORD)).failed !== undefined;

interface Entry {
  action: string;
  subject: string | null;
  user_id: number | null;
  address: string | null;
  details: unknown;
}

/** What the audit has, oldest first, of what the command line did. */
async function entries(shop: TestShop): Promise<Entry[]> {
  const rows = await shop.database.all<Entry>(
    "SELECT action, subject, user_id, address, details FROM audit WHERE action LIKE 'sanset %' ORDER BY id",
  );
  return rows.map((row) => ({
    ...row,
    details: typeof row.details === "string" ? JSON.parse(row.details) : row.details,
  }));
}

describe.each(engines)("the audit of the command line on $name", (engine) => {
  test("has every command that writes: who ran it, where, and what was asked", async () => {
    const shop = await freshShop(engine);
    const buyer = await newBuyer(shop);
    const mug = await stockShelf(shop);
    const order = async () => (await buy(buyer, [mug])).body.order_id;
    const [first, second, third] = [await order(), await order(), await order()];
    const products = join(newFolder(), "products.csv");
    await Bun.write(products, "slug,name,category,price\ncup,Cup,Home,4\n");
    const commands: [name: string, ...words: (string | number)[]][] = [
      ["user create", "keeper@example.com", "--name", "Asha Rao", "--admin", "--password-stdin"],
      ["user passwd", "keeper@example.com", "--password-stdin"],
      ["user promote", buyer.id],
      ["coupon create", "TEN", "--percent", "10"],
      ["coupon disable", "TEN"],
      ["import products", products],
      ["stock adjust", mug.id, "12", "--reason", "delivery"],
      ["order pack", first],
      ["order ship", first],
      ["order deliver", first],
      ["order refund", first, "--amount", "20"],
      ["order return", first],
      ["order cancel", second],
      ["order cancel", third, "--json"],
      ["search synonyms add", "sofa", "couch"],
      ["search reindex"],
      ["doctor", "--repair"],
      ["seed", "--yes", "--products", "2", "--customers", "2", "--orders", "3"],
    ];
    for (const [name, ...words] of commands) {
      expect([name, await failed(shop, [...name.split(" "), ...words])]).toEqual([name, false]);
    }
    const written = await entries(shop);
    expect(written.map(({ action }) => action)).toEqual(commands.map(([name]) => `sanset ${name}`));
    const named = userInfo().username;
    const who = named === "unknown" ? `user ${process.getuid?.()}` : named;
    for (const entry of written) expect(entry).toMatchObject({ user_id: null, address: `${who}@${hostname()}` });
    expect(written).toMatchObject([
      // Who it is stands there by number: the audit outlives what is known of a person.
      { subject: "[e-mail]", details: { email: "[contact]", name: "[contact]", admin: true, user_id: 2 } },
      { subject: "[e-mail]", details: { user_id: 2 } },
      { subject: String(buyer.id), details: { is_admin: [false, true] } },
      { subject: "TEN", details: { code: "TEN", percent: 10 } },
      { subject: "TEN", details: { is_active: [true, false] } },
      { subject: products },
      { subject: String(mug.id), details: { product: String(mug.id), delta: 12, reason: "delivery" } },
      ...[first, first, first].map((id) => ({ subject: String(id), details: { id } })),
      { subject: String(first), details: { id: first, amount: 20 } },
      ...[first, second, third].map((id) => ({ subject: String(id), details: { id } })),
      { subject: "sofa", details: { phrases: ["sofa", "couch"] } },
      { subject: null, details: {} },
      { subject: null, details: { repair: true } },
      { subject: null, details: { yes: true, products: 2, customers: 2, orders: 3 } },
    ]);
    for (const hidden of [PASSWORD, "keeper@example.com", "Asha Rao"]) {
      expect(JSON.stringify(written)).not.toContain(hidden);
    }
  });

  test("has nothing of what failed, and nothing of what only looked", async () => {
    const shop = await freshShop(engine);
    const email = "asha@example.com";
    await createAccount(shop, { full_name: "Asha Rao", email, phone: "-", password: PASSWORD, is_admin: true });
    await failed(shop, ["coupon", "create", "TEN", "--percent", "10"]);
    const failing: (string | number)[][] = [
      ["user", "create", email, "--name", "Asha Rao", "--password-stdin"],
      ["user", "demote", email],
      ["user", "promote", "nobody@example.com"],
      ["coupon", "create", "TEN", "--percent", "10"],
      ["coupon", "disable", "ELEVEN"],
      ["order", "ship", 99],
      ["stock", "adjust", 99, "12", "--reason", "delivery"],
      ["import", "products", "/no/such/file.csv"],
      ["seed"],
    ];
    for (const words of failing) expect([words, await failed(shop, words)]).toEqual([words, true]);
    const looking = ["user list", "coupon list", "order list", "doctor", "audit", "migrate status", "search misses"];
    for (const words of [...looking, "search synonyms list", "recommend models", "migrate up"]) {
      expect([words, await failed(shop, words.split(" "))]).toEqual([words, false]);
    }
    expect((await entries(shop)).map(({ action }) => action)).toEqual(["sanset coupon create"]);
  });

  test("has no command whose entry can't be written", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    await shop.database.transaction((tx) => tx.run("DROP TABLE audit"));
    expect(await failed(shop, ["stock", "adjust", mug.id, "12", "--reason", "delivery"])).toBe(true);
    const level = await shop.database.first<{ on_hand: number }>("SELECT on_hand FROM stock");
    expect(level?.on_hand).toBe(10);
  });
});

test("the program writes down who brought a new database up to date, and with what", async () => {
  const where = { cwd: newFolder(), env: { DATABASE_URL: "sqlite:///./shop.db" } };
  const { ran } = JSON.parse((await run(["migrate", "up", "--json"], where)).out);
  expect((await run(["migrate", "up"], where)).exitCode).toBe(0);
  const audit = JSON.parse((await run(["audit", "--json"], where)).out);
  expect(audit).toMatchObject([{ action: "sanset migrate up", subject: null, details: { ran } }]);
  expect(audit[0].address).toEndWith(`@${hostname()}`);
});
