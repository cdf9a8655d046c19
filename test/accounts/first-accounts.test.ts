import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { demoAccounts } from "../../src/demo/accounts";
import { clientOf } from "../support/client";
import { engines, type Place } from "../support/engines";
import { run, startServer } from "../support/program";
import { freshShop, SECRET } from "../support/shop";

const { admin, customer } = demoAccounts;
const ours = "a long enough one";

const create = (env: Record<string, string>, email: string) =>
  run(["user", "create", email, "--name", "Asha Rao", "--admin", "--password-stdin"], { env, stdin: ours });

describe.each(engines)("the first accounts on $name", (engine) => {
  let place: Place;
  let development: Record<string, string>;
  let production: Record<string, string>;

  beforeEach(async () => {
    place = await engine.newPlace();
    development = { DATABASE_URL: place.url };
    production = { ...development, SANSET_ENV: "production", SECRET_KEY: SECRET, BCRYPT_COST: "10" };
  });
  afterEach(() => place.remove());

  const accounts = async () => JSON.parse((await run(["user", "list", "--json"], { env: production })).out);

  test("a shop that was just made has none, not even an admin", async () => {
    const server = await startServer({ env: production });
    expect(await server.stop()).toBe(0);
    expect(await accounts()).toEqual([]);
  });

  test("two admins of one e-mail at once are one", async () => {
    expect((await run(["migrate", "up"], { env: production })).exitCode).toBe(0);
    const both = await Promise.all(["asha@example.com", "Asha@Example.com"].map((email) => create(production, email)));
    expect(both.map(({ exitCode }) => exitCode).toSorted((a, b) => a - b)).toEqual([0, 1]);
    const loser = both.find(({ exitCode }) => exitCode === 1);
    expect(loser).toMatchObject({ out: "", err: "There is an account with this e-mail already.\n" });
    expect(await accounts()).toMatchObject([{ is_admin: true }]);
  });

  test("two admins at once, before there is a database, are one too", async () => {
    const both = await Promise.all([1, 2].map(() => create(production, "asha@example.com")));
    expect(both.map(({ exitCode }) => exitCode).toSorted((a, b) => a - b)).toEqual([0, 1]);
    expect(await accounts()).toHaveLength(1);
  });

  test("a demo is not served in production while its passwords are those that everybody knows", async () => {
    const seed = ["seed", "--products", "5", "--customers", "3", "--orders", "5"];
    expect((await run(seed, { env: development })).exitCode).toBe(0);
    const refused = await run(["serve", "--port", "0"], { env: production });
    expect(refused).toMatchObject({ exitCode: 1, out: "" });
    expect(refused.err).toMatch(/^admin@sanset\.com and om@example\.com have .+ sanset user passwd .+ disable.+\n$/);

    const words = ["user", "passwd", admin.email, "--password-stdin"];
    expect((await run(words, { env: production, stdin: ours })).exitCode).toBe(0);
    const again = await run(["serve", "--port", "0"], { env: production });
    expect(again.exitCode).toBe(1);
    expect(again.err).toMatch(/^om@example\.com has .+\n$/);

    expect((await run(["user", "disable", customer.email], { env: production })).exitCode).toBe(0);
    const server = await startServer({ env: production });
    expect(await server.stop()).toBe(0);
  });

  test.each([admin, customer])(
    "nobody can take $email's published password, and so keep a shop from starting",
    async (account) => {
      const shop = await freshShop(engine);
      const registered = await clientOf(shop).post("/auth/register", { ...account, full_name: "Mallory", phone: "-" });
      expect(registered.status).toBe(422);
    },
  );
});
