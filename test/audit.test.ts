import { describe, expect, test } from "bun:test";
import { masked } from "../src/masking";
import { clientOf, newClient, PASSWORD } from "./support/client";
import { engines } from "./support/engines";
import { freshShop, type TestShop } from "./support/shop";

const EMAIL = "asha@example.com";
const actions = async (shop: TestShop) =>
  (await shop.database.all<{ action: string }>("SELECT action FROM audit ORDER BY id")).map(({ action }) => action);

describe.each(engines)("the audit on $name", (engine) => {
  test("holds every event of signing in, with who it was about", async () => {
    const shop = await freshShop(engine);
    const client = await newClient(shop, { email: EMAIL });
    const login = (password: string, email = EMAIL) => clientOf(shop).post("/auth/login", { email, password });
    await login("wrong password");
    await login("wrong password", "nobody@example.com");
    await client.post("/auth/logout");
    const second = clientOf(shop, (await login(PASSWORD)).body.access_token);
    await second.post("/auth/password", { current_password: PASSWORD, new_password: "a brand new password" });
    const { body } = await login("a brand new password");
    const { body: renewed } = await clientOf(shop).post("/auth/refresh", { refresh_token: body.refresh_token });
    await clientOf(shop).post("/auth/refresh", { refresh_token: renewed.refresh_token });
    await clientOf(shop).post("/auth/refresh", { refresh_token: body.refresh_token });
    expect(await actions(shop)).toEqual([
      "sign_in",
      "sign_in_failed",
      "sign_in_failed",
      "sign_out",
      "sign_in",
      "password_changed",
      "sign_in",
      "refresh_token_reused",
    ]);
    const rows = await shop.database.all("SELECT user_id, subject, request_id FROM audit ORDER BY id");
    expect(rows[1]).toEqual({ user_id: null, subject: `user ${client.id}`, request_id: expect.any(String) });
    expect(rows[2]).toEqual({ user_id: null, subject: null, request_id: expect.any(String) });
    expect(rows[3]).toMatchObject({ user_id: client.id });
  });

  test("holds what an admin changed, and neither what was refused nor what was only read", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const client = await newClient(shop);
    await admin.get("/users");
    await admin.patch("/users/999", { is_active: false });
    await admin.patch(`/users/${client.id}`, { role: "admin" });
    await client.patch(`/users/${client.id}`, { is_admin: true });
    const { headers } = await admin.patch(`/users/${client.id}`, { is_active: false });
    await admin.post("/products", { slug: "mug", name: "Mug", category: "Home", price: 4 });
    const { body } = await admin.get("/admin/audit?size=2");
    expect(body).toMatchObject([
      { action: "POST /api/v1/products", subject: "/api/v1/products", details: { slug: "mug", price: 4 } },
      {
        action: "PATCH /api/v1/users/:id",
        subject: `/api/v1/users/${client.id}`,
        user_id: admin.id,
        request_id: headers.get("x-request-id"),
        details: { is_active: false },
      },
    ]);
    expect((await actions(shop)).filter((action) => action.includes("/"))).toHaveLength(2);
  });

  test("can be asked for by who and by what, in pages", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const client = await newClient(shop);
    for (let tries = 0; tries < 3; tries++) await client.post("/auth/login", { email: EMAIL, password: "wrong one" });
    const { body, headers } = await admin.get("/admin/audit?action=sign_in_failed&size=2");
    expect(body).toHaveLength(2);
    expect(headers.get("x-total-count")).toBe("3");
    expect((await admin.get(`/admin/audit?user_id=${client.id}`)).body).toMatchObject([{ action: "sign_in" }]);
    expect((await client.get("/admin/audit")).status).toBe(403);
  });

  test("is never changed and never shortened", async () => {
    const shop = await freshShop(engine);
    await newClient(shop);
    const again = "INTO audit (id, at, action, details) SELECT id, at, 'nothing', details FROM audit";
    const replacing =
      engine.name === "sqlite"
        ? `INSERT OR REPLACE ${again}`
        : `INSERT ${again} ON CONFLICT (id) DO UPDATE SET action = excluded.action`;
    for (const statement of ["UPDATE audit SET user_id = 1", "DELETE FROM audit", replacing]) {
      const attempt = shop.database.transaction((tx) => tx.run(statement));
      expect(attempt).rejects.toThrow("only added to");
      await attempt.catch(() => {});
    }
    expect(await actions(shop)).toEqual(["sign_in"]);
  });
});

describe("masking", () => {
  test("leaves no secret, whether its name or its look gives it away", () => {
    const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
    const hash = `$2b$10$${"a".repeat(53)}`;
    const about = {
      password: "hunter22",
      new_password: "hunter22",
      refresh_token: "hunter22",
      headers: { Authorization: "Bearer hunter22-hunter22", cookie: "hunter22" },
      list: [{ SECRET_KEY: "hunter22" }, `${jwt} and ${hash}`],
      url: "postgres://shop:hunter22@db.example/shop",
      text: 'failed: {"password":"hunter22"} token=hunter22 Bearer hunter22hunter22',
      plain: "kept as it is",
      count: 3,
    };
    const text = JSON.stringify(masked(about));
    expect(text).not.toMatch(/hunter22|eyJ|\$2b/);
    expect(masked(about)).toMatchObject({ plain: "kept as it is", count: 3 });
  });
});
