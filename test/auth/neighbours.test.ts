import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { SESSIONS_KEPT, USED_TOKENS_KEPT } from "../../src/auth/sessions";
import { codeAt, stepAt } from "../../src/auth/totp";
import { drain } from "../../src/jobs/deferred";
import { insertRows, type Row } from "../../src/storage/rows";
import { Unredacted } from "../../src/telemetry/redact";
import { type Client, clientOf, newClient, PASSWORD } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { freshShop, type TestShop } from "../support/shop";

setDefaultTimeout(60_000);

const EMAIL = "asha@example.com";
const NEW_EMAIL = "asha.rao@example.org";

/** The token of the last mail that had one. */
async function mailedToken(shop: TestShop): Promise<string> {
  await drain(shop);
  const texts = shop.logged.flatMap(({ about }) => {
    const text = about?.["text"];
    return text instanceof Unredacted ? [text.text] : [];
  });
  return texts.flatMap((text) => /token[:=] ?(\S+)/.exec(text)?.[1] ?? []).at(-1) ?? "";
}

async function turnFactorOn(shop: TestShop, client: Client, password = PASSWORD) {
  const { secret } = (await client.post("/auth/second-factor", { password })).body;
  const code = codeAt(secret, stepAt(shop.now()));
  const on = await client.post("/auth/second-factor/confirmation", { code });
  expect(on.status).toBe(200);
  return { secret: secret as string, codes: on.body.recovery_codes as string[] };
}

const rows = (count: number, row: (number: number) => Row) => Array.from({ length: count }, (_, at) => row(at));

/** All that is written down of how an account is signed in to. */
async function writtenOf(shop: TestShop, userId: number): Promise<unknown[]> {
  const tables = ["sessions", "second_factors", "recovery_codes", "email_tokens", "password_resets", "known_places"];
  const of = `SELECT id FROM sessions WHERE user_id = $1`;
  const queries = [
    "SELECT * FROM users WHERE id = $1",
    `SELECT * FROM refresh_tokens WHERE session_id IN (${of}) ORDER BY token_hash`,
    ...tables.map((table) => `SELECT * FROM ${table} WHERE user_id = $1`),
  ];
  return Promise.all(
    queries.map(async (sql) => {
      const written = await shop.database.all<Record<string, unknown>>(sql, [userId]);
      return written.map((row) => JSON.stringify(row)).toSorted();
    }),
  );
}

describe.each(engines)("accounts side by side on $name", (engine) => {
  test("have nothing in common: what becomes of one leaves all of the other as it is", async () => {
    const shop = await freshShop(engine, { SESSIONS_MOST: "3" });
    const admin = await newClient(shop, { admin: true });
    const om = await newClient(shop, { email: "om@example.com" });
    const login = (password: string, email = EMAIL, code?: string) =>
      clientOf(shop).post("/auth/login", { email, password, ...(code !== undefined && { code }) });
    const ask = async (path: string, body: object) => {
      expect((await clientOf(shop).post(`/auth/${path}`, body)).status).toBeLessThan(300);
      return mailedToken(shop);
    };
    // The neighbour has all that an account can have, some of it used.
    const factor = await turnFactorOn(shop, om);
    expect((await login(PASSWORD, "om@example.com", factor.codes[0])).status).toBe(200);
    expect((await clientOf(shop).post("/auth/refresh", { refresh_token: om.refreshToken })).status).toBe(200);
    await ask("password/forgot", { email: "om@example.com" });
    expect((await om.post("/auth/email", { email: "om.puri@example.org", password: PASSWORD })).status).toBe(202);
    await drain(shop);
    await shop.database.transaction(async (tx) => {
      await tx.run("INSERT INTO known_places (user_id, client, last_seen_at) VALUES ($1, '192.0.2.1', '2029-12-31')", [
        om.id,
      ]);
      // Their sessions and used tokens are as many as are kept of one, and newer than all that follows.
      const later = "2032-01-01T00:00:00.000Z";
      const times = { created_at: later, last_used_at: later, expires_at: later };
      await insertRows(
        tx,
        "sessions",
        rows(SESSIONS_KEPT, (at) => ({ id: `s${at}`, user_id: om.id, ...times, ended_at: at < 5 ? null : later })),
      );
      const salt = "salt";
      await insertRows(
        tx,
        "refresh_tokens",
        rows(USED_TOKENS_KEPT, (at) => ({ token_hash: `t${at}`, session_id: "s0", salt, used_at: later })),
      );
    });
    const before = await writtenOf(shop, om.id);
    expect(before.map((some) => Array.isArray(some) && some.length > 0)).toEqual(before.map(() => true));

    const last = await shop.database.first<{ id: number }>("SELECT MAX(id) AS id FROM audit");
    const asha = await newClient(shop, { email: EMAIL });
    shop.pass(60);
    const tokens = [];
    for (let sessions = 0; sessions < 2; sessions++) tokens.push((await login(PASSWORD)).body);
    // As many as are kept from long ago: each new one takes the place of one of them.
    await shop.database.transaction(async (tx) => {
      const open = await tx.all<{ id: string }>("SELECT id FROM sessions WHERE user_id = $1", [asha.id]);
      const past = "2029-01-01T00:00:00.000Z";
      const times = { created_at: past, last_used_at: past, expires_at: "2032-01-01T00:00:00.000Z", ended_at: past };
      await insertRows(
        tx,
        "sessions",
        rows(SESSIONS_KEPT, (at) => ({ id: `old${at}`, user_id: asha.id, ...times })),
      );
      const used = ({ id }: { id: string }) =>
        rows(USED_TOKENS_KEPT, (at) => ({ token_hash: `${id} ${at}`, session_id: id, salt: "salt", used_at: past }));
      await insertRows(tx, "refresh_tokens", open.flatMap(used));
    });
    tokens.push((await login(PASSWORD)).body);
    expect((await writtenOf(shop, asha.id))[2]).toHaveLength(SESSIONS_KEPT);
    expect((await asha.get("/users/me")).status).toBe(401);
    const renewed = await clientOf(shop).post("/auth/refresh", { refresh_token: tokens[0].refresh_token });
    shop.pass(120);
    for (const refresh_token of [tokens[0].refresh_token, renewed.body.refresh_token])
      expect((await clientOf(shop).post("/auth/refresh", { refresh_token })).status).toBe(401);
    const second = clientOf(shop, tokens[1].access_token);
    const open = (await second.get("/auth/sessions")).body;
    expect(open).toHaveLength(2);
    const other = open.find(({ current }: { current: boolean }) => !current);
    expect((await second.delete(`/auth/sessions/${other.id}`)).status).toBe(204);

    const own = await turnFactorOn(shop, second);
    shop.pass(60);
    expect((await login(PASSWORD, EMAIL, codeAt(own.secret, stepAt(shop.now())))).status).toBe(200);
    expect((await login(PASSWORD, EMAIL, factor.codes[1])).status).toBe(401);
    expect((await login(PASSWORD, EMAIL, own.codes[0])).status).toBe(200);
    expect((await second.get("/auth/second-factor")).body).toEqual({ is_on: true, recovery_codes_left: 9 });
    expect((await second.post("/auth/second-factor/removal", { password: PASSWORD })).status).toBe(204);

    for (const [path, wrong] of [
      ["password", { current_password: "a guess", new_password: "one more password" }],
      ["email", { email: NEW_EMAIL, password: "a guess" }],
      ["password/reset", { token: "nobody's", new_password: "one more password" }],
      ["email/confirmation", { token: "nobody's" }],
    ] as const)
      expect([path, (await second.post(`/auth/${path}`, wrong)).status]).toEqual([path, 422]);
    const changed = { current_password: PASSWORD, new_password: "one more password" };
    expect((await second.post("/auth/password", changed)).status).toBe(204);
    const token = await ask("password/forgot", { email: EMAIL });
    await ask("password/reset", { token, new_password: "yet another password" });
    const third = clientOf(shop, (await login("yet another password")).body.access_token);
    await ask("email/verification", { email: EMAIL });
    await third.post("/auth/email", { email: NEW_EMAIL, password: "yet another password" });
    await ask("email/confirmation", { token: await mailedToken(shop) });
    const fourth = clientOf(shop, (await login("yet another password", NEW_EMAIL)).body.access_token);
    expect((await fourth.post("/auth/logout")).status).toBe(204);
    const fifth = clientOf(shop, (await login("yet another password", NEW_EMAIL)).body.access_token);
    expect((await fifth.post("/auth/logout-all")).status).toBe(204);
    expect((await admin.patch(`/users/${asha.id}`, { is_active: false })).status).toBe(200);
    expect((await admin.patch(`/users/${asha.id}`, { is_active: true, email: EMAIL })).status).toBe(200);
    expect((await admin.delete(`/users/${asha.id}/sessions`)).status).toBe(204);
    expect((await runCommand(shop, ["user", "remove-second-factor", EMAIL])).failed).toBeUndefined();
    // By then all of both's sessions are long over.
    shop.pass(120 * 86_400);
    expect((await login("yet another password")).status).toBe(200);
    expect(await writtenOf(shop, om.id)).toEqual(before);
    expect((await writtenOf(shop, asha.id))[1]).toHaveLength(1);
    // And the audit has it all.
    const entries = await shop.database.all<{ action: string }>("SELECT action FROM audit WHERE id > $1 ORDER BY id", [
      last?.id ?? 0,
    ]);
    expect(entries.map(({ action }) => action)).toEqual([
      "sign_in",
      "sign_in",
      "sign_in",
      "sign_in",
      "refresh_token_reused",
      "sign_out",
      "second_factor_on",
      "sign_in",
      "sign_in_failed",
      "sign_in",
      "second_factor_off",
      "password_change_failed",
      "email_change_failed",
      "password_reset_failed",
      "email_confirmation_failed",
      "password_changed",
      "password_forgotten",
      "password_reset",
      "sign_in",
      "email_change_asked",
      "email_changed",
      "sign_in",
      "sign_out",
      "sign_in",
      "sign_out_everywhere",
      "PATCH /api/v1/users/:id",
      "PATCH /api/v1/users/:id",
      "DELETE /api/v1/users/:id/sessions",
      "sanset user remove-second-factor",
      "sign_in",
    ]);
  });
});
