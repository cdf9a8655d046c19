import { describe, expect, test } from "bun:test";
import { createApp } from "../../src/app";
import { authJobs } from "../../src/auth/jobs";
import { createSignInGuard } from "../../src/auth/sign-in-guard";
import { openShop } from "../../src/shop/shop";
import { clientOf, newClient, PASSWORD } from "../support/client";
import { engines } from "../support/engines";
import { freshShop, type TestShop } from "../support/shop";

const EMAIL = "asha@example.com";

/** Three servers of one shop: what each keeps in memory is its own. */
const serversOf = (shop: TestShop) =>
  Array.from({ length: 3 }, () => openShop(shop.database, shop.settings, { now: shop.now, log: shop.log }));

const at = (address: string) => ({ address, user_agent: null, request_id: null });

const shared = engines.filter(({ name }) => name === "postgres");

describe.each(shared)("three servers of one shop on $name", (engine) => {
  const limited = () => freshShop(engine, { RATE_LIMIT: "on", MAILS_PER_HOUR: "8", RATE_LIMIT_PER_MINUTE: "10000" });

  test("take ten wrong passwords of an account together, and a right one is never counted", async () => {
    const shop = await limited();
    await newClient(shop, { email: EMAIL });
    const doors = serversOf(shop).map((server) => clientOf({ app: createApp(server) }));
    const login = (index: number, password: string) =>
      doors[index % 3]?.post("/auth/login", { email: EMAIL, password }).then(({ status }) => status);
    const statuses: (number | undefined)[] = [];
    for (let tries = 0; tries < 9; tries++) statuses.push(await login(tries, "wrong password"));
    for (let tries = 0; tries < 3; tries++) statuses.push(await login(tries, PASSWORD));
    for (let tries = 0; tries < 3; tries++) statuses.push(await login(tries, "wrong password"));
    expect(statuses).toEqual([...Array.from({ length: 9 }, () => 401), 200, 200, 200, 401, 429, 429]);
  });

  test("let a hundred tries that come at once be ten", async () => {
    const shop = await limited();
    const guards = serversOf(shop).map(createSignInGuard);
    let looked = 0;
    const guess = async (index: number) => {
      const guessed = guards[index % 3]?.admit(EMAIL, at(`192.0.2.${index}`), async () => {
        looked++;
        return false;
      });
      await guessed?.catch(() => {});
    };
    await Promise.all(Array.from({ length: 100 }, (_, index) => guess(index)));
    expect(looked).toBe(10);
  });

  test("send three mails to an address together, eight to all, and forget what nobody waits for", async () => {
    const shop = await limited();
    const guards = serversOf(shop).map(createSignInGuard);
    const mails = async (to: (index: number) => string) => {
      let sent = 0;
      for (let index = 0; index < 9; index++) {
        if (await guards[index % 3]?.mayMail(to(index), at(`192.0.2.${index}`))) sent++;
      }
      return sent;
    };
    expect(await mails(() => EMAIL)).toBe(3);
    expect(await mails((index) => `${index}-${EMAIL}`)).toBe(5);
    const kept = () => shop.database.first<{ count: number }>("SELECT COUNT(*) AS count FROM tries WHERE level > 0");
    expect((await kept())?.count).toBeGreaterThan(8);
    shop.pass(4 * 3600);
    await authJobs[0]?.work(shop, new AbortController().signal);
    expect(await kept()).toEqual({ count: 0 });
  });

  test("open twenty accounts for a client together", async () => {
    const shop = await limited();
    const guards = serversOf(shop).map(createSignInGuard);
    const outcomes = [];
    for (let index = 0; index < 24; index++) {
      outcomes.push(
        await guards[index % 3]?.admitRegistration(at("192.0.2.1")).then(
          () => "in",
          () => "refused",
        ),
      );
    }
    expect(outcomes.filter((outcome) => outcome === "in")).toHaveLength(20);
  });
});
