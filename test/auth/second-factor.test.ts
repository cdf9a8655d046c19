import { describe, expect, test } from "bun:test";
import { seal, unseal } from "../../src/auth/sealed";
import { base32, codeAt, otpauthUrl, stepAt, stepOf } from "../../src/auth/totp";
import { clientOf, newClient, PASSWORD, statusCounts } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { freshShop, SECRET, type TestShop } from "../support/shop";

const EMAIL = "owner@example.com";

const login = (shop: TestShop, code?: string, password = PASSWORD) =>
  clientOf(shop).post("/auth/login", { email: EMAIL, password, ...(code !== undefined && { code }) });

/** The code that the authenticator shows now, or so many steps later. */
const codeOf = (shop: TestShop, secret: string, later = 0) => codeAt(secret, stepAt(shop.now()) + later);

/** An admin who has turned a second factor on, with its secret and recovery codes. */
async function withFactor(shop: TestShop) {
  const client = await newClient(shop, { email: EMAIL, admin: true });
  const { status, body } = await client.post("/auth/second-factor", { password: PASSWORD });
  expect(status).toBe(201);
  const on = await client.post("/auth/second-factor/confirmation", { code: codeOf(shop, body.secret) });
  expect(on.status).toBe(200);
  return { client, secret: body.secret as string, codes: on.body.recovery_codes as string[] };
}

describe.each(engines)("a second factor on $name", (engine) => {
  test("counts once a first code was given, and signing in needs one from then on", async () => {
    const shop = await freshShop(engine);
    const client = await newClient(shop, { email: EMAIL, admin: true });
    const { body: former } = await client.post("/auth/second-factor", { password: PASSWORD });
    const { body } = await client.post("/auth/second-factor", { password: PASSWORD });
    // What was begun before counts no more.
    const late = await client.post("/auth/second-factor/confirmation", { code: codeOf(shop, former.secret) });
    expect(late.status).toBe(422);
    expect(body.otpauth_url).toBe(otpauthUrl(body.secret, "Sanset", EMAIL));
    expect((await client.get("/auth/second-factor")).body).toEqual({ is_on: false, recovery_codes_left: 0 });
    expect((await login(shop)).status).toBe(200);
    const wrong = await client.post("/auth/second-factor/confirmation", { code: codeOf(shop, body.secret, 5) });
    expect(wrong.body).toMatchObject({ status: 422, errors: [{ path: "code", code: "wrong_code" }] });
    expect((await login(shop)).status).toBe(200);
    const on = await client.post("/auth/second-factor/confirmation", { code: codeOf(shop, body.secret) });
    expect(new Set(on.body.recovery_codes).size).toBe(10);
    expect(on.body.recovery_codes[0]).toMatch(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/);
    expect((await client.get("/auth/second-factor")).body).toEqual({ is_on: true, recovery_codes_left: 10 });
    expect((await login(shop)).body).toMatchObject({ status: 401, code: "code_needed" });
    shop.pass(30);
    expect((await login(shop, codeOf(shop, body.secret))).status).toBe(200);
    expect((await client.post("/auth/second-factor", { password: PASSWORD })).status).toBe(409);
    expect((await client.post("/auth/second-factor/confirmation", { code: "000000" })).status).toBe(409);
    const stored = await shop.database.first<{ secret: string }>("SELECT secret FROM second_factors");
    expect(stored?.secret).not.toContain(body.secret);
  });

  test("takes each code once, and none that is more than a step off", async () => {
    const shop = await freshShop(engine);
    const { secret } = await withFactor(shop);
    // The code that turned it on is used up.
    expect((await login(shop, codeOf(shop, secret))).body).toMatchObject({ status: 401, code: "wrong_credentials" });
    shop.pass(120);
    expect((await login(shop, codeOf(shop, secret, -2))).status).toBe(401);
    expect((await login(shop, codeOf(shop, secret, 2))).status).toBe(401);
    expect((await login(shop, codeOf(shop, secret, -1))).status).toBe(200);
    expect((await login(shop, codeOf(shop, secret, 1))).status).toBe(200);
    expect((await login(shop, codeOf(shop, secret))).status).toBe(401);
    shop.pass(60);
    const [one, other] = await Promise.all([login(shop, codeOf(shop, secret)), login(shop, codeOf(shop, secret))]);
    expect(statusCounts([one, other])).toEqual({ 200: 1, 401: 1 });
  });

  test("a recovery code works once, however it is typed", async () => {
    const shop = await freshShop(engine);
    const { client, codes } = await withFactor(shop);
    const typed = (codes[3] ?? "").toLowerCase().replaceAll("-", " ");
    expect((await login(shop, typed)).status).toBe(200);
    expect((await login(shop, typed)).status).toBe(401);
    expect((await login(shop, codes[4])).status).toBe(200);
    expect((await client.get("/auth/second-factor")).body.recovery_codes_left).toBe(8);
    expect((await login(shop, codes[5], "a wrong password")).status).toBe(401);
    expect((await client.get("/auth/second-factor")).body.recovery_codes_left).toBe(8);
  });

  test("guesses of codes are slowed down as those of passwords are; asking for a code is no guess", async () => {
    const shop = await freshShop(engine, { RATE_LIMIT: "on", RATE_LIMIT_PER_MINUTE: "100000" });
    await withFactor(shop);
    for (let tries = 0; tries < 12; tries++) expect((await login(shop)).body.code).toBe("code_needed");
    for (let tries = 0; tries < 10; tries++) expect((await login(shop, "000000")).status).toBe(401);
    expect((await login(shop, "000000")).status).toBe(429);
  });

  test("is removed with the password, or by whoever runs the shop", async () => {
    const shop = await freshShop(engine);
    const { client } = await withFactor(shop);
    expect((await client.post("/auth/second-factor/removal", { password: "a guess" })).status).toBe(422);
    expect((await client.post("/auth/second-factor/removal", { password: PASSWORD })).status).toBe(204);
    expect((await client.post("/auth/second-factor/removal", { password: PASSWORD })).status).toBe(404);
    expect((await login(shop)).status).toBe(200);
    expect((await runCommand(shop, ["user", "remove-second-factor", EMAIL])).text).toBe(
      `${EMAIL} has no second factor.`,
    );
    const { body } = await client.post("/auth/second-factor", { password: PASSWORD });
    shop.pass(60);
    await client.post("/auth/second-factor/confirmation", { code: codeOf(shop, body.secret) });
    expect((await login(shop)).status).toBe(401);
    expect((await runCommand(shop, ["user", "remove-second-factor", EMAIL])).answer.removed).toBe(true);
    expect((await login(shop)).status).toBe(200);
  });

  test("is asked for as well where the password is given again, and each code is good once", async () => {
    const shop = await freshShop(engine);
    const { client, secret } = await withFactor(shop);
    const check = (code?: string) => client.post("/auth/password/check", { password: PASSWORD, ...(code && { code }) });
    shop.pass(60);
    const code = codeOf(shop, secret);
    expect(await check()).toMatchObject({ status: 401, body: { code: "code_needed" } });
    expect((await check("000000")).status).toBe(422);
    expect((await client.post("/auth/password/check", { password: "not my password", code })).status).toBe(422);
    expect((await check(code)).status).toBe(204);
    expect((await check(code)).status).toBe(422);
  });

  test("is asked of admins where the shop says so: without it they can do nothing but make it", async () => {
    const shop = await freshShop(engine, { ADMIN_SECOND_FACTOR: "on" });
    const customer = await newClient(shop);
    const admin = await newClient(shop, { email: EMAIL, admin: true });
    expect((await admin.get("/users")).body).toMatchObject({ status: 403, code: "second_factor_needed" });
    expect((await customer.get("/users")).body).toMatchObject({ status: 403, code: "forbidden" });
    expect((await admin.get(`/recommend/${customer.id}`)).status).toBe(403);
    expect((await admin.get("/users/me")).status).toBe(200);
    const { body } = await admin.post("/auth/second-factor", { password: PASSWORD });
    await admin.post("/auth/second-factor/confirmation", { code: codeOf(shop, body.secret) });
    expect((await admin.get("/users")).status).toBe(200);
    expect((await admin.post("/auth/second-factor/removal", { password: PASSWORD })).status).toBe(403);
    expect((await customer.get("/users/me")).status).toBe(200);
  });
});

const encode = (text: string) => base32(new TextEncoder().encode(text));

describe("codes of time", () => {
  const SECRET_OF_RFC = base32(new TextEncoder().encode("12345678901234567890"));

  test.each([
    [59, "287082"],
    [1_111_111_109, "081804"],
    [1_111_111_111, "050471"],
    [1_234_567_890, "005924"],
    [2_000_000_000, "279037"],
    [20_000_000_000, "353130"],
  ])("at %d s the code of RFC 6238's secret is %s", (seconds, code) => {
    const now = new Date(seconds * 1_000);
    expect(codeAt(SECRET_OF_RFC, stepAt(now))).toBe(code);
    expect(stepOf(SECRET_OF_RFC, `${code.slice(0, 3)} ${code.slice(3)}`, now)).toBe(stepAt(now));
    expect(stepOf(SECRET_OF_RFC, code, new Date((seconds + 90) * 1_000))).toBeUndefined();
  });

  test("base 32 is that of RFC 4648", () => {
    expect(["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(encode)).toEqual([
      "",
      "MY",
      "MZXQ",
      "MZXW6",
      "MZXW6YQ",
      "MZXW6YTB",
      "MZXW6YTBOI",
    ]);
  });

  test("what is sealed opens with the shop's key or the one before, and with no other", async () => {
    const shop = await freshShop(engines[0]!);
    const other = SECRET.split("").toReversed().join("");
    const sealed = seal(shop, "a secret");
    expect(sealed).not.toBe(seal(shop, "a secret"));
    expect(unseal(shop, sealed)).toBe("a secret");
    const rotated = { settings: { ...shop.settings, secretKey: other, secretKeyPrevious: SECRET } };
    expect(unseal(rotated, sealed)).toBe("a secret");
    expect(unseal({ settings: { ...shop.settings, secretKey: other } }, sealed)).toBeUndefined();
    expect(unseal(shop, "nonsense")).toBeUndefined();
  });
});
