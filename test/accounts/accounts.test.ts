import { beforeAll, describe, expect, test } from "bun:test";
import { createAccount } from "../../src/accounts/accounts";
import { call, type Client, clientOf, linksOf, newBuyer, newClient, PASSWORD, statusCounts } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { freshShop, START, type TestShop } from "../support/shop";

const newcomer = (email: string) => ({
  full_name: "Meera Iyer",
  email,
  phone: "+91 98450 12345",
  password: "a long enough one",
});

const home = { label: "Home", address_line: "12 Lake Road", city: "Pune", pincode: "411001" };

describe.each(engines)("accounts on $name", (engine) => {
  let shop: TestShop;
  let anybody: Client;

  beforeAll(async () => {
    shop = await freshShop(engine);
    anybody = clientOf(shop);
  });

  describe("registering", () => {
    test("a newcomer gets an account of a customer", async () => {
      const { status, body } = await anybody.post("/auth/register", newcomer("meera@example.com"));
      expect(status).toBe(201);
      expect(body).toEqual({
        id: expect.any(Number),
        full_name: "Meera Iyer",
        email: "meera@example.com",
        email_verified_at: null,
        phone: "+91 98450 12345",
        is_active: true,
        is_admin: false,
        is_guest: false,
        preferences: {},
        created_at: START.toISOString(),
      });
    });

    test("one e-mail is one account, however it is spelled", async () => {
      await anybody.post("/auth/register", newcomer("once@example.com"));
      const again = await anybody.post("/auth/register", newcomer("ONCE@example.com"));
      expect(again).toMatchObject({ status: 409, body: { code: "duplicate" } });
    });

    test("one e-mail registered ten times at once is one account", async () => {
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => anybody.post("/auth/register", newcomer("race@example.com"))),
      );
      expect(statusCounts(answers)).toEqual({ 201: 1, 409: 9 });
    });

    test("nobody registers themselves as an admin", async () => {
      const { status, body } = await anybody.post("/auth/register", {
        ...newcomer("sly@example.com"),
        is_admin: true,
        id: 1,
      });
      expect(status).toBe(422);
      expect(body.errors.map(({ path }: { path: string }) => path).toSorted()).toEqual(["id", "is_admin"]);
      const { body: none } = await anybody.post("/auth/login", { email: "sly@example.com", password: "x" });
      expect(none.code).toBe("wrong_credentials");
    });

    test.each([
      ["a password of seven characters", { password: "1234567" }, "password"],
      ["a password of 300 characters", { password: "x".repeat(300) }, "password"],
      ["a password with a NUL", { password: "abcdefgh\0" }, "password"],
      ["an e-mail without an at sign", { email: "meera.example.com" }, "email"],
      ["an empty name", { full_name: "" }, "full_name"],
      ["a name of spaces", { full_name: " \t\u00a0" }, "full_name"],
      ["a phone of spaces", { phone: "  " }, "phone"],
      ["a password of spaces", { password: " ".repeat(12) }, "password"],
      ["half of a surrogate pair in the name", { full_name: "\ud83d" }, "full_name"],
      ["no phone", { phone: undefined }, "phone"],
      ["a name that is a number", { full_name: 7 }, "full_name"],
    ])("%s is refused", async (_, wrong, path) => {
      const answer = await anybody.post("/auth/register", { ...newcomer("wrong@example.com"), ...wrong });
      expect(answer).toMatchObject({ status: 422, body: { code: "invalid", errors: [{ path }] } });
    });

    test("no answer ever holds the password or its hash", async () => {
      const secret = "canary-Zq3-in-the-mine";
      const account = { ...newcomer("canary@example.com"), password: secret };
      const registered = await anybody.post("/auth/register", account);
      const refused = await anybody.post("/auth/register", { ...account, email: "no" });
      const tokens = await anybody.post("/auth/login", { email: account.email, password: secret });
      const me = await clientOf(shop, tokens.body.access_token).get("/users/me");
      for (const { text } of [registered, refused, tokens, me]) {
        expect(text).not.toContain(secret);
        expect(text).not.toMatch(/\$2[aby]\$|password_hash/);
      }
    });
  });

  describe("signing in", () => {
    test("e-mail and password give tokens that open the account", async () => {
      await anybody.post("/auth/register", newcomer("signin@example.com"));
      const { status, body } = await anybody.post("/auth/login", {
        email: "SignIn@Example.com",
        password: "a long enough one",
      });
      expect(status).toBe(200);
      expect(body).toEqual({
        access_token: expect.any(String),
        token_type: "bearer",
        expires_in: 3600,
        refresh_token: expect.any(String),
      });
      const me = await clientOf(shop, body.access_token).get("/users/me");
      expect(me).toMatchObject({ status: 200, body: { email: "signin@example.com" } });
    });

    test("a wrong password and an unknown e-mail are told alike", async () => {
      await anybody.post("/auth/register", newcomer("alike@example.com"));
      const wrong = await anybody.post("/auth/login", { email: "alike@example.com", password: "not this one" });
      const unknown = await anybody.post("/auth/login", { email: "nobody@example.com", password: "not this one" });
      expect(wrong.status).toBe(401);
      expect({ ...wrong.body, request_id: "" }).toEqual({ ...unknown.body, request_id: "" });
    });

    test("passwords that agree in their first 72 bytes are still two passwords", async () => {
      const long = "é".repeat(36);
      await anybody.post("/auth/register", { ...newcomer("long@example.com"), password: `${long}one` });
      const tries = [`${long}one`, `${long}two`, long].map((password) =>
        anybody.post("/auth/login", { email: "long@example.com", password }),
      );
      expect((await Promise.all(tries)).map(({ status }) => status)).toEqual([200, 401, 401]);
    });

    test("an account without a password lets nobody in", async () => {
      const email = "imported@example.com";
      await createAccount(shop, { full_name: "Imported", email, phone: "-", is_admin: false });
      for (const password of ["null", "undefined", "password123"]) {
        expect((await anybody.post("/auth/login", { email, password })).status).toBe(401);
      }
    });

    test("a form in the way of OAuth 2 gives the same tokens", async () => {
      await anybody.post("/auth/register", newcomer("form@example.com"));
      const { status, body } = await call(shop, "POST", "/api/v1/auth/token", {
        body: new URLSearchParams({
          grant_type: "password",
          username: "form@example.com",
          password: "a long enough one",
          scope: "",
        }),
      });
      expect(status).toBe(200);
      expect(body.token_type).toBe("bearer");
      expect((await clientOf(shop, body.access_token).get("/users/me")).body.email).toBe("form@example.com");
    });

    test("a form is taken nowhere else", async () => {
      const { status } = await call(shop, "POST", "/api/v1/auth/login", {
        body: new URLSearchParams({ email: "form@example.com", password: "a long enough one" }),
      });
      expect(status).toBe(415);
    });

    test("who sends another type hears which ones are taken", async () => {
      const body = new FormData();
      body.set("username", "form@example.com");
      const { status, body: problem } = await call(shop, "POST", "/api/v1/auth/token", { body });
      expect(status).toBe(415);
      expect(problem.detail).toBe("Send the body as application/x-www-form-urlencoded or application/json.");
      const login = await call(shop, "POST", "/api/v1/auth/login", { body });
      expect(login.body.detail).toBe("Send the body as application/json.");
    });
  });

  describe("tokens", () => {
    test("an access token ends after its hour", async () => {
      const client = await newClient(shop);
      shop.pass(59 * 60);
      expect((await client.get("/users/me")).status).toBe(200);
      shop.pass(61);
      const late = await client.get("/users/me");
      expect(late).toMatchObject({ status: 401, body: { code: "not_signed_in" } });
      expect(late.headers.get("www-authenticate")).toStartWith("Bearer");
    });

    test("a refresh token opens nothing by itself, and an access token refreshes nothing", async () => {
      const client = await newClient(shop);
      expect((await clientOf(shop, client.refreshToken).get("/users/me")).status).toBe(401);
      expect((await anybody.post("/auth/refresh", { refresh_token: client.token })).status).toBe(401);
    });

    test.each(["", "Bearer", "Bearer ", "Bearer a.b.c", "Basic YTpi", "Token x"])(
      "the header %p opens nothing",
      async (authorization) => {
        const answer = await call(shop, "GET", "/api/v1/users/me", { headers: { authorization } });
        expect(answer).toMatchObject({ status: 401, body: { code: "not_signed_in" } });
      },
    );

    test("a token that was changed anywhere opens nothing", async () => {
      const { token = "" } = await newClient(shop);
      const [head = "", claims = "", signature = ""] = token.split(".");
      const forged = Buffer.from(JSON.stringify({ alg: "none", typ: "at+jwt" })).toString("base64url");
      const other = JSON.parse(Buffer.from(claims, "base64url").toString());
      const someoneElse = Buffer.from(JSON.stringify({ ...other, sub: "1" })).toString("base64url");
      const tokens = [
        `${forged}.${claims}.`,
        `${forged}.${claims}.${signature}`,
        `${head}.${someoneElse}.${signature}`,
        `${head}.${claims}.${signature.slice(0, -4)}AAAA`,
        `${head}.${claims}`,
      ];
      for (const bad of tokens) expect((await clientOf(shop, bad).get("/users/me")).status).toBe(401);
    });

    test("refreshing gives new tokens, and those can be refreshed in turn", async () => {
      const client = await newClient(shop);
      const first = await anybody.post("/auth/refresh", { refresh_token: client.refreshToken });
      expect(first).toMatchObject({ status: 200, body: { token_type: "bearer", expires_in: 3600 } });
      expect(first.body.refresh_token).not.toBe(client.refreshToken);
      expect((await clientOf(shop, first.body.access_token).get("/users/me")).body.id).toBe(client.id);
      const second = await anybody.post("/auth/refresh", { refresh_token: first.body.refresh_token });
      expect(second.status).toBe(200);
    });

    test("whoever did not get the answer may ask again at once", async () => {
      const { refreshToken } = await newClient(shop);
      await anybody.post("/auth/refresh", { refresh_token: refreshToken });
      shop.pass(5);
      const again = await anybody.post("/auth/refresh", { refresh_token: refreshToken });
      expect(again.status).toBe(200);
      expect((await clientOf(shop, again.body.access_token).get("/users/me")).status).toBe(200);
    });

    test("twenty refreshes with one token at once keep the session", async () => {
      const { refreshToken } = await newClient(shop);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => anybody.post("/auth/refresh", { refresh_token: refreshToken })),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      const next = await anybody.post("/auth/refresh", { refresh_token: answers[7]?.body.refresh_token });
      expect(next.status).toBe(200);
    });

    test("a token used again later ends the whole session: two people hold it", async () => {
      const { refreshToken, token } = await newClient(shop);
      const { body: tokens } = await anybody.post("/auth/refresh", { refresh_token: refreshToken });
      shop.pass(61);
      const reused = await anybody.post("/auth/refresh", { refresh_token: refreshToken });
      expect(reused).toMatchObject({ status: 401, body: { code: "session_ended" } });
      expect((await anybody.post("/auth/refresh", { refresh_token: tokens.refresh_token })).status).toBe(401);
      for (const access of [token, tokens.access_token]) {
        expect((await clientOf(shop, access).get("/users/me")).status).toBe(401);
      }
    });

    test("a token from two refreshes ago ends the session even at once", async () => {
      const { refreshToken } = await newClient(shop);
      const { body: first } = await anybody.post("/auth/refresh", { refresh_token: refreshToken });
      const { body: second } = await anybody.post("/auth/refresh", { refresh_token: first.refresh_token });
      expect((await anybody.post("/auth/refresh", { refresh_token: refreshToken })).status).toBe(401);
      expect((await anybody.post("/auth/refresh", { refresh_token: second.refresh_token })).status).toBe(401);
    });

    test("a session that is not used for thirty days is over", async () => {
      const { refreshToken } = await newClient(shop);
      shop.pass(30 * 24 * 3600 + 1);
      expect((await anybody.post("/auth/refresh", { refresh_token: refreshToken })).status).toBe(401);
    });
  });

  describe("one's own account", () => {
    test("nobody sees it without signing in", async () => {
      expect((await anybody.get("/users/me")).status).toBe(401);
      expect((await anybody.put("/users/me", { full_name: 5 })).status).toBe(401);
    });

    test("what is given changes and the rest stays", async () => {
      const client = await newClient(shop);
      const before = (await client.get("/users/me")).body;
      const preferences = { theme: "dark", sizes: [1, 2.5], nested: { पसंद: null } };
      const changed = await client.put("/users/me", { full_name: "Asha R.", preferences });
      expect(changed).toMatchObject({ status: 200, body: { ...before, full_name: "Asha R.", preferences } });
      await client.put("/users/me", { phone: "+91 1" });
      expect((await client.get("/users/me")).body).toEqual({
        ...before,
        full_name: "Asha R.",
        preferences,
        phone: "+91 1",
      });
    });

    test("preferences can be emptied", async () => {
      const client = await newClient(shop);
      await client.put("/users/me", { preferences: { a: 1 } });
      expect((await client.put("/users/me", { preferences: {} })).body.preferences).toEqual({});
    });

    test.each([
      ["is_admin", true],
      ["is_active", false],
      ["id", 1],
      ["email", "x@example.com"],
      ["password", "another one"],
    ])("nobody changes %s of their own account", async (field, value) => {
      const client = await newClient(shop);
      const before = (await client.get("/users/me")).body;
      expect(await client.put("/users/me", { [field]: value })).toMatchObject({
        status: 422,
        body: { errors: [{ path: field, code: "unrecognized_keys" }] },
      });
      expect((await client.get("/users/me")).body).toEqual(before);
    });

    test("preferences that are no object, too deep or too large are refused", async () => {
      const client = await newClient(shop);
      let deep: object = {};
      for (let depth = 0; depth < 40; depth++) deep = { deep };
      for (const preferences of [[], "x", null, deep, { big: "x".repeat(70_000) }, { nul: "a\0b" }, { "a\0b": 1 }]) {
        expect((await client.put("/users/me", { preferences })).status).toBe(422);
      }
    });
  });

  describe("addresses", () => {
    test("an address is kept as it was given, under the older path and the newer", async () => {
      const client = await newClient(shop);
      const full = { ...home, state: "Maharashtra", lat: 18.5204, lng: -73.8567 };
      const { status, body } = await client.post("/orders/addresses", full);
      expect(status).toBe(201);
      expect(body).toEqual({
        id: expect.any(Number),
        user_id: client.id,
        country: "IN",
        full_name: null,
        phone: null,
        ...full,
      });
      const second = await client.post("/users/me/addresses", home);
      expect(second.body).toMatchObject({ ...home, state: null, lat: null, lng: null });
      for (const path of ["/orders/addresses", "/users/me/addresses"]) {
        const list = await client.get(path);
        expect(list.body).toEqual([body, second.body]);
        expect(list.headers.get("x-total-count")).toBe("2");
        expect(linksOf(list)).toEqual({ first: `/api/v1${path}`, last: `/api/v1${path}` });
      }
    });

    test("an address can be replaced and removed", async () => {
      const client = await newClient(shop);
      const { id } = (await client.post("/users/me/addresses", { ...home, state: "MH", lat: 1, lng: 2 })).body;
      const work = { label: "Work", address_line: "1 Mill Lane", city: "Mumbai", pincode: "400001" };
      const replaced = await client.put(`/users/me/addresses/${id}`, work);
      expect(replaced).toMatchObject({ status: 200, body: { id, ...work, state: null, lat: null, lng: null } });
      expect((await client.delete(`/users/me/addresses/${id}`)).status).toBe(204);
      expect((await client.get("/users/me/addresses")).body).toEqual([]);
      expect((await client.delete(`/users/me/addresses/${id}`)).status).toBe(404);
    });

    test("an admin sees a customer's addresses, for an order by phone, and a customer nobody else's", async () => {
      const [admin, buyer] = [await newClient(shop, { admin: true }), await newBuyer(shop)];
      const listed = await admin.get(`/users/${buyer.id}/addresses`);
      expect(listed.body).toMatchObject([{ id: buyer.address_id, user_id: buyer.id, city: "Pune" }]);
      expect(listed.headers.get("x-total-count")).toBe("1");
      expect((await admin.get("/users/99999/addresses")).status).toBe(404);
      expect((await buyer.get(`/users/${admin.id}/addresses`)).status).toBe(403);
      expect((await runCommand(shop, ["customer", "show", buyer.id])).text).toContain(`Home (${buyer.address_id}):`);
    });

    test("somebody else's address is as unknown as none", async () => {
      const [owner, other] = [await newClient(shop), await newClient(shop)];
      const { id } = (await owner.post("/users/me/addresses", home)).body;
      const unknown = await other.put("/users/me/addresses/999999", home);
      expect(unknown.status).toBe(404);
      for (const answer of [
        await other.put(`/users/me/addresses/${id}`, { ...home, label: "Mine" }),
        await other.delete(`/users/me/addresses/${id}`),
      ]) {
        expect({ ...answer.body, request_id: "" }).toEqual({ ...unknown.body, request_id: "" });
      }
      expect((await other.get("/users/me/addresses")).body).toEqual([]);
      expect((await owner.get("/users/me/addresses")).body).toMatchObject([{ label: "Home" }]);
    });

    test.each([
      ["a latitude beyond the pole", { lat: 91 }],
      ["a longitude in quotes", { lng: "73" }],
      ["an empty city", { city: "" }],
      ["no pincode", { pincode: undefined }],
      ["somebody's id", { user_id: 1 }],
      ["a NUL", { label: "a\0b" }],
    ])("an address with %s is refused", async (_, wrong) => {
      const client = await newClient(shop);
      expect((await client.post("/orders/addresses", { ...home, ...wrong })).status).toBe(422);
      expect((await client.get("/orders/addresses")).body).toEqual([]);
    });
  });

  describe("looking after accounts", () => {
    let admin: Client;

    beforeAll(async () => {
      admin = await newClient(shop, { admin: true, email: "boss@example.com" });
    });

    test("a customer may not, and nobody may without signing in", async () => {
      const client = await newClient(shop);
      for (const answer of [
        await client.get("/users"),
        await client.get(`/users/${client.id}`),
        await client.patch(`/users/${client.id}`, { is_admin: true }),
      ]) {
        expect(answer).toMatchObject({ status: 403, body: { code: "forbidden" } });
      }
      expect((await anybody.get("/users")).status).toBe(401);
      expect((await client.get("/users/me")).body.is_admin).toBe(false);
    });

    const emails = async (q: string) =>
      (await admin.get(`/users?q=${encodeURIComponent(q)}`)).body.map(({ email }: { email: string }) => email);

    test("accounts are found by part of a name or e-mail, and a percent sign is a letter", async () => {
      await anybody.post("/auth/register", { ...newcomer("ravi_s@example.com"), full_name: "100% Ravi" });
      expect(await emails("0% RAV")).toEqual(["ravi_s@example.com"]);
      expect(await emails("RAVI_s@")).toEqual(["ravi_s@example.com"]);
      expect(await emails("ravi%s")).toEqual([]);
      expect(await emails("\\")).toEqual([]);
    });

    test("accounts are found whatever the case and accents of any script", async () => {
      for (const [email, full_name] of [
        ["ozge@example.com", "Özge ŞAHİN"],
        ["ivan@example.com", "ИВАН Straße"],
      ] as const) {
        await anybody.post("/auth/register", { ...newcomer(email), full_name });
      }
      for (const q of ["özge", "OZGE", "şahin", "sahin"]) expect(await emails(q)).toEqual(["ozge@example.com"]);
      for (const q of ["иван", "ИВАН", "STRASSE"]) expect(await emails(q)).toEqual(["ivan@example.com"]);
      const { headers } = await admin.get("/users?q=example.com&size=1&page=2");
      const total = Number(headers.get("x-total-count"));
      expect(total).toBeGreaterThan(2);
      const seen: string[] = [];
      for (let path: string | undefined = "/users?q=example.com&size=1&cursor="; path !== undefined;) {
        const { body, headers: more } = await admin.get(path);
        seen.push(...body.map(({ email }: { email: string }) => email));
        path = /<\/api\/v1([^>]*)>; rel="next"/.exec(more.get("link") ?? "")?.[1];
      }
      expect(new Set(seen).size).toBe(total);
    });

    test("accounts come in pages that say how many there are", async () => {
      const first = await admin.get("/users?size=2");
      const total = Number(first.headers.get("x-total-count"));
      expect(first.body).toHaveLength(2);
      expect(total).toBeGreaterThan(2);
      expect(first.headers.get("link")).toContain(`</api/v1/users?size=2&page=2>; rel="next"`);
      const last = await admin.get(`/users?size=2&page=${Math.ceil(total / 2)}`);
      expect(last.headers.get("link")).not.toContain(`rel="next"`);
    });

    test("an unknown account is not found", async () => {
      expect((await admin.get("/users/999999")).status).toBe(404);
      expect((await admin.patch("/users/999999", { is_active: false })).status).toBe(404);
    });

    test("somebody who is disabled is out at once, and back in when they are let in again", async () => {
      const client = await newClient(shop, { email: "out@example.com" });
      expect(await admin.patch(`/users/${client.id}`, { is_active: false })).toMatchObject({
        status: 200,
        body: { is_active: false, is_admin: false },
      });
      expect((await client.get("/users/me")).status).toBe(401);
      expect((await anybody.post("/auth/refresh", { refresh_token: client.refreshToken })).status).toBe(401);
      const login = () => anybody.post("/auth/login", { email: "out@example.com", password: PASSWORD });
      expect(await login()).toMatchObject({ status: 403, body: { code: "account_disabled" } });
      await admin.patch(`/users/${client.id}`, { is_active: true });
      expect((await login()).status).toBe(200);
      expect((await client.get("/users/me")).status).toBe(401);
    });

    test("whether an account is disabled is told only to who knows its password", async () => {
      const { id } = await newClient(shop, { email: "hidden@example.com" });
      await admin.patch(`/users/${id}`, { is_active: false });
      const guess = await anybody.post("/auth/login", { email: "hidden@example.com", password: "a guess" });
      expect(guess).toMatchObject({ status: 401, body: { code: "wrong_credentials" } });
    });

    test("a new role holds from the next sign-in, and the old tokens end", async () => {
      const client = await newClient(shop, { email: "risen@example.com" });
      await admin.patch(`/users/${client.id}`, { is_admin: true });
      expect((await client.get("/users")).status).toBe(401);
      const { body } = await anybody.post("/auth/login", { email: "risen@example.com", password: PASSWORD });
      const risen = clientOf(shop, body.access_token);
      expect((await risen.get("/users")).status).toBe(200);
      await admin.patch(`/users/${client.id}`, { is_admin: false });
      expect((await risen.get("/users")).status).toBe(401);
    });
  });

  describe("the last admin", () => {
    const last = { status: 403, body: { code: "forbidden" } };

    test("can't be demoted or disabled, not even by themselves", async () => {
      const own = await freshShop(engine);
      const admin = await newClient(own, { admin: true });
      expect(await admin.patch(`/users/${admin.id}`, { is_admin: false })).toMatchObject(last);
      expect(await admin.patch(`/users/${admin.id}`, { is_active: false })).toMatchObject(last);
      expect((await admin.get("/users/me")).body).toMatchObject({ is_admin: true, is_active: true });
      const disabled = await newClient(own, { admin: true });
      await admin.patch(`/users/${disabled.id}`, { is_active: false });
      // An admin who can't sign in could not run the shop.
      expect(await admin.patch(`/users/${admin.id}`, { is_admin: false })).toMatchObject(last);
      const unable = await newClient(own, { admin: true });
      await own.database.transaction((tx) =>
        tx.run("UPDATE users SET password_hash = NULL WHERE id = $1", [unable.id]),
      );
      expect(await admin.patch(`/users/${admin.id}`, { is_admin: false })).toMatchObject(last);
      await own.close();
    });

    test("two admins who demote each other at once leave one", async () => {
      const own = await freshShop(engine);
      for (let round = 0; round < 5; round++) {
        const [one, two] = [await newClient(own, { admin: true }), await newClient(own, { admin: true })];
        const demoted = await Promise.all([
          one.patch(`/users/${two.id}`, { is_admin: false }),
          two.patch(`/users/${one.id}`, { is_admin: false }),
        ]);
        expect(demoted.filter(({ status }) => status === 200)).toHaveLength(1);
        const left = demoted[0].status === 200 ? one : two;
        expect((await left.get("/users/me")).body.is_admin).toBe(true);
        await own.database.transaction((tx) => tx.run("UPDATE users SET is_admin = 0"));
      }
      await own.close();
    });
  });
});
