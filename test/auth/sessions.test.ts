import { describe, expect, test } from "bun:test";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { hashPassword } from "../../src/accounts/passwords";
import { updateAccount } from "../../src/accounts/queries";
import { createApp } from "../../src/app";
import { signingKey } from "../../src/shop/signing-key";
import { loadSettings } from "../support/settings";
import { tableNames } from "../../src/storage/tables";
import { clientOf, newClient, PASSWORD } from "../support/client";
import { engines } from "../support/engines";
import { expiringToken, forgedTokens } from "../support/forgeries";
import { mailedTokens } from "../support/letters";
import { freshShop, SECRET, type TestShop } from "../support/shop";

const refresh = (shop: TestShop, refresh_token: string) => clientOf(shop).post("/auth/refresh", { refresh_token });
const me = (shop: TestShop, token: string) => clientOf(shop, token).get("/users/me");

/** Every value in every table, as text. */
async function everythingIn({ database }: TestShop): Promise<{ table: string; text: string }[]> {
  const values = [];
  for (const table of await tableNames(database)) {
    const rows = await database.all<Record<string, unknown>>(`SELECT * FROM ${table}`);
    for (const value of rows.flatMap((row) => Object.values(row))) values.push({ table, text: textOf(value) });
  }
  return values;
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1");
  return typeof value === "string" ? value : JSON.stringify(value);
}

describe.each(engines)("sessions on $name", (engine) => {
  test("a refresh token is traded for new ones, again and again", async () => {
    const shop = await freshShop(engine);
    let { refreshToken } = await newClient(shop);
    for (let hour = 0; hour < 5; hour++) {
      shop.pass(3600);
      const { status, body } = await refresh(shop, refreshToken);
      expect(status).toBe(200);
      expect((await me(shop, body.access_token)).status).toBe(200);
      expect(body.refresh_token).not.toBe(refreshToken);
      refreshToken = body.refresh_token;
    }
  });

  test("an answer that was lost is given again within a minute, and it is the same", async () => {
    const shop = await freshShop(engine);
    const { refreshToken } = await newClient(shop);
    const first = await refresh(shop, refreshToken);
    shop.pass(60);
    const second = await refresh(shop, refreshToken);
    expect(second.status).toBe(200);
    expect(second.body.refresh_token).toBe(first.body.refresh_token);
  });

  test("a refresh token used again later ends the whole session", async () => {
    const shop = await freshShop(engine);
    const { refreshToken } = await newClient(shop);
    const { body } = await refresh(shop, refreshToken);
    shop.pass(61);
    expect((await refresh(shop, refreshToken)).status).toBe(401);
    expect((await me(shop, body.access_token)).status).toBe(401);
    expect((await refresh(shop, body.refresh_token)).status).toBe(401);
  });

  test("a refresh token whose successor was used is nobody's lost answer", async () => {
    const shop = await freshShop(engine);
    const { refreshToken } = await newClient(shop);
    const { body } = await refresh(shop, refreshToken);
    const next = await refresh(shop, body.refresh_token);
    expect((await refresh(shop, refreshToken)).status).toBe(401);
    expect((await refresh(shop, next.body.refresh_token)).status).toBe(401);
  });

  test("twenty refreshes at once with one token: the session goes on, and the token is spent", async () => {
    const shop = await freshShop(engine);
    const { refreshToken } = await newClient(shop);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(shop, refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
    const next = await refresh(shop, answers[0]?.body.refresh_token);
    expect((await me(shop, next.body.access_token)).status).toBe(200);
    shop.pass(61);
    expect((await refresh(shop, refreshToken)).status).toBe(401);
  });

  test("a guessed refresh token is refused and harms nobody's session", async () => {
    const shop = await freshShop(engine);
    const client = await newClient(shop);
    for (const guess of ["x", `${client.refreshToken}x`, client.refreshToken.slice(1), client.token]) {
      expect((await refresh(shop, String(guess))).status).toBe(401);
    }
    expect((await client.get("/users/me")).status).toBe(200);
  });

  test("a session ends when nobody has renewed it for thirty days", async () => {
    const shop = await freshShop(engine);
    const { refreshToken } = await newClient(shop);
    shop.pass(30 * 86_400 + 1);
    expect((await refresh(shop, refreshToken)).status).toBe(401);
  });

  test("logout ends this session at the next call and leaves the others", async () => {
    const shop = await freshShop(engine);
    const phone = await newClient(shop, { email: "asha@example.com" });
    const { body: laptop } = await clientOf(shop).post("/auth/login", {
      email: "asha@example.com",
      password: PASSWORD,
    });
    expect((await phone.post("/auth/logout")).status).toBe(204);
    expect((await phone.get("/users/me")).status).toBe(401);
    expect((await refresh(shop, phone.refreshToken)).status).toBe(401);
    expect((await me(shop, laptop.access_token)).status).toBe(200);
  });

  test("logout-all ends every session of mine and nobody else's", async () => {
    const shop = await freshShop(engine);
    const asha = await newClient(shop, { email: "asha@example.com" });
    const ravi = await newClient(shop);
    const { body } = await clientOf(shop).post("/auth/login", { email: "asha@example.com", password: PASSWORD });
    expect((await asha.post("/auth/logout-all")).status).toBe(204);
    for (const token of [asha.token, body.access_token]) expect((await me(shop, token)).status).toBe(401);
    expect((await ravi.get("/users/me")).status).toBe(200);
  });

  test.each(["is_active", "is_admin"])("an admin who changes %s ends that account's sessions", async (flag) => {
    const standing = { [flag]: flag === "is_admin" };
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const client = await newClient(shop);
    expect((await admin.patch(`/users/${client.id}`, standing)).status).toBe(200);
    expect((await client.get("/users/me")).status).toBe(401);
    expect((await refresh(shop, client.refreshToken)).status).toBe(401);
  });

  test("I see my open sessions and may end one; somebody else's is as unknown as none", async () => {
    const shop = await freshShop(engine);
    const asha = await newClient(shop, { email: "asha@example.com" });
    const ravi = await newClient(shop);
    shop.pass(1);
    const { body: other } = await clientOf(shop).post("/auth/login", { email: "asha@example.com", password: PASSWORD });
    const { body: sessions } = await asha.get("/auth/sessions");
    expect(sessions).toMatchObject([{ current: false }, { current: true }]);

    const foreign = await ravi.delete(`/auth/sessions/${sessions[0].id}`);
    const unknown = await ravi.delete("/auth/sessions/no-such-session");
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    expect({ ...foreign.body, request_id: "" }).toEqual({ ...unknown.body, request_id: "" });

    expect((await asha.delete(`/auth/sessions/${sessions[0].id}`)).status).toBe(204);
    expect((await me(shop, other.access_token)).status).toBe(401);
    expect((await asha.get("/auth/sessions")).body).toHaveLength(1);
  });

  test("a stolen database holds no password, and no token that works", async () => {
    const shop = await freshShop(engine);
    const client = await newClient(shop, { email: "asha@example.com" });
    const { body } = await refresh(shop, client.refreshToken);
    await clientOf(shop).post("/auth/password/forgot", { email: "asha@example.com" });
    const [mailed = ""] = await mailedTokens(shop);
    expect(mailed).toHaveLength(43);
    const stolen = await everythingIn(shop);
    for (const table of ["sessions", "refresh_tokens", "password_resets", "audit"]) {
      expect({ table, rows: stolen.filter((value) => value.table === table).length }).not.toEqual({ table, rows: 0 });
    }
    const tokens = [client.refreshToken, String(client.token), body.refresh_token, body.access_token, mailed];
    for (const secret of [PASSWORD, ...tokens]) expect(stolen.filter(({ text }) => text.includes(secret))).toEqual([]);
    for (const text of new Set(stolen.map((value) => value.text).filter((value) => /^[\x21-\x7e]+$/.test(value)))) {
      expect((await refresh(shop, text)).status).not.toBe(200);
      expect((await me(shop, text)).status).toBe(401);
      const resetting = await clientOf(shop).post("/auth/password/reset", { token: text, new_password: "a new one" });
      expect(resetting.status).toBe(422);
    }
    expect((await me(shop, body.access_token)).status).toBe(200);
    const owners = { token: mailed, new_password: "a new one" };
    expect((await clientOf(shop).post("/auth/password/reset", owners)).status).toBe(204);
  });

  test("forged, expired and misdirected tokens are all refused", async () => {
    const shop = await freshShop(engine);
    const client = await newClient(shop);
    const forgeries = await forgedTokens(shop, String(client.token));
    expect(Object.keys(forgeries).length).toBeGreaterThan(25);
    for (const [kind, token] of Object.entries(forgeries)) {
      const { status, body } = await me(shop, token);
      expect({ kind, status, code: body.code }).toEqual({ kind, status: 401, code: "not_signed_in" });
      expect((await refresh(shop, token)).status, kind).toBeOneOf([401, 422]);
    }
    expect((await me(shop, client.refreshToken)).status).toBe(401);
    expect((await client.get("/users/me")).status).toBe(200);
  });

  test("a token that worked a moment ago is refused once it expires", async () => {
    const shop = await freshShop(engine);
    const client = await newClient(shop);
    expect((await client.get("/users/me")).status).toBe(200);
    shop.pass(3600);
    expect((await client.get("/users/me")).status).toBe(401);
  });

  test("after the key was changed, tokens of the former key are good until they expire", async () => {
    const shop = await freshShop(engine);
    const client = await newClient(shop);
    const withKeys = (secretKey: string, secretKeyPrevious: string | undefined): TestShop => {
      const changed = { ...shop, settings: { ...shop.settings, secretKey, secretKeyPrevious } };
      return { ...changed, app: createApp(changed) };
    };
    const fresh = "another-secret-for-tests-0123456789-zyxwvut";
    const rotated = withKeys(fresh, SECRET);
    expect((await me(rotated, String(client.token))).status).toBe(200);
    const { body } = await refresh(rotated, client.refreshToken);
    expect((await me(withKeys(fresh, undefined), body.access_token)).status).toBe(200);
    expect((await me(withKeys(fresh, undefined), String(client.token))).status).toBe(401);
    expect((await me(shop, body.access_token)).status).toBe(401);
    expect((await me(rotated, await expiringToken(shop, client, -1))).status).toBe(401);
  });

  test("a password that is changed while it is being checked opens nothing", async () => {
    const shop = await freshShop(engine, { BCRYPT_COST: "10" });
    const { id } = await newClient(shop, { email: "asha@example.com" });
    const password_hash = await hashPassword(shop, "another password");
    const signingIn = clientOf(shop).post("/auth/login", { email: "asha@example.com", password: PASSWORD });
    await shop.database.transaction((tx) => updateAccount(tx, id, { password_hash }, shop.now().toISOString()));
    expect((await signingIn).status).toBe(401);
  });

  test("an account's sessions that are long over are forgotten at its next sign-in", async () => {
    const shop = await freshShop(engine);
    await newClient(shop, { email: "asha@example.com" });
    shop.pass(31 * 86_400);
    await clientOf(shop).post("/auth/login", { email: "asha@example.com", password: PASSWORD });
    expect(await shop.database.all("SELECT id FROM sessions")).toHaveLength(1);
    expect(await shop.database.all("SELECT token_hash FROM refresh_tokens")).toHaveLength(1);
  });
});

describe("the key that signs tokens", () => {
  const production = { SANSET_ENV: "production", DATABASE_URL: "sqlite:////srv/shop.db" };
  const good = "b7e1c0a94f2d63855e9a7c10d4f2836b";

  test.each([undefined, "", "short", "secret", "changeme-changeme-changeme-changeme-changeme", "a".repeat(64)])(
    "%p is refused in production",
    (SECRET_KEY) => {
      expect(() => loadSettings({ ...production, SECRET_KEY })).toThrow(/SECRET_KEY/);
      if (SECRET_KEY) {
        const rotated = { ...production, SECRET_KEY: good, SECRET_KEY_PREVIOUS: SECRET_KEY };
        expect(() => loadSettings(rotated)).toThrow(/SECRET_KEY_PREVIOUS/);
      }
    },
  );

  test("a random one is taken in production", () => {
    expect(loadSettings({ ...production, SECRET_KEY: good }).secretKey).toBe(good);
  });

  test("in development one is made, kept, and nobody else's to read", async () => {
    const [sqlite] = engines;
    const place = await sqlite?.newPlace();
    if (place?.address.engine !== "sqlite") throw new Error("SQLite is always there.");
    const settings = loadSettings({ DATABASE_URL: place.url });
    const secret = signingKey(settings);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(signingKey(settings)).toBe(secret);
    const file = join(dirname(place.address.path), "secret.key");
    expect(existsSync(file)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await place.remove();
  });
});
