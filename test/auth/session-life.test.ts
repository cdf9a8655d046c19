import { describe, expect, test } from "bun:test";
import { createAllowance } from "../../src/auth/allowance";
import { createSignInGuard } from "../../src/auth/sign-in-guard";
import { clientOf, newClient, PASSWORD } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { freshShop, type TestShop } from "../support/shop";

const EMAIL = "asha@example.com";
const DAY = 86_400;

const login = (shop: TestShop, email = EMAIL) => clientOf(shop).post("/auth/login", { email, password: PASSWORD });

const hex = (number: number) => number.toString(16);

const refresh = (shop: TestShop, refresh_token: string) => clientOf(shop).post("/auth/refresh", { refresh_token });

describe.each(engines)("the life of a session on $name", (engine) => {
  test("ends after 90 days, however much it is used", async () => {
    const shop = await freshShop(engine);
    await newClient(shop, { email: EMAIL });
    let { body } = await login(shop);
    const opened = shop.now().getTime();
    for (let day = 0; day < 80; day += 20) {
      shop.pass(20 * DAY);
      const renewed = await refresh(shop, body.refresh_token);
      expect(renewed.status).toBe(200);
      body = renewed.body;
    }
    const [session] = (await clientOf(shop, body.access_token).get("/auth/sessions")).body;
    expect(Date.parse(session.expires_at) - opened).toBe(90 * DAY * 1_000);
    shop.pass(10 * DAY - 1);
    const last = await refresh(shop, body.refresh_token);
    expect(last.status).toBe(200);
    shop.pass(1);
    expect((await refresh(shop, last.body.refresh_token)).status).toBe(401);
    expect((await clientOf(shop, last.body.access_token).get("/users/me")).status).toBe(401);
  });

  test("ends as SESSION_DAYS says, also where it was opened by an older Sanset", async () => {
    const shop = await freshShop(engine, { SESSION_DAYS: "2", REFRESH_TOKEN_EXPIRE_MINUTES: "100000" });
    await newClient(shop, { email: EMAIL });
    const { body } = await login(shop);
    await shop.database.transaction((tx) => tx.run("UPDATE sessions SET ends_at = NULL, expires_at = '2040-01-01'"));
    shop.pass(DAY);
    const renewed = await refresh(shop, body.refresh_token);
    expect(renewed.status).toBe(200);
    expect((await clientOf(shop, renewed.body.access_token).get("/users/me")).status).toBe(200);
    shop.pass(DAY);
    expect((await refresh(shop, renewed.body.refresh_token)).status).toBe(401);
  });

  test("an account has so many open, and one more ends the longest unused", async () => {
    const shop = await freshShop(engine, { SESSIONS_MOST: "3" });
    const first = await newClient(shop, { email: EMAIL });
    await newClient(shop, { email: "other@example.com" });
    const tokens = [first.token ?? ""];
    let refreshed = first.refreshToken;
    for (let number = 0; number < 2; number++) {
      shop.pass(60);
      tokens.push((await login(shop)).body.access_token);
    }
    shop.pass(60);
    // The first was used last.
    refreshed = (await refresh(shop, refreshed)).body.refresh_token;
    shop.pass(60);
    tokens.push((await login(shop)).body.access_token);
    const statuses = await Promise.all(
      tokens.map(async (token) => (await clientOf(shop, token).get("/users/me")).status),
    );
    expect(statuses).toEqual([200, 401, 200, 200]);
    expect((await refresh(shop, refreshed)).status).toBe(200);
  });

  test("an admin sees an account's sessions and ends them all; nobody else may", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const customer = await newClient(shop, { email: EMAIL });
    const { body: second } = await login(shop);
    const path = `/users/${customer.id}/sessions`;
    const listed = await admin.get(path);
    expect(listed.body).toMatchObject([{ current: false }, { current: false }]);
    expect(listed.headers.get("x-total-count")).toBe("2");
    expect((await customer.get(path)).status).toBe(403);
    expect((await customer.delete(path)).status).toBe(403);
    expect((await admin.delete(path)).status).toBe(204);
    expect((await customer.get("/users/me")).status).toBe(401);
    expect((await refresh(shop, second.refresh_token)).status).toBe(401);
    expect((await admin.get(path)).body).toEqual([]);
    expect((await admin.get("/users/me")).status).toBe(200);
    expect((await login(shop)).status).toBe(200);
    for (const call of [admin.get("/users/999/sessions"), admin.delete("/users/999/sessions")])
      expect((await call).status).toBe(404);
    const { body: entries } = await admin.get("/admin/audit?action=DELETE%20/api/v1/users/:id/sessions");
    expect(entries).toMatchObject([{ user_id: admin.id, details: { user_id: customer.id, ended: 2 } }]);
  });

  test("the command line ends them too", async () => {
    const shop = await freshShop(engine);
    const customer = await newClient(shop, { email: EMAIL });
    expect((await runCommand(shop, ["user", "signout", EMAIL])).text).toBe(`${EMAIL}: 1 session was ended.`);
    expect((await customer.get("/users/me")).status).toBe(401);
    const again = await runCommand(shop, ["user", "signout", customer.id]);
    expect(again).toMatchObject({
      text: `${EMAIL}: 0 sessions were ended.`,
      answer: { user_id: customer.id, ended: 0 },
    });
  });
});

const at = (address: string) => ({ address, user_agent: null, request_id: null });

const from = (network: (number: number) => string) =>
  Array.from({ length: 400 }, (_, number): [string, string] => [`guess-${number}@example.com`, network(number)]);

/** How many of these tries are looked at before the guard refuses. */
async function lookedAt(guard: ReturnType<typeof createSignInGuard>, tries: [email: string, address: string][]) {
  let count = 0;
  for (const [email, address] of tries) {
    const answer = await guard.admit(email, at(address), async () => false).catch(() => "refused");
    if (answer === "refused") return count;
    count++;
  }
  return count;
}

describe("the guard of signing in", () => {
  const [engine] = engines;

  const limited = () => freshShop(engine!, { RATE_LIMIT: "on" });

  test("counts the networks of an IPv6 address side by side: 10 tries of a /64, 40 of a /56, 160 of a /48", async () => {
    const shop = await limited();
    expect(
      await lookedAt(
        createSignInGuard(shop),
        from((n) => `2001:db8:1:100::${hex(n + 1)}`),
      ),
    ).toBe(10);
    expect(
      await lookedAt(
        createSignInGuard(shop),
        from((n) => `2001:db8:2:1${hex(n % 256).padStart(2, "0")}::1`),
      ),
    ).toBe(40);
    expect(
      await lookedAt(
        createSignInGuard(shop),
        from((n) => `2001:db8:3:${hex(n)}00::1`),
      ),
    ).toBe(160);
    expect(
      await lookedAt(
        createSignInGuard(shop),
        from(() => "192.0.2.7"),
      ),
    ).toBe(10);
    expect(
      await lookedAt(
        createSignInGuard(shop),
        from((n) => `192.0.${n >> 8}.${n & 255}`),
      ),
    ).toBe(400);
  });

  test("a right password forgives the tries before it from there", async () => {
    const shop = await limited();
    const guard = createSignInGuard(shop);
    const tries = (count: number) => Array.from({ length: count }, (): [string, string] => [EMAIL, "192.0.2.7"]);
    expect(await lookedAt(guard, tries(9))).toBe(9);
    expect(await guard.admit(EMAIL, at("192.0.2.7"), async () => true)).toBe(true);
    // The account's own tries and those of the address stand; only the two together are forgiven.
    shop.pass(9 * 600);
    expect(await lookedAt(guard, tries(20))).toBe(10);
  });

  test("lets five mails out for one caller, and so many for all together in an hour", async () => {
    const shop = await freshShop(engine!, { RATE_LIMIT: "on", MAILS_PER_HOUR: "8" });
    const guard = createSignInGuard(shop);
    const mails = async (address: string, count: number) => {
      const sent = Array.from({ length: count }, (_, n) => guard.mayMail(`${address}-${n}@example.com`, at(address)));
      return (await Promise.all(sent)).filter(Boolean).length;
    };
    expect(await mails("192.0.2.1", 9)).toBe(5);
    expect(await mails("192.0.2.2", 9)).toBe(3);
    shop.pass(3_599);
    expect(await mails("192.0.2.3", 1)).toBe(0);
    shop.pass(1);
    expect(await mails("192.0.2.4", 1)).toBe(1);
  });

  test("a reset by mail ends the waits that strangers have brought about, and its place is known from then on", async () => {
    const shop = await limited();
    await newClient(shop, { email: EMAIL });
    const guard = createSignInGuard(shop);
    const strangers = Array.from({ length: 10 }, (_, n): [string, string] => [EMAIL, `192.0.2.${n}`]);
    expect(await lookedAt(guard, strangers)).toBe(10);
    expect(await lookedAt(guard, [[EMAIL, "198.51.100.1"]])).toBe(0);
    await guard.forgive(EMAIL);
    expect(await lookedAt(guard, [[EMAIL, "198.51.100.1"]])).toBe(1);
  });

  test("an allowance starts anew with its window", () => {
    let now = 0;
    const allowance = createAllowance(60, () => now);
    expect([allowance.take(2), allowance.take(2), allowance.take(2)]).toEqual([true, true, false]);
    now = 59.9;
    expect(allowance.take(2)).toBe(false);
    now = 60;
    expect(allowance.take(2)).toBe(true);
  });
});
