import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { examine, repair } from "../../src/doctor/doctor";
import { tidyPictures } from "../../src/orders/idle-pictures";
import { mediaOf } from "../../src/media/files";
import { buy } from "../support/buying";
import { call, type Client, newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { newFolder, startServer } from "../support/program";
import { freshShop, SECRET, type TestShop } from "../support/shop";

/** A bitmap of one colour a row, for the pictures below to be made of. */
function bitmap(size: number): Buffer {
  const row = size * 3;
  const bytes = Buffer.alloc(54 + row * size);
  bytes.write("BM");
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(size, 18);
  bytes.writeInt32LE(size, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let at = 54; at < bytes.length; at++) bytes[at] = (at * 7) % 256;
  return bytes;
}

const image = (width: number, height: number) => new Bun.Image(bitmap(64)).resize(width, height);
const jpegOf = async (width: number, height: number) => Buffer.from(await image(width, height).jpeg().bytes());
const pngOf = async (width: number, height: number) => Buffer.from(await image(width, height).png().bytes());

/** A JPEG with one more segment after its beginning. */
function withSegment(jpeg: Buffer, marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)]);
}

/** A chunk of RIFF: name, length, content, filled up to an even length. */
function chunk(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 0, "latin1");
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

async function animatedWebp(): Promise<Buffer> {
  const still = Buffer.from(await image(64, 64).webp({ lossless: true }).bytes()).subarray(12);
  const size = Buffer.from([63, 0, 0, 63, 0, 0]);
  const frame = Buffer.concat([Buffer.alloc(6), size, Buffer.from([100, 0, 0, 0]), still]);
  const parts = [
    chunk("VP8X", Buffer.concat([Buffer.from([2, 0, 0, 0]), size])),
    chunk("ANIM", Buffer.alloc(6)),
    chunk("ANMF", frame),
    chunk("ANMF", frame),
  ];
  return chunk("RIFF", Buffer.concat([Buffer.from("WEBP"), ...parts]));
}

const segment = (marker: number, ...content: number[]) => [0xff, marker, 0, content.length + 2, ...content];

/** Eight by eight grey pixels in four colours: https://www.w3.org/Graphics/JPEG/itu-t81.pdf, with Adobe's mark. */
function cmykJpeg(): Buffer {
  const code = [1, ...Array<number>(15).fill(0), 0];
  const components = [1, 2, 3, 4];
  return Buffer.from([
    0xff,
    0xd8,
    ...segment(0xee, ...Buffer.from("Adobe"), 0, 100, 0, 0, 0, 0, 0),
    ...segment(0xdb, 0, ...Array<number>(64).fill(1)),
    ...segment(0xc0, 8, 0, 8, 0, 8, 4, ...components.flatMap((id) => [id, 0x11, 0])),
    ...segment(0xc4, 0x00, ...code),
    ...segment(0xc4, 0x10, ...code),
    ...segment(0xda, 4, ...components.flatMap((id) => [id, 0]), 0, 63, 0),
    0x00,
    0xff,
    0xd9,
  ]);
}

/** A PNG whose head says more pixels than there could be memory for, in a few bytes. */
function bomb(png: Buffer, side: number): Buffer {
  const lying = Buffer.from(png);
  lying.writeUInt32BE(side, 16);
  lying.writeUInt32BE(side, 20);
  lying.writeUInt32BE(Bun.hash.crc32(lying.subarray(12, 29)), 29);
  return lying;
}

async function send({ token }: Client, shop: TestShop, path: string, bytes: Buffer, type = "application/octet-stream") {
  const headers = { authorization: `Bearer ${token}`, "content-type": type, "content-length": String(bytes.length) };
  return call(shop, "POST", `/api/v1${path}`, { headers, body: Uint8Array.from(bytes) });
}

async function newGallery(engine: (typeof engines)[number], environment: Record<string, string> = {}) {
  const media = join(newFolder(), "media");
  const shop = await freshShop(engine, { MEDIA_DIR: media, ...environment });
  const admin = await newClient(shop, { admin: true });
  const { id } = await stockShelf(shop);
  const add = (bytes: Buffer, query = "") => send(admin, shop, `/products/${id}/images${query}`, bytes);
  return { shop, admin, id, media, add };
}

/** As if all that lies there had come so long ago. */
function cameAgo(media: string, hours: number): void {
  const at = new Date(Date.now() - hours * 3_600_000);
  for (const name of readdirSync(media)) utimesSync(join(media, name), at, at);
}

const fetched = async (shop: TestShop, url: string) => {
  const response = await shop.app.handle(new Request(`http://localhost${url}`));
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
};

describe.each(engines)("pictures on $name", (engine) => {
  test("a picture is kept in three widths, and is the product's", async () => {
    const { shop, admin, id, add } = await newGallery(engine);
    const { status, body } = await add(await jpegOf(2_000, 1_000), "?alt=A%20mug");
    expect(status).toBe(201);
    expect(body).toMatchObject({ id: expect.any(Number), width: 1_200, height: 600, alt: "A mug" });
    expect(body.sizes.map(({ width }: { width: number }) => width)).toEqual([160, 480, 1_200]);
    for (const { width, url } of body.sizes) {
      const { response, bytes } = await fetched(shop, url);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("image/webp");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("cache-control")).toContain("immutable");
      expect(await new Bun.Image(bytes).metadata()).toEqual({ width, height: width / 2, format: "webp" });
    }
    const product = (await admin.get(`/products/${id}`)).body;
    expect(product).toMatchObject({ image_url: body.sizes[1].url, images: [body] });
    expect((await admin.get("/products")).body.items).toMatchObject([{ image_url: body.sizes[1].url }]);
  });

  test("a small picture is not enlarged, and the same twice is one file", async () => {
    const { add, media } = await newGallery(engine);
    const [first, second] = [await add(await pngOf(100, 50)), await add(await pngOf(100, 50))];
    expect(first.body).toMatchObject({ width: 100, height: 50 });
    expect(second.body.url).toBe(first.body.url);
    expect(readdirSync(media)).toHaveLength(3);
  });

  test("pictures stand in an order, and the first is the product's", async () => {
    const { admin, id, add } = await newGallery(engine);
    const [one, two, three] = [
      (await add(await pngOf(10, 10))).body,
      (await add(await pngOf(20, 20))).body,
      (await add(await pngOf(30, 30))).body,
    ];
    const order = async () =>
      (await admin.get(`/products/${id}`)).body.images.map((picture: { id: number }) => picture.id);
    expect((await admin.patch(`/products/${id}/images/${three.id}`, { position: 0, alt: "Front" })).body.alt).toBe(
      "Front",
    );
    expect(await order()).toEqual([three.id, one.id, two.id]);
    expect((await admin.get(`/products/${id}`)).body.image_url).toBe(three.sizes[1].url);
    await admin.patch(`/products/${id}/images/${three.id}`, { position: 99 });
    expect(await order()).toEqual([one.id, two.id, three.id]);
    expect((await admin.delete(`/products/${id}/images/${one.id}`)).status).toBe(204);
    expect(await order()).toEqual([two.id, three.id]);
    expect((await admin.get(`/products/${id}`)).body.image_url).toBe(two.sizes[1].url);
    for (const picture of [two, three]) await admin.delete(`/products/${id}/images/${picture.id}`);
    expect((await admin.get(`/products/${id}`)).body).toMatchObject({ image_url: null, images: [] });
    expect((await admin.delete(`/products/${id}/images/${one.id}`)).status).toBe(404);
  });

  test("a variant may show one of its parent's pictures, and no other", async () => {
    const { admin, shop, add } = await newGallery(engine);
    const other = (await add(await pngOf(20, 20))).body;
    const base = { category: "Clothes", name: "Shirt", price: 5 };
    const { body: parent } = await admin.post("/products", { ...base, slug: "shirt", option_names: ["Size"] });
    const { body: picture } = await send(admin, shop, `/products/${parent.id}/images`, await pngOf(10, 10));
    const variant = { ...base, slug: "shirt-m", parent_id: parent.id, options: { Size: "M" } };
    const { id } = (await admin.post("/products", variant)).body;
    const shown = await admin.patch(`/products/${id}`, { image_id: picture.id });
    expect(shown).toMatchObject({ status: 200, body: { image_url: picture.sizes[1].url } });
    expect((await admin.patch(`/products/${id}`, { image_id: other.id })).status).toBe(422);
    expect((await admin.get(`/products/${parent.id}`)).body.variants).toMatchObject([
      { image_url: picture.sizes[1].url },
    ]);
    await admin.delete(`/products/${parent.id}/images/${picture.id}`);
    expect((await admin.get(`/products/${id}`)).body.image_url).toBeNull();
  });

  test("only admins add pictures, to products that there are", async () => {
    const { shop, admin, id } = await newGallery(engine);
    const customer = await newClient(shop);
    const png = await pngOf(10, 10);
    expect((await send(customer, shop, `/products/${id}/images`, png)).status).toBe(403);
    expect((await send(admin, shop, "/products/999999/images", png)).status).toBe(404);
    expect((await send(admin, shop, `/products/${id}/images`, png, "text/html")).status).toBe(415);
    for (const name of ["0".repeat(32) + "-480.webp", "../secret.key", "0-480.webp", `${"0".repeat(32)}-481.webp`]) {
      expect((await fetched(shop, `/api/v1/images/${encodeURIComponent(name)}`)).response.status).toBeOneOf([404, 422]);
    }
  });

  test("files that no product shows are tidied away a day after they came, and one that is missing is reported", async () => {
    const { shop, admin, id, media, add } = await newGallery(engine);
    const [kept, gone] = [(await add(await pngOf(10, 10))).body, (await add(await pngOf(20, 20))).body];
    await admin.delete(`/products/${id}/images/${gone.id}`);
    await Bun.write(join(media, "logo.svg"), "somebody else's");
    // Whichever program looks, and however often.
    for (const hours of [0, 12, 23]) {
      cameAgo(media, hours);
      expect(await tidyPictures({ ...shop })).toBe(0);
    }
    cameAgo(media, 25);
    expect(await tidyPictures({ ...shop })).toBe(3);
    expect(readdirSync(media)).toHaveLength(4);
    expect(await examine(shop)).toEqual([]);
    rmSync(join(media, kept.url.split("/").at(-1)));
    expect((await examine(shop)).map(({ check }) => check)).toEqual(["pictures have their files"]);
  });

  test("a picture that an order shows stays, whatever its product shows by now", async () => {
    const { shop, admin, id, media, add } = await newGallery(engine);
    const sold = (await add(await pngOf(10, 10))).body;
    const buyer = await newBuyer(shop);
    const { order_id } = (await buy(buyer, [{ id }])).body;
    const unsold = (await add(await pngOf(20, 20))).body;
    for (const picture of [sold, unsold]) await admin.delete(`/products/${id}/images/${picture.id}`);
    cameAgo(media, 25);
    expect(await tidyPictures(shop)).toBe(3);
    const [line] = (await buyer.get(`/orders/${order_id}`)).body.items;
    expect((await fetched(shop, line.image_url)).response.status).toBe(200);
    cameAgo(media, 99);
    expect(await examine(shop)).toEqual([]);
  });

  test("a picture that comes again while nobody shows it is as new as if it came for the first time", async () => {
    const { shop, admin, id, media, add } = await newGallery(engine);
    const first = (await add(await pngOf(10, 10))).body;
    cameAgo(media, 99);
    await admin.delete(`/products/${id}/images/${first.id}`);
    await add(await pngOf(10, 10));
    await admin.delete(`/products/${id}/images/${(await admin.get(`/products/${id}`)).body.images[0].id}`);
    expect(await tidyPictures(shop)).toBe(0);
  });

  test("files that no product shows and nobody tidies away are reported, and mended", async () => {
    const { shop, admin, id, media, add } = await newGallery(engine);
    const { body } = await add(await pngOf(10, 10));
    await admin.delete(`/products/${id}/images/${body.id}`);
    cameAgo(media, 47);
    expect(await examine(shop)).toEqual([]);
    cameAgo(media, 49);
    const [found, ...others] = await examine(shop);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ check: "files of pictures have their products", repairable: true });
    expect(found?.problem).toBe(
      '3 files of pictures that no product and no order shows lie about: the job "tidy pictures" has never run.',
    );
    const ran = (at: string) =>
      shop.database.transaction(async (tx) => {
        await tx.run("DELETE FROM job_runs");
        await tx.run(
          "INSERT INTO job_runs (job, started_at, duration_ms, failure, last_failure_at, runs, failures) VALUES ('tidy pictures', $1, 1, NULL, NULL, 1, 0)",
          [at],
        );
      });
    await ran(shop.now().toISOString());
    expect(await examine(shop)).toEqual([]);
    await ran("2029-12-01T03:40:00.000Z");
    expect((await repair(shop)).mended).toMatchObject([{ problem: expect.stringContaining("last ran at 2029-12-01") }]);
    expect(readdirSync(media)).toEqual([]);
  });
});

describe("what a picture may hold", () => {
  const [engine] = engines;
  if (!engine) throw new Error("There is no engine.");

  test("forty megapixels are taken, with less than 600 MB of memory; more are refused undecoded", async () => {
    const { shop, admin, id, media } = await newGallery(engine);
    // In a process that does nothing else: what it took at most is what the picture took.
    const env = { DATABASE_URL: shop.place.url, SECRET_KEY: SECRET, MEDIA_DIR: media };
    const server = await startServer({ env });
    const add = async (bytes: Buffer) => {
      const headers = { authorization: `Bearer ${admin.token}`, "content-type": "image/jpeg" };
      const body = Uint8Array.from(bytes);
      const answer = await fetch(`${server.url}/api/v1/products/${id}/images`, { method: "POST", headers, body });
      return { status: answer.status, body: await answer.json() };
    };
    expect((await add(await jpegOf(8_000, 5_000))).body).toMatchObject({ width: 1_200, height: 750 });
    if (process.platform === "linux") {
      const status = await Bun.file(`/proc/${server.child.pid}/status`).text();
      expect(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1_024).toBeWithin(100_000_000, 600_000_000);
    }
    const larger = await add(await jpegOf(8_000, 5_001));
    expect(larger).toMatchObject({ status: 422, body: { errors: [{ code: "too_many_pixels" }] } });
    expect(await server.stop()).toBe(0);
  });

  test.each([50_000, 65_535])("a few bytes that say %d pixels a side are refused at once", async (side) => {
    const { add, media } = await newGallery(engine);
    const answer = await add(bomb(await pngOf(10, 10), side));
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ code: "too_many_pixels" }] } });
    expect(existsSync(media)).toBe(false);
  });

  test("where a photograph was taken, and by what, is not kept", async () => {
    const { shop, add } = await newGallery(engine);
    const exif = Buffer.concat([Buffer.from("Exif\0\0"), Buffer.from("II*\0\b\0\0\0\0\0GPSLatitude 18.5204 Canon")]);
    const photo = withSegment(await jpegOf(300, 200), 0xe1, exif);
    const answer = await add(withSegment(photo, 0xfe, Buffer.from("a comment")));
    expect(answer.status).toBe(201);
    for (const { url } of answer.body.sizes) {
      const text = (await fetched(shop, url)).bytes.toString("latin1");
      for (const word of ["Exif", "EXIF", "GPS", "Canon", "comment"]) expect(text).not.toContain(word);
    }
  });

  test.each([
    ["a page", Buffer.from("<html><script>alert(1)</script></html>")],
    ["an archive", Buffer.from("PK\x03\x04 and what is in it")],
  ])("a picture that is %s too is only a picture afterwards", async (_, rest) => {
    const { shop, add } = await newGallery(engine);
    const answer = await add(Buffer.concat([await jpegOf(30, 30), rest]));
    expect(answer.status).toBe(201);
    const text = (await fetched(shop, answer.body.url)).bytes.toString("latin1");
    expect(text).not.toContain("script");
    expect(text).not.toContain("PK\x03\x04");
  });

  test("a photograph for printing (CMYK) is taken, and shown as others are", async () => {
    const { shop, add } = await newGallery(engine);
    const answer = await add(cmykJpeg());
    expect(answer).toMatchObject({ status: 201, body: { width: 8, height: 8 } });
    expect(await new Bun.Image((await fetched(shop, answer.body.url)).bytes).metadata()).toMatchObject({
      format: "webp",
    });
  });

  test.each([
    ["one that moves", () => animatedWebp(), 422],
    ["a drawing that could hold scripts", async () => Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), 415],
    ["a bitmap", async () => bitmap(8), 415],
    ["text", async () => Buffer.from("no picture"), 415],
    ["one that breaks off in its head", async () => (await pngOf(30, 30)).subarray(0, 40), 422],
    ["one of more than ten megabytes", async () => Buffer.concat([await pngOf(9, 9), Buffer.alloc(10_000_000)]), 413],
  ])("%s is refused", async (_, make, status) => {
    const { add, media } = await newGallery(engine);
    expect((await add(await make())).status).toBe(status);
    expect(existsSync(media)).toBe(false);
  });

  test("where nothing is said, pictures lie beside the database", async () => {
    const { shop, add } = await newGallery(engine, { MEDIA_DIR: "" });
    expect((await add(await pngOf(10, 10))).status).toBe(201);
    if (shop.settings.databaseUrl.engine !== "sqlite") throw new Error("This is for SQLite.");
    expect(readdirSync(join(dirname(shop.settings.databaseUrl.path), "media"))).toHaveLength(3);
    expect(await mediaOf(shop).list()).toHaveLength(3);
  });
});
