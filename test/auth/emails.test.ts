import { describe, expect, test } from "bun:test";
import { emailKey, isEmail } from "../../src/base/email";
import { drain } from "../../src/jobs/deferred";
import { Unredacted } from "../../src/telemetry/redact";
import { buy } from "../support/buying";
import { clientOf, newBuyer, newClient, PASSWORD } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const EMAIL = "asha@example.com";
const NEW = "asha.rao@example.org";

const register = (shop: TestShop, email = EMAIL) =>
  clientOf(shop).post("/auth/register", { full_name: "Asha Rao", email, phone: "1", password: PASSWORD });
const login = (shop: TestShop, email = EMAIL) => clientOf(shop).post("/auth/login", { email, password: PASSWORD });
const confirm = (shop: TestShop, token: string) => clientOf(shop).post("/auth/email/confirmation", { token });

/** What was mailed so far: to whom, about what, with which token. */
async function letters(shop: TestShop) {
  await drain(shop);
  return shop.logged.flatMap(({ about }) => {
    const text = about?.["text"];
    if (!(text instanceof Unredacted)) return [];
    return [{ to: about?.["to"], subject: about?.["subject"], token: /token[:=] ?(\S+)/.exec(text.text)?.[1] ?? "" }];
  });
}

describe.each(engines)("a confirmed e-mail on $name", (engine) => {
  test("is nothing that anybody is asked for, unless the shop says so", async () => {
    const shop = await freshShop(engine);
    expect((await register(shop)).body).toMatchObject({ email: EMAIL, email_verified_at: null });
    expect(await letters(shop)).toEqual([]);
    expect((await login(shop)).status).toBe(200);
  });

  test("is needed to sign in where the shop says so, and a link that works once confirms it", async () => {
    const shop = await freshShop(engine, {
      REQUIRE_VERIFIED_EMAIL: "sign-in",
      EMAIL_CONFIRM_URL: "https://shop.example/confirm?lang=en",
    });
    await register(shop);
    expect((await login(shop)).body).toMatchObject({ status: 403, code: "email_unverified" });
    const [letter] = await letters(shop);
    expect(letter).toMatchObject({ to: EMAIL, subject: "Confirm your e-mail" });
    const link = shop.logged.map(({ about }) => about?.["text"]).find((text) => text instanceof Unredacted);
    expect(link?.text).toContain("https://shop.example/confirm?lang=en&token=");
    expect((await confirm(shop, letter?.token ?? "")).status).toBe(204);
    const { status, body } = await login(shop);
    expect(status).toBe(200);
    const me = (await clientOf(shop, body.access_token).get("/users/me")).body;
    expect(me.email_verified_at).toBe(shop.now().toISOString());
    expect((await confirm(shop, letter?.token ?? "")).body).toMatchObject({
      status: 422,
      errors: [{ path: "token", code: "bad_token" }],
    });
  });

  test("can be asked for again; only the newest link is good, and only for a day", async () => {
    const shop = await freshShop(engine, { REQUIRE_VERIFIED_EMAIL: "sign-in" });
    await register(shop);
    expect((await clientOf(shop).post("/auth/email/verification", { email: EMAIL })).status).toBe(202);
    expect((await clientOf(shop).post("/auth/email/verification", { email: "nobody@example.com" })).status).toBe(202);
    const [older, newer, ...more] = await letters(shop);
    expect(more).toEqual([]);
    expect((await confirm(shop, older?.token ?? "")).status).toBe(422);
    shop.pass(86_400);
    expect((await confirm(shop, newer?.token ?? "")).status).toBe(422);
    await clientOf(shop).post("/auth/email/verification", { email: EMAIL });
    const third = (await letters(shop)).at(-1);
    shop.pass(86_399);
    expect((await confirm(shop, third?.token ?? "")).status).toBe(204);
    // It is confirmed, so there is nothing more to mail.
    await clientOf(shop).post("/auth/email/verification", { email: EMAIL });
    expect(await letters(shop)).toHaveLength(3);
  });

  test("is needed for cash on delivery where the shop says so, and for nothing else", async () => {
    const shop = await freshShop(engine, { REQUIRE_VERIFIED_EMAIL: "cod" });
    const mug = await stockShelf(shop, { stock: 5 });
    const buyer = await newBuyer(shop, { email: EMAIL });
    expect((await buy(buyer, [mug])).body).toMatchObject({ status: 403, code: "email_unverified" });
    expect((await buy(buyer, [mug], { payment_method: "mock" })).status).toBe(201);
    await buyer.post("/auth/email/verification", { email: EMAIL });
    expect((await confirm(shop, (await letters(shop)).at(-1)?.token ?? "")).status).toBe(204);
    expect((await buy(buyer, [mug])).status).toBe(201);
  });

  test("is what a reset by mail shows, and what whoever runs the shop vouches for", async () => {
    const shop = await freshShop(engine, { REQUIRE_VERIFIED_EMAIL: "sign-in" });
    await register(shop);
    await clientOf(shop).post("/auth/password/forgot", { email: EMAIL });
    const token = (await letters(shop)).find(({ subject }) => subject === "A new password")?.token;
    expect((await clientOf(shop).post("/auth/password/reset", { token, new_password: PASSWORD })).status).toBe(204);
    expect((await login(shop)).status).toBe(200);
    const made = await runCommand(shop, ["user", "create", "owner@example.com", "--name", "O"], PASSWORD);
    expect(made.answer.email_verified_at).toBe(shop.now().toISOString());
    expect((await login(shop, "owner@example.com")).status).toBe(200);
  });
});

/** Whoever is behind all of these asks from ever other places, and waits as long as they have to. */
async function askedFor(shop: TestShop, times: number, ask: (address: string) => Promise<unknown>): Promise<void> {
  for (let time = 0; time < times; time++) {
    shop.pass(7_200);
    await ask(`10.1.0.${time}`);
    await drain(shop);
  }
}

const strict = { RATE_LIMIT: "on", RATE_LIMIT_PER_MINUTE: "1000000", MAILS_UNCONFIRMED_MOST: "4" };
const sentTo = async (shop: TestShop, to: string) => (await letters(shop)).filter((letter) => letter.to === to).length;
const suppressed = (shop: TestShop) =>
  shop.database.all<{ subject: string }>("SELECT subject FROM audit WHERE action = 'mails_suppressed' ORDER BY id");
const forgot = (shop: TestShop) => () => clientOf(shop).post("/auth/password/forgot", { email: EMAIL });

describe.each(engines)("an e-mail that nobody has confirmed on $name", (engine) => {
  test("gets so many mails that strangers cause, also after a restart, then none for a month; the audit says so once", async () => {
    const shop = await freshShop(engine, strict);
    const { id } = await newClient(shop, { email: EMAIL });
    const verify = () => clientOf(shop).post("/auth/email/verification", { email: EMAIL });
    await askedFor(shop, 3, forgot(shop));
    shop.state.clear();
    await askedFor(shop, 6, verify);
    expect(await sentTo(shop, EMAIL)).toBe(4);
    expect(await suppressed(shop)).toEqual([{ subject: `user ${id}` }]);
    // Going on keeps nothing from being forgotten.
    shop.pass(29 * 86_400);
    await askedFor(shop, 1, verify);
    shop.pass(2 * 86_400);
    await askedFor(shop, 6, verify);
    expect(await sentTo(shop, EMAIL)).toBe(8);
    expect((await runCommand(shop, ["mail", "allow", EMAIL.toUpperCase()])).text).toContain("again");
    await askedFor(shop, 1, verify);
    expect(await sentTo(shop, EMAIL)).toBe(9);
  });

  test("gets no more of them because its account asks for ever other ones, which get no more either", async () => {
    const shop = await freshShop(engine, strict);
    const client = await newClient(shop, { email: EMAIL });
    for (let time = 0; time < 6; time++) {
      shop.pass(1_800);
      const { body } = await login(shop);
      const signedIn = clientOf(shop, body.access_token);
      expect((await change(signedIn, `asha${time % 2}@example.org`)).status).toBe(202);
      await drain(shop);
    }
    expect(client.id).toBeGreaterThan(0);
    expect(await sentTo(shop, EMAIL)).toBe(4);
    expect(await sentTo(shop, "asha0@example.org")).toBe(3);
    await askedFor(shop, 4, async () =>
      change(clientOf(shop, (await login(shop)).body.access_token), "asha0@example.org"),
    );
    expect(await sentTo(shop, "asha0@example.org")).toBe(4);
  });

  test("is written to without end once it is confirmed, or its owner has bought something", async () => {
    const shop = await freshShop(engine, strict);
    const buyer = await newBuyer(shop, { email: EMAIL });
    const { body } = await buy(buyer, [await stockShelf(shop)]);
    await askedFor(shop, 6, forgot(shop));
    expect(await sentTo(shop, EMAIL)).toBe(4);
    const admin = await newClient(shop, { admin: true });
    expect((await admin.post(`/orders/${body.order_id}/shipment`)).status).toBe(200);
    await askedFor(shop, 2, forgot(shop));
    expect(await sentTo(shop, EMAIL)).toBe(6);
  });
});

const change = (client: { post: ReturnType<typeof clientOf>["post"] }, email = NEW, password = PASSWORD) =>
  client.post("/auth/email", { email, password });

describe.each(engines)("another e-mail on $name", (engine) => {
  test("is an account's once its link is used; both hear of it, and all sessions end", async () => {
    const shop = await freshShop(engine);
    const client = await newClient(shop, { email: EMAIL });
    expect((await change(client)).status).toBe(202);
    const [told, linked] = await letters(shop);
    expect([told?.to, told?.subject]).toEqual([EMAIL, "Your e-mail is to change"]);
    expect(linked?.to).toBe(NEW);
    expect((await login(shop)).status).toBe(200);
    expect((await login(shop, NEW)).status).toBe(401);
    expect((await confirm(shop, linked?.token ?? "")).status).toBe(204);
    expect((await client.get("/users/me")).status).toBe(401);
    expect((await login(shop)).status).toBe(401);
    const { body } = await login(shop, NEW);
    expect((await clientOf(shop, body.access_token).get("/users/me")).body).toMatchObject({
      id: client.id,
      email: NEW,
      email_verified_at: shop.now().toISOString(),
    });
    expect((await letters(shop)).at(-1)).toMatchObject({ to: EMAIL, subject: "Your e-mail was changed" });
  });

  test("that an admin only spells otherwise ends nothing, and one that is another does", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const client = await newClient(shop, { email: EMAIL });
    const verified = "2029-12-31T00:00:00.000Z";
    await shop.database.transaction((tx) => tx.run("UPDATE users SET email_verified_at = $1", [verified]));
    const changed = async (email: string) => {
      const { body } = await admin.patch(`/users/${client.id}`, { email });
      return [body.email, body.email_verified_at, (await client.get("/users/me")).status];
    };
    expect(await changed("Asha@example.com")).toEqual(["Asha@example.com", verified, 200]);
    expect(await changed(NEW)).toEqual([NEW, null, 401]);
  });

  test("needs the password, and tells nobody whether it has an account", async () => {
    const shop = await freshShop(engine);
    const client = await newClient(shop, { email: EMAIL });
    await newClient(shop, { email: NEW });
    expect((await change(client, NEW, "a guess")).body).toMatchObject({
      status: 422,
      errors: [{ path: "password", code: "wrong_password" }],
    });
    expect((await change(client)).status).toBe(202);
    expect(await letters(shop)).toMatchObject([
      { to: EMAIL, subject: "Your e-mail is to change" },
      { to: NEW, subject: "This e-mail has an account", token: "" },
    ]);
    expect((await client.get("/users/me")).body.email).toBe(EMAIL);
  });

  test("that was taken meanwhile is refused, and a new password ends the change", async () => {
    const shop = await freshShop(engine);
    const client = await newClient(shop, { email: EMAIL });
    await change(client);
    const first = (await letters(shop)).at(-1)?.token ?? "";
    await newClient(shop, { email: NEW });
    expect((await confirm(shop, first)).status).toBe(409);
    expect((await client.get("/users/me")).body.email).toBe(EMAIL);
    await change(client, "third@example.com");
    const second = (await letters(shop)).at(-1)?.token ?? "";
    await client.post("/auth/password", { current_password: PASSWORD, new_password: "another good one" });
    expect((await confirm(shop, second)).status).toBe(422);
  });
});

describe("an e-mail as people type it", () => {
  test.each([
    "user@example.xn--p1ai",
    "info@münchen.de",
    "müller@example.de",
    "моя@россия.рф",
    "a&b@example.com",
    "user!x@example.com",
    "#tag@example.com",
    "asha+shop@example.co.in",
    "o'brien@example.com",
    `${"a".repeat(64)}@example.com`,
  ])("%s is one", (email) => expect(isEmail(email)).toBe(true));

  test.each([
    "",
    "asha",
    "@example.com",
    "asha@",
    "asha@localhost",
    "asha@example..com",
    ".asha@example.com",
    "asha.@example.com",
    "as ha@example.com",
    "asha@exa mple.com",
    "asha@-example.com",
    "asha@192.0.2.1",
    "a@b@example.com",
    `${"a".repeat(65)}@example.com`,
    "<asha@example.com>",
  ])("%p is none", (email) => expect(isEmail(email)).toBe(false));

  test("is the same account however it is spelled, and a space around it is no reason to be locked out", async () => {
    expect(emailKey(" Asha@MÜNCHEN.de ")).toBe("asha@xn--mnchen-3ya.de");
    const shop = await freshShop(engines[0]!);
    expect((await register(shop, " info@münchen.de")).body.email).toBe("info@münchen.de");
    expect((await register(shop, "INFO@xn--mnchen-3ya.de")).status).toBe(409);
    expect((await login(shop, "info@münchen.de ")).status).toBe(200);
    expect((await login(shop, "info@xn--mnchen-3ya.de")).status).toBe(200);
  });
});
