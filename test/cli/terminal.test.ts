import { describe, expect, test } from "bun:test";
import { createAccount } from "../../src/accounts/accounts";
import { buy } from "../support/buying";
import { newBuyer } from "../support/client";
import { anyEngine } from "../support/engines";
import { stockShelf } from "../support/goods";
import { run } from "../support/program";
import { freshShop } from "../support/shop";

/** A name that would forge a line, colour the rest and turn text around on a terminal that took it as it is. */
const NAME = "Asha\n2  root@sanset.com  Root  admin\r\t\x1b[2J\x9b31m\x7f\u202eoaR\u2066\u200f\u2028end";
const SHOWN =
  "Asha\\n2  root@sanset.com  Root  admin\\r\\t\\u001b[2J\\u009b31m\\u007f\\u202eoaR\\u2066\\u200f\\u2028end";

/** Lines of JSON end; nothing else of these is written as it is. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

describe.each(anyEngine)("what customers typed, on a shopkeeper's terminal, on $name", (engine) => {
  test("forges no line and commands nothing, and --json is what was typed", async () => {
    const shop = await freshShop(engine);
    const customer = { full_name: NAME, email: "asha@example.com", phone: "-", is_admin: false };
    await createAccount(shop, customer);
    const env = { DATABASE_URL: shop.place.url };

    const { out } = await run(["user", "list"], { env });
    expect(out).toContain(SHOWN);
    expect(out.trimEnd().split("\n")).toHaveLength(2);

    const json = await run(["user", "list", "--json"], { env });
    expect(JSON.parse(json.out)).toMatchObject([{ full_name: NAME }]);
  });

  test("nothing that a terminal obeys is in any --json, however it is written: whole, in pieces, in an error", async () => {
    const shop = await freshShop(engine);
    const text = `Mug \x9b31m\x85\u202eoaR\u2066\u200e\u2029 ☕ é`;
    const added = { name: text, attributes: { [`size\x90`]: text } };
    const product = await stockShelf(shop, added);
    const buyer = await newBuyer(shop);
    await createAccount(shop, { full_name: text, email: "om@example.com", phone: "-", is_admin: false });
    await buy(buyer, [product], { customer_note: text });
    const env = { DATABASE_URL: shop.place.url };
    // One of each way in which an answer is written; each starts a program.
    const commands = [
      "user list",
      "order list",
      "order show 1",
      `product show ${product.id}`,
      "audit",
      "user export om@example.com",
      `product show nothing\x9b31m\u202e`,
    ];
    const seen: string[] = [];
    for (const words of commands) {
      const { out, err } = await run([...words.split(" "), "--json"], { env });
      expect(out + err, words).not.toBe("");
      if (OBEYED.test(out + err)) seen.push(words);
    }
    expect(seen).toEqual([]);
    // And is what was typed all the same.
    const { out } = await run(["product", "show", String(product.id), "--json"], { env });
    expect(JSON.parse(out)).toMatchObject({ name: text, attributes: added.attributes });
  }, 120_000);

  test("commands nothing in a sentence or an error either", async () => {
    const shop = await freshShop(engine);
    const env = { DATABASE_URL: shop.place.url };
    const { out } = await run(["search", "synonyms", "add", "tea\x9b31m", "chai"], { env });
    expect(out).toBe("tea\\u009b31m = chai\n");
    const { err } = await run(["import", "products", "\x1b[2J.csv"], { env });
    expect(err).toContain("\\u001b[2J.csv");
    expect(err).not.toContain("\x1b");
  });
});
