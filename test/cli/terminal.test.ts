import { describe, expect, test } from "bun:test";
import { createAccount } from "../../src/accounts/accounts";
import { anyEngine } from "../support/engines";
import { run } from "../support/program";
import { freshShop } from "../support/shop";

/** A name that would forge a line, colour the rest and turn text around on a terminal that took it as it is. */
const NAME = "Asha\n2  root@sanset.com  Root  admin\r\t\x1b[2J\x9b31m\x7f\u202eoaR\u2066\u200f\u2028end";
const SHOWN =
  "Asha\\n2  root@sanset.com  Root  admin\\r\\t\\u001b[2J\\u009b31m\\u007f\\u202eoaR\\u2066\\u200f\\u2028end";

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
