import { describe, expect, test } from "bun:test";
import { keptOf } from "../../src/audit/details";
import { newClient } from "../support/client";
import { engines } from "../support/engines";
import { freshShop } from "../support/shop";

test("what the audit keeps of what was given has no password, token or hash in it", () => {
  const given = { password: "a", new_password: "b", refresh_token: "c", password_hash: "d", note: "e" };
  expect(keptOf(given)).toEqual({
    password: "[masked]",
    new_password: "[masked]",
    refresh_token: "[masked]",
    password_hash: "[masked]",
    note: "e",
  });
});

describe.each(engines)("the audit on $name", (engine) => {
  test("has no secret that stood in the address of an admin's call", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    await admin.post("/coupons", { code: "SK_LIVE_HUNTER22", percent: 5 });
    await admin.patch("/coupons/sk_live_hunter22", { is_active: false });
    const entries = await shop.database.all<{ subject: string }>("SELECT subject FROM audit");
    expect(entries.length).toBeGreaterThan(1);
    expect(JSON.stringify(entries)).not.toContain("sk_live_hunter22");
  });
});
