import { describe, expect, spyOn, test } from "bun:test";
import { createAccount } from "../../src/accounts/accounts";
import { createApp } from "../../src/app";
import { drain } from "../../src/jobs/deferred";
import { serve } from "../../src/server";
import { loadSettings } from "../support/settings";
import { type Answer, clientOf, newClient, PASSWORD } from "../support/client";
import { engines } from "../support/engines";
import { mailedTokens } from "../support/letters";
import { freshShop, type TestShop } from "../support/shop";
import { holdNext } from "../support/hashing";
import { startSmtpServer } from "../support/smtp";

const EMAIL = "asha@example.com";
const NEW = "a brand new password";

const login = (shop: TestShop, password: string, email = EMAIL) =>
  clientOf(shop).post("/auth/login", { email, password });
const forgot = (shop: TestShop, email = EMAIL) => clientOf(shop).post("/auth/password/forgot", { email });
const reset = (shop: TestShop, token: string, new_password = NEW) =>
  clientOf(shop).post("/auth/password/reset", { token, new_password });

describe.each(engines)("passwords on $name", (engine) => {
  test("changing my password ends every session and takes the new one from then on", async () => {
    const shop = await freshShop(engine);
    const client = await newClient(shop, { email: EMAIL });
    const body = { current_password: PASSWORD, new_password: NEW };
    expect((await client.post("/auth/password", body)).status).toBe(204);
    expect((await client.get("/users/me")).status).toBe(401);
    expect((await clientOf(shop).post("/auth/refresh", { refresh_token: client.refreshToken })).status).toBe(401);
    expect((await login(shop, PASSWORD)).status).toBe(401);
    expect((await login(shop, NEW)).status).toBe(200);
  });

  test("a password change that logout-all overtakes is refused, and changes nothing", async () => {
    const shop = await freshShop(engine);
    const thief = await newClient(shop, { email: EMAIL });
    const { body: owner } = await login(shop, PASSWORD);
    const hashing = holdNext("hash");
    const changing = thief.post("/auth/password", { current_password: PASSWORD, new_password: NEW });
    await hashing.begun;
    expect((await clientOf(shop, owner.access_token).post("/auth/logout-all")).status).toBe(204);
    hashing.letGo();
    expect((await changing).status).toBe(401);
    expect((await login(shop, NEW)).status).toBe(401);
    expect((await login(shop, PASSWORD)).status).toBe(200);
  });

  test("a password change that a mailed token overtakes is refused, and the mailed one's password stays", async () => {
    const shop = await freshShop(engine, { BCRYPT_COST: "10" });
    const thief = await newClient(shop, { email: EMAIL });
    await forgot(shop);
    const [token = ""] = await mailedTokens(shop);
    const changing = thief.post("/auth/password", { current_password: PASSWORD, new_password: "the thief's own" });
    // One hash is needed here and two there.
    expect((await reset(shop, token)).status).toBe(204);
    expect((await changing).status).toBe(401);
    expect((await login(shop, "the thief's own")).status).toBe(401);
    expect((await login(shop, NEW)).status).toBe(200);
  });

  test("whoever does not know my password can't change it", async () => {
    const shop = await freshShop(engine);
    const client = await newClient(shop, { email: EMAIL });
    const { status, body } = await client.post("/auth/password", { current_password: "a guess", new_password: NEW });
    expect({ status, errors: body.errors }).toMatchObject({ status: 422, errors: [{ path: "current_password" }] });
    expect((await login(shop, PASSWORD)).status).toBe(200);
  });

  test("a forgotten password is asked for in the same words, known or not, and without the token", async () => {
    const shop = await freshShop(engine);
    await newClient(shop, { email: EMAIL });
    const known = await forgot(shop, EMAIL.toUpperCase());
    const unknown = await forgot(shop, "nobody@example.com");
    const seen = ({ status, text, headers }: typeof known) => ({ status, text, names: [...headers.keys()].toSorted() });
    expect(seen(known)).toEqual(seen(unknown));
    expect(known.status).toBe(202);
    const [token = ""] = await mailedTokens(shop);
    expect(token).toHaveLength(43);
    expect(known.text + JSON.stringify(known.headers)).not.toContain(token);
    const [stored] = await shop.database.all<{ token_hash: string }>("SELECT token_hash FROM password_resets");
    expect(stored?.token_hash).not.toBe(token);
  });

  test("a forgotten password is seen to apart from the request, so that the next answer tells nothing", async () => {
    const shop = await freshShop(engine);
    await newClient(shop, { email: EMAIL });
    await forgot(shop);
    expect(await shop.database.all("SELECT user_id FROM password_resets")).toEqual([]);
    await drain(shop);
    expect(await shop.database.all("SELECT user_id FROM password_resets")).toHaveLength(1);
  });

  test("a mail that was asked for goes out, also when the server is told to stop", async () => {
    const shop = await freshShop(engine);
    await newClient(shop, { email: EMAIL });
    const server = serve(shop, { host: "127.0.0.1", port: 0 });
    const answer = await fetch(`${server.url}/api/v1/auth/password/forgot`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: EMAIL }),
    });
    expect(answer.status).toBe(202);
    await server.stop();
    const [token = ""] = await mailedTokens(shop);
    expect((await reset(shop, token)).status).toBe(204);
  });

  test("a mailed token sets a new password once, and ends every session", async () => {
    const shop = await freshShop(engine);
    const client = await newClient(shop, { email: EMAIL });
    await forgot(shop);
    const [token = ""] = await mailedTokens(shop);
    const answers = await Promise.all([reset(shop, token), reset(shop, token, "another new password")]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204, 422]));
    expect((await reset(shop, token)).status).toBe(422);
    expect((await client.get("/users/me")).status).toBe(401);
    expect((await login(shop, PASSWORD)).status).toBe(401);
    const winner = answers[0]?.status === 204 ? NEW : "another new password";
    expect((await login(shop, winner)).status).toBe(200);
  });

  test("a mailed token dies with a newer one, after half an hour, and when the password is changed", async () => {
    const shop = await freshShop(engine);
    const client = await newClient(shop, { email: EMAIL });
    await forgot(shop);
    await mailedTokens(shop);
    await forgot(shop);
    const [older = "", newer = ""] = await mailedTokens(shop);
    expect((await reset(shop, older)).status).toBe(422);
    shop.pass(30 * 60);
    expect((await reset(shop, newer)).status).toBe(422);

    await forgot(shop);
    const [, , third = ""] = await mailedTokens(shop);
    await client.post("/auth/password", { current_password: PASSWORD, new_password: NEW });
    expect((await reset(shop, third, "something else again")).status).toBe(422);
    expect((await login(shop, NEW)).status).toBe(200);
  });

  test("a disabled account gets no mail", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const client = await newClient(shop, { email: EMAIL });
    await newClient(shop, { email: "ravi@example.com" });
    await admin.patch(`/users/${client.id}`, { is_active: false });
    await forgot(shop);
    await forgot(shop, "ravi@example.com");
    await drain(shop);
    expect(shop.logged.map(({ about }) => about?.["to"])).toEqual(["ravi@example.com"]);
  });

  test("a hash of another cost is made anew at the next sign-in", async () => {
    const shop = await freshShop(engine);
    await newClient(shop, { email: EMAIL });
    const dearer: TestShop = { ...shop, settings: { ...shop.settings, bcryptCost: 5 } };
    expect((await login({ ...dearer, app: createApp(dearer) }, PASSWORD)).status).toBe(200);
    const row = await shop.database.first<{ password_hash: string }>("SELECT password_hash FROM users");
    expect(row?.password_hash).toStartWith("$2b$05$");
    expect((await login(shop, PASSWORD)).status).toBe(200);
  });

  test("the most common passwords are refused, in any spelling", async () => {
    const shop = await freshShop(engine);
    for (const password of ["password", "Password1", "12345678", "QWERTY123", "iloveyou", "password123"]) {
      const person = { full_name: "Asha Rao", email: EMAIL, phone: "-", password };
      const { status, body } = await clientOf(shop).post("/auth/register", person);
      expect({ password, status, path: body.errors?.[0]?.path }).toEqual({ password, status: 422, path: "password" });
    }
  });

  test("passwords that agree in their first 72 bytes are two passwords", async () => {
    const shop = await freshShop(engine);
    const first = "x".repeat(72);
    await createAccount(shop, { full_name: "A", email: EMAIL, phone: "-", password: `${first}-one`, is_admin: false });
    for (const twin of [`${first}-two`, first, `${first}-on`]) expect((await login(shop, twin)).status).toBe(401);
    expect((await login(shop, `${first}-one`)).status).toBe(200);
  });

  test.each([
    ["empty", ""],
    ["NUL", "long enough\0 but no"],
    ["half an emoji", "long enough \ud83d"],
    ["1 MB", "x".repeat(1_000_000)],
  ])("a password that is %s is refused, new or not", async (_, password) => {
    const shop = await freshShop(engine);
    // What is more than a body may hold is not looked at.
    const refused = password.length > 1_000 ? [413] : [422];
    const person = { full_name: "Asha Rao", email: EMAIL, phone: "-", password };
    expect((await clientOf(shop).post("/auth/register", person)).status).toBeOneOf(refused);
    expect((await login(shop, password)).status).toBeOneOf(refused);
  });

  test("a password of emoji, blanks and combining marks is taken exactly", async () => {
    const shop = await freshShop(engine);
    const password = " 🔑 e\u0301 é ключ ";
    const person = { full_name: "Asha Rao", email: EMAIL, phone: "-", password };
    expect((await clientOf(shop).post("/auth/register", person)).status).toBe(201);
    expect((await login(shop, password)).status).toBe(200);
    expect((await login(shop, password.trim())).status).toBe(401);
    expect((await login(shop, password.normalize("NFC"))).status).toBe(401);
  });

  test("an unknown account and a wrong password look the same and cost as much work", async () => {
    const shop = await freshShop(engine);
    await newClient(shop, { email: EMAIL });
    // The first unknown account of all has the hash made that the others are compared with.
    await login(shop, "a wrong password", "nobody@example.com");
    const works: number[] = [];
    const answers: Answer[] = [];
    for (const email of [EMAIL, "nobody-1@example.com", EMAIL, "nobody-2@example.com"]) {
      works.push(
        await workOf(async () => {
          const answer = await login(shop, "a wrong password", email);
          answers.push(answer);
          return answer;
        }),
      );
    }
    expect(works).toEqual(works.map(() => 2 ** 4));
    const [known, ...others] = answers.map(({ body }) => ({ ...body, request_id: "" }));
    for (const other of others) expect(other).toEqual(known);
  });

  test("a wrong password costs as much work where the hash is from before the cost was raised", async () => {
    const shop = await freshShop(engine);
    await newClient(shop, { email: EMAIL });
    const dearer: TestShop = { ...shop, settings: { ...shop.settings, bcryptCost: 7 } };
    const raised = { ...dearer, app: createApp(dearer) };
    // The first unknown account of all has the hash made that the others are compared with.
    await login(raised, "a wrong password", "nobody@example.com");
    expect(await workOf(() => login(raised, "a wrong password", "nobody@example.com"))).toBe(2 ** 7);
    expect(await workOf(() => login(raised, "a wrong password"))).toBe(2 ** 7);
    expect(await workOf(() => login(shop, "a wrong password"))).toBe(2 ** 4);
  });
});

/** How many rounds of bcrypt are run meanwhile: each cost has twice those of the one below. */
async function workOf(signIn: () => Promise<Answer>): Promise<number> {
  const hashes = spyOn(Bun.password, "hash");
  const checks = spyOn(Bun.password, "verify");
  expect((await signIn()).status).toBe(401);
  const costs = [
    ...hashes.mock.calls.map(([, how]) => (typeof how === "object" && "cost" in how ? how.cost : undefined)),
    ...checks.mock.calls.map(([, hash]) => (typeof hash === "string" ? Number(hash.slice(4, 6)) : undefined)),
  ];
  hashes.mockRestore();
  checks.mockRestore();
  return costs.reduce<number>((work, cost) => work + 2 ** (cost ?? Number.NaN), 0);
}

describe("mail", () => {
  test("goes out by SMTP where that is set, with the token in the page's address", async () => {
    const [sqlite] = engines;
    if (!sqlite) throw new Error("SQLite is always there.");
    const server = startSmtpServer();
    const shop = await freshShop(sqlite, {
      SMTP_URL: `smtp://127.0.0.1:${server.port}`,
      MAIL_FROM: "shop@example.com",
      PASSWORD_RESET_URL: "https://shop.example/reset?lang=en",
    });
    await newClient(shop, { email: EMAIL });
    await forgot(shop);
    const letter = await server.received;
    expect(letter).toContain(`RCPT TO:<${EMAIL}>`);
    expect(letter).toContain("From: shop@example.com");
    const unfolded = letter.replaceAll("=\r\n", "").replaceAll("=3D", "=");
    const token = /https:\/\/shop\.example\/reset\?lang=en&token=([\w-]{43})/.exec(unfolded)?.[1] ?? "";
    expect((await reset(shop, token)).status).toBe(204);
    expect(shop.logged).toEqual([]);
    server.stop();
  });

  test("that can't be sent is in the log, with the reason", async () => {
    const server = startSmtpServer();
    server.stop();
    const shop = await freshShop(engines[0]!, {
      SMTP_URL: `smtp://127.0.0.1:${server.port}`,
      MAIL_FROM: "shop@example.com",
    });
    await newClient(shop, { email: EMAIL });
    await forgot(shop);
    await clientOf(shop).post("/auth/email/verification", { email: EMAIL });
    await drain(shop);
    const about = { reason: expect.stringMatching(/./) };
    expect(shop.logged.toSorted((one, other) => one.message.localeCompare(other.message))).toEqual([
      { level: "error", message: "A mail about a forgotten password could not be sent.", about },
      { level: "error", message: "A mail that confirms an e-mail could not be sent.", about },
    ]);
  });

  test("without SMTP, the log of a shop in production says that mail is missing, and nothing of it", async () => {
    const [sqlite] = engines;
    if (!sqlite) throw new Error("SQLite is always there.");
    const environment = { SANSET_ENV: "production", BCRYPT_COST: "10", RATE_LIMIT: "on" };
    const shop = await freshShop(sqlite, environment);
    await newClient(shop, { email: EMAIL });
    await forgot(shop);
    await drain(shop);
    expect(shop.logged).toEqual([
      { level: "warn", message: expect.stringContaining("SMTP_URL"), about: { subject: "A new password" } },
    ]);
  });

  test("a server that sends mail says whom from", () => {
    expect(() => loadSettings({ SMTP_URL: "smtp://mail.example:587" })).toThrow(/MAIL_FROM/);
  });
});
