import { describe, expect, test } from "bun:test";
import { tidyPictures } from "../../src/orders/idle-pictures";
import { examine } from "../../src/doctor/doctor";
import { mediaOf } from "../../src/media/files";
import { startBucket } from "../support/bucket";
import { call, type Client, newClient } from "../support/client";
import { anyEngine } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const png = (size: number) => new Bun.Image(Buffer.from(DOT, "base64")).resize(size, size).png().bytes();
const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/wHwAEBgIApD5fRAAAAABJRU5ErkJggg==";

const settingsOf = (url: string, place: string) => ({
  MEDIA_DIR: place,
  S3_ENDPOINT: url,
  S3_REGION: "eu-1",
  S3_ACCESS_KEY_ID: "shop",
  S3_SECRET_ACCESS_KEY: "a-secret-of-some-length",
});

async function add(shop: TestShop, { token }: Client, id: number, size: number) {
  const body = Uint8Array.from(await png(size));
  const headers = { authorization: `Bearer ${token}`, "content-type": "image/png", "content-length": `${body.length}` };
  return call(shop, "POST", `/api/v1/products/${id}/images`, { headers, body });
}

const show = (shop: TestShop, url: string, headers = {}) =>
  shop.app.handle(new Request(`http://localhost${url}`, { headers }));

describe.each(anyEngine)("pictures in a bucket, on $name", (engine) => {
  test("are kept there, shown from there, tidied away page by page, and reported where one is missing", async () => {
    await using bucket = startBucket({ keysPerPage: 2 });
    const shop = await freshShop(engine, settingsOf(bucket.url, "s3://goods/pictures"));
    const ago = (hours: number) => (bucket.clock.now = () => new Date(Date.now() - hours * 3_600_000));
    ago(23);
    const admin = await newClient(shop, { admin: true });
    const { id } = await stockShelf(shop);
    const kept = (await add(shop, admin, id, 10)).body;
    const gone = (await add(shop, admin, id, 20)).body;
    expect(bucket.objects.size).toBe(6);
    for (const { url } of kept.sizes) {
      expect([...bucket.objects.keys()]).toContain(`pictures/${url.split("/").at(-1)}`);
      const shown = await show(shop, url);
      expect(shown.status).toBe(200);
      expect(shown.headers.get("content-type")).toBe("image/webp");
      expect(await new Bun.Image(await shown.bytes()).metadata()).toMatchObject({ format: "webp" });
      const etag = shown.headers.get("etag") ?? "";
      expect((await show(shop, url, { "if-none-match": etag })).status).toBe(304);
    }
    await admin.delete(`/products/${id}/images/${gone.id}`);
    expect(await tidyPictures(shop)).toBe(0);
    ago(25);
    const again = (await add(shop, admin, id, 20)).body;
    await admin.delete(`/products/${id}/images/${again.id}`);
    expect(await tidyPictures(shop)).toBe(3);
    expect(bucket.objects.size).toBe(3);
    expect(await examine(shop)).toEqual([]);
    bucket.objects.delete(`pictures/${kept.url.split("/").at(-1)}`);
    expect((await show(shop, kept.url)).status).toBe(404);
    expect((await examine(shop)).map(({ check }) => check)).toEqual(["pictures have their files"]);
  });

  test("leave what else lies there alone, also where they have no folder of their own", async () => {
    await using bucket = startBucket();
    const shop = await freshShop(engine, settingsOf(bucket.url, "s3://everything"));
    const others = ["backups/2026-11-27.tar.zst", "logo.webp", "pictures/0-160.webp"];
    for (const key of others) bucket.objects.set(key, new Uint8Array(1));
    expect(await mediaOf(shop).list()).toEqual([]);
    expect(await tidyPictures(shop)).toBe(0);
    expect([...bucket.objects.keys()]).toEqual(others);
  });

  test("that can't be reached are a 503 with a sentence, and the product is as it was", async () => {
    const bucket = startBucket();
    const shop = await freshShop(engine, settingsOf(bucket.url, "s3://goods"));
    const admin = await newClient(shop, { admin: true });
    const { id } = await stockShelf(shop);
    const { url } = (await add(shop, admin, id, 10)).body;
    await bucket[Symbol.asyncDispose]();
    const before = (await admin.get(`/products/${id}`)).body;
    const refused = await add(shop, admin, id, 20);
    expect(refused).toMatchObject({ status: 503, body: { code: "media_unavailable" } });
    expect((await show(shop, url)).status).toBe(503);
    expect((await admin.get(`/products/${id}`)).body).toEqual(before);
  });
});
