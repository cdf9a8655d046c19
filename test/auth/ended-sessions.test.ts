import { describe, expect, test } from "bun:test";
import { clientOf, newClient, PASSWORD } from "../support/client";
import { engines } from "../support/engines";
import { freshShop } from "../support/shop";

const DAY = 24 * 60 * 60;

describe.each(engines)("sessions that are over on $name", (engine) => {
  test("one that has expired or was ended is not listed, and can't be ended again", async () => {
    const shop = await freshShop(engine);
    const login = async () =>
      (await clientOf(shop).post("/auth/login", { email: "asha@example.com", password: PASSWORD })).body;
    const asha = await newClient(shop, { email: "asha@example.com" });
    const [old] = (await asha.get("/auth/sessions")).body;
    shop.pass(DAY);
    const other = clientOf(shop, (await login()).access_token);
    const kept = await login();
    // Thirty days after the first was opened. A sign-in now would forget it, and a renewal does not.
    shop.pass(29 * DAY);
    const { body } = await clientOf(shop).post("/auth/refresh", { refresh_token: kept.refresh_token });
    const again = clientOf(shop, body.access_token);
    const listed = (await again.get("/auth/sessions")).body;
    expect(listed).toHaveLength(2);
    expect(listed.map(({ id }: { id: string }) => id)).not.toContain(old.id);
    const [ended] = listed.filter(({ current }: { current: boolean }) => !current);
    expect((await again.delete(`/auth/sessions/${old.id}`)).status).toBe(404);
    const statuses = [];
    for (let times = 0; times < 2; times++) statuses.push((await again.delete(`/auth/sessions/${ended.id}`)).status);
    expect(statuses).toEqual([204, 404]);
    expect((await again.get("/auth/sessions")).body).toHaveLength(1);
    expect((await other.get("/users/me")).status).toBe(401);
  });
});
