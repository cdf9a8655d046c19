import { describe, expect, test } from "bun:test";
import { expectSound } from "../support/buying";
import { call, type Client, clientOf, newClient, PASSWORD } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const OURS = { "sec-fetch-site": "same-origin", "content-type": "application/json" };

/** What a page of the server does: signs in, renews and ends with the cookie that it was given. */
function pageOf(shop: TestShop, page = "admin", headers: Record<string, string> = OURS) {
  const at = `/api/v1/auth/pages/${page}`;
  return {
    signIn: (email: string, password = PASSWORD) =>
      call(shop, "POST", at, { headers, body: JSON.stringify({ email, password }) }),
    renew: (cookie: string) => call(shop, "POST", `${at}/renewal`, { headers: { ...headers, cookie } }),
    leave: (cookie: string) => call(shop, "DELETE", at, { headers: { ...headers, cookie } }),
  };
}

const cookieOf = (answer: { headers: Headers }) => answer.headers.get("set-cookie")?.split(";")[0] ?? "";

describe.each(engines)("the sessions of pages on $name", (engine) => {
  test("a page gets an access token, and a cookie that no script reads and that only these calls get", async () => {
    const shop = await freshShop(engine);
    await newClient(shop, { admin: true, email: "keeper@example.com" });
    const answer = await pageOf(shop).signIn("keeper@example.com");
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body).toSorted()).toEqual(["access_token", "expires_in", "token_type"]);
    const cookie = answer.headers.get("set-cookie") ?? "";
    for (const part of ["HttpOnly", "SameSite=Strict", "Path=/api/v1/auth/pages/admin"]) expect(cookie).toContain(part);
    expect(cookie).not.toContain("Secure");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const renewed = await pageOf(shop).renew(cookieOf(answer));
    expect(renewed.status).toBe(200);
    const me = await call(shop, "GET", "/api/v1/users/me", {
      headers: { authorization: `Bearer ${renewed.body.access_token}` },
    });
    expect(me.body.email).toBe("keeper@example.com");
  });

  test("over HTTPS the cookie is secure, and stands below the prefix", async () => {
    const shop = await freshShop(engine, { PUBLIC_URL: "https://shop.example/backend", SANSET_ENV: "development" });
    await newClient(shop, { admin: true, email: "keeper@example.com" });
    const cookie = (await pageOf(shop).signIn("keeper@example.com")).headers.get("set-cookie") ?? "";
    expect(cookie).toStartWith("__Secure-sanset=");
    for (const part of ["Secure", "Path=/backend/api/v1/auth/pages/admin"]) expect(cookie).toContain(part);
  });

  test("the admin page refuses a customer, and leaves no session behind", async () => {
    const shop = await freshShop(engine);
    const asha = await newClient(shop, { email: "asha@example.com" });
    const refused = await pageOf(shop).signIn("asha@example.com");
    expect([refused.status, refused.body.code, refused.headers.get("set-cookie")]).toEqual([403, "forbidden", null]);
    expect((await asha.get("/auth/sessions")).body).toHaveLength(1);
    expect((await pageOf(shop, "shop").signIn("asha@example.com")).status).toBe(200);
  });

  test.each([
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "same-site" }, 403],
    [{ "sec-fetch-site": "none" }, 403],
    [{}, 403],
    [{ origin: "http://evil.example", host: "localhost" }, 403],
    [{ origin: "null", host: "localhost" }, 403],
    [{ origin: "http://localhost", host: "localhost" }, 200],
    [{ "sec-fetch-site": "same-origin", origin: "http://evil.example" }, 200],
  ])("what comes from elsewhere is refused: %j", async (headers, status) => {
    const shop = await freshShop(engine);
    await newClient(shop, { admin: true, email: "keeper@example.com" });
    const page = pageOf(shop, "admin", { "content-type": "application/json", ...headers });
    expect((await page.signIn("keeper@example.com")).status).toBe(status);
    const cookie = cookieOf(await pageOf(shop).signIn("keeper@example.com"));
    expect((await page.renew(cookie)).status).toBe(status);
    if (status === 403) expect((await page.leave(cookie)).status).toBe(403);
  });

  test("signing out ends the session and takes the cookie away", async () => {
    const shop = await freshShop(engine);
    await newClient(shop, { admin: true, email: "keeper@example.com" });
    const page = pageOf(shop);
    const answer = await page.signIn("keeper@example.com");
    const left = await page.leave(cookieOf(answer));
    expect([left.status, left.headers.get("set-cookie")]).toEqual([204, expect.stringContaining("Max-Age=0")]);
    const me = await call(shop, "GET", "/api/v1/users/me", {
      headers: { authorization: `Bearer ${answer.body.access_token}` },
    });
    expect(me.status).toBe(401);
    const again = await page.renew(cookieOf(answer));
    expect([again.status, again.headers.get("set-cookie")]).toEqual([401, expect.stringContaining("Max-Age=0")]);
    expect((await page.leave(cookieOf(answer))).status).toBe(204);
    expect((await page.renew("")).status).toBe(401);
  });

  test("a renewal whose answer was lost is good for a minute, and a theft afterwards", async () => {
    const shop = await freshShop(engine);
    await newClient(shop, { admin: true, email: "keeper@example.com" });
    const page = pageOf(shop);
    const first = cookieOf(await page.signIn("keeper@example.com"));
    const lost = cookieOf(await page.renew(first));
    shop.pass(60);
    expect(cookieOf(await page.renew(first))).toBe(lost);
    shop.pass(1);
    expect((await page.renew(first)).status).toBe(401);
    expect((await page.renew(lost)).status).toBe(401);
  });

  test("the admin page asks for the password again, a while after the sign-in, before somebody becomes an admin", async () => {
    const shop = await freshShop(engine, { ACCESS_TOKEN_EXPIRE_MINUTES: "60" });
    const keeper = await newClient(shop, { admin: true, email: "keeper@example.com" });
    const asha = await newClient(shop);
    const { access_token } = (await pageOf(shop).signIn("keeper@example.com")).body;
    const page = clientOf(shop, access_token);
    const promote = (client: Client, is_admin: boolean) => client.patch(`/users/${asha.id}`, { is_admin });
    expect((await promote(page, true)).status).toBe(200);
    expect((await promote(page, false)).status).toBe(200);
    shop.pass(11 * 60);
    expect(await promote(page, true)).toMatchObject({ status: 403, body: { code: "confirmation_needed" } });
    // Nor by reading the mail of one who is.
    const other = await newClient(shop, { admin: true });
    const email = "mine@example.com";
    expect((await page.patch(`/users/${other.id}`, { email })).status).toBe(403);
    expect((await keeper.patch(`/users/${other.id}`, { email })).status).toBe(200);
    // Whatever else is done needs nothing, and a program that signs in is not asked.
    expect((await page.patch(`/users/${asha.id}`, { is_active: true })).status).toBe(200);
    expect((await promote(keeper, true)).status).toBe(200);
    expect((await promote(keeper, false)).status).toBe(200);
    const check = (password: string) => page.post("/auth/password/check", { password });
    expect(await check("not my password")).toMatchObject({ status: 422, body: { errors: [{ path: "password" }] } });
    expect((await promote(page, true)).status).toBe(403);
    expect((await check(PASSWORD)).status).toBe(204);
    expect((await promote(page, true)).status).toBe(200);
    shop.pass(11 * 60);
    expect((await promote(page, true)).status).toBe(403);
    const said = await keeper.get("/admin/audit?action=password_checked");
    expect(said.body).toMatchObject([{ user_id: keeper.id, subject: `user ${keeper.id}` }]);
  });

  test("the admin page asks for the password again before a large refund, whichever way it goes back", async () => {
    const shop = await freshShop(engine, { ACCESS_TOKEN_EXPIRE_MINUTES: "60", CONFIRM_REFUNDS_FROM: "500" });
    const keeper = await newClient(shop, { admin: true, email: "keeper@example.com" });
    const shelf = await stockShelf(shop, { price: 300, stock: 100 });
    const order = async (qty: number) => {
      const lines = [{ product_id: shelf.id, qty }];
      return (await keeper.post("/orders", { user_id: keeper.id, lines, paid: true })).body.id;
    };
    const page = clientOf(shop, (await pageOf(shop).signIn("keeper@example.com")).body.access_token);
    shop.pass(11 * 60);
    const [small, large, other] = [await order(1), await order(2), await order(2)];
    expect((await page.post(`/orders/${small}/refund`, {})).status).toBe(200);
    const key = { "idempotency-key": "asked-twice" };
    const refused = { status: 403, body: { code: "confirmation_needed" } };
    expect(await page.post(`/orders/${large}/refund`, {}, key)).toMatchObject(refused);
    expect(await page.post(`/orders/${large}/cancellation`)).toMatchObject(refused);
    expect((await keeper.get(`/orders/${large}`)).body).toMatchObject({ status: "placed", refunds: [] });
    expect((await page.post(`/orders/${large}/refund`, { amount: 499 })).status).toBe(200);
    expect((await keeper.post(`/orders/${other}/refund`, {})).status).toBe(200);
    expect((await page.post("/auth/password/check", { password: PASSWORD })).status).toBe(204);
    // What was refused has used its key up for nothing.
    expect((await page.post(`/orders/${await order(2)}/refund`, {}, key)).status).toBe(200);
    await expectSound(shop);
  });
});
