import { describe, expect, test } from "bun:test";
import { call, clientOf, newClient } from "../support/client";
import { anyEngine } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";

describe.each(anyEngine)("bodies and tags at the edge of what is taken on $name", (engine) => {
  /** Saves preferences that are nested so deep; the body and the preferences are two levels of it. */
  async function savedNested(levels: number): Promise<number> {
    const shop = await freshShop(engine);
    const { token } = await newClient(shop);
    const inner = levels - 2;
    const body = `{"preferences":{"deep":${"[".repeat(inner)}${"]".repeat(inner)}}}`;
    const { status } = await call(shop, "PUT", "/api/v1/users/me", {
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body,
    });
    return status;
  }

  test("sixty-four levels are read, and what they say is looked at; one more is not read", async () => {
    expect(await savedNested(64)).toBe(422);
    expect(await savedNested(65)).toBe(400);
  });

  test("a value that ends in a backslash hides no field behind it", async () => {
    const shop = await freshShop(engine);
    const { token } = await newClient(shop);
    const send = (body: string) =>
      call(shop, "PUT", "/api/v1/users/me", {
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body,
      });
    expect((await send(String.raw`{"full_name":"C:\\","phone":"+91 1","phone":"+91 2"}`)).status).toBe(400);
    expect((await send(String.raw`{"full_name":"C:\\","phone":"+91 98450 00001"}`)).status).toBe(200);
  });

  test("a weak tag is no proof for a write", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const admin = await newClient(shop, { admin: true });
    const etag = (await clientOf(shop).get(`/products/${mug.id}`)).headers.get("etag") ?? "";
    const write = (tag: string) => admin.patch(`/products/${mug.id}`, { price: 130 }, { "if-match": tag });
    expect((await write(`W/${etag}`)).status).toBe(412);
    expect((await write(etag)).status).toBe(200);
  });
});
