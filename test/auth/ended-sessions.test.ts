import { describe, expect, test } from "bun:test";
import { clientOf, newClient, PASSWORD } from "../support/client";
import { engines } from "../support/engines";
import { freshShop } from "../support/shop";

const REFRESH_MINUTES = 30 * 24 * 60;

describe.each(engines)("sessions that are over on $name", (engine) => {
  test("one that has expired is not listed, and can't be ended again", async () => {
    const shop = await freshShop(engine);
    const asha = await newClient(shop, { email: "asha@example.com" });
    const [old] = (await asha.get("/auth/sessions")).body;
    shop.pass(REFRESH_MINUTES * 60 + 1);
    const { body } = await clientOf(shop).post("/auth/login", { email: "asha@example.com", password: PASSWORD });
    const again = clientOf(shop, body.access_token);
    const listed = (await again.get("/auth/sessions")).body;
    expect(listed).toHaveLength(1);
    expect(listed[0].id).not.toBe(old.id);
    expect((await again.delete(`/auth/sessions/${old.id}`)).status).toBe(404);
  });
});
