import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { createBackup, listBackups, pruneBackups } from "../../src/backups/backups";
import { restoreBackup, verifyBackup } from "../../src/backups/restore";
import { examine } from "../../src/doctor/doctor";
import { mediaOf } from "../../src/media/files";
import { startBucket } from "../support/bucket";
import { call, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { newFolder } from "../support/program";
import { freshShop, type TestShop } from "../support/shop";

setDefaultTimeout(60_000);

const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/wHwAEBgIApD5fRAAAAABJRU5ErkJggg==";

/** Gives a new product a picture, which has three files. */
async function addPicture(shop: TestShop, pixels: number): Promise<{ product: number; id: number }> {
  const { token } = await newClient(shop, { admin: true });
  const { id } = await stockShelf(shop);
  const body = Uint8Array.from(await new Bun.Image(Buffer.from(DOT, "base64")).resize(pixels, pixels).png().bytes());
  const headers = { authorization: `Bearer ${token}`, "content-type": "image/png", "content-length": `${body.length}` };
  const added = await call(shop, "POST", `/api/v1/products/${id}/images`, { headers, body });
  expect(added.status).toBe(201);
  return { product: id, id: added.body.id };
}

const backedUp = (shop: TestShop): string[] => readdirSync(`${shop.settings.backupTo}/pictures`);

const able = engines.filter(({ name }) => name === "sqlite" || Bun.which("pg_dump") !== null);

describe.each(able)("pictures in backups of a shop on $name", (engine) => {
  const newShop = (settings: Record<string, string> = {}) =>
    freshShop(engine, { BACKUP_TO: newFolder(), MEDIA_DIR: newFolder(), ...settings });

  /** Restores into a shop without anything. */
  async function restoreElsewhere(shop: TestShop, id: string) {
    const place = await engine.newPlace();
    const settings = { ...shop.settings, databaseUrl: place.address, mediaDir: newFolder() };
    const { problems } = await restoreBackup({ settings, now: shop.now }, id);
    await place.remove();
    return { problems, pictures: readdirSync(settings.mediaDir).toSorted() };
  }

  test("come back with the shop, and are kept once for all backups, for their owner alone", async () => {
    const shop = await newShop();
    await addPicture(shop, 10);
    const first = await createBackup(shop);
    expect(first.pictures?.count).toBe(3);
    const kept = backedUp(shop);
    const written = kept.map((name) => statSync(`${shop.settings.backupTo}/pictures/${name}`));
    for (const { mode } of written) expect(mode & 0o777).toBe(0o600);
    shop.pass(60);
    await addPicture(shop, 20);
    const second = await createBackup(shop);
    expect(second.pictures?.count).toBe(6);
    expect(backedUp(shop)).toHaveLength(6);
    // Those of the first were not written again.
    const inodes = kept.map((name) => statSync(`${shop.settings.backupTo}/pictures/${name}`).ino);
    expect(inodes).toEqual(written.map(({ ino }) => ino));
    expect(await verifyBackup(shop, first.id)).toMatchObject({ problems: [] });
    expect(await restoreElsewhere(shop, first.id)).toEqual({ problems: [], pictures: kept.toSorted() });
    expect(await restoreElsewhere(shop, second.id)).toEqual({ problems: [], pictures: backedUp(shop).toSorted() });
    expect((await runCommand(shop, ["backup", "list"])).text).toContain("PICTURES");
  });

  test("that are tidied away while it is being made are in it all the same", async () => {
    const shop = await newShop();
    await addPicture(shop, 10);
    const { backupTo = "", mediaDir = "" } = shop.settings;
    const isDatabaseThere = () =>
      readdirSync(backupTo, { recursive: true, encoding: "utf8" }).some((name) => /Z\/(?!pictures\.)/.test(name));
    const timer = setInterval(() => {
      if (isDatabaseThere()) rmSync(mediaDir, { recursive: true, force: true });
    }, 1);
    const { id } = await createBackup(shop);
    clearInterval(timer);
    expect(existsSync(mediaDir)).toBe(false);
    expect(await restoreElsewhere(shop, id)).toMatchObject({ problems: [], pictures: backedUp(shop).toSorted() });
    expect(backedUp(shop)).toHaveLength(3);
  });

  test("that are damaged or missing are named, and keep nobody from the rest", async () => {
    const shop = await newShop();
    await addPicture(shop, 10);
    const { id } = await createBackup(shop);
    const [damaged = "", gone = "", good = ""] = backedUp(shop);
    writeFileSync(`${shop.settings.backupTo}/pictures/${damaged}`, "no picture");
    unlinkSync(`${shop.settings.backupTo}/pictures/${gone}`);
    const said = [
      expect.stringContaining(`The picture ${damaged} is not what was written`),
      `The picture ${gone} is missing.`,
    ];
    expect((await verifyBackup(shop, id)).problems).toEqual(expect.arrayContaining(said));
    const { problems, pictures } = await restoreElsewhere(shop, id);
    expect([problems, pictures]).toEqual([expect.arrayContaining(said), [good]]);
    // The next backup writes what is not there, and the list says which was damaged.
    shop.pass(60);
    const next = await createBackup(shop);
    expect((await verifyBackup(shop, next.id)).problems).toEqual([expect.stringContaining(damaged)]);
    writeFileSync(`${shop.settings.backupTo}/${next.id}/pictures.sha256`, "");
    expect((await verifyBackup(shop, next.id)).problems).toEqual([expect.stringContaining("pictures.sha256")]);
  });

  test("go with the last backup that has them, unless another is being made", async () => {
    const shop = await newShop();
    const { product, id } = await addPicture(shop, 10);
    await createBackup(shop);
    shop.pass(60);
    const admin = await newClient(shop, { admin: true });
    await admin.delete(`/products/${product}/images/${id}`);
    for (const name of await mediaOf(shop).list()) await mediaOf(shop).remove(name);
    await addPicture(shop, 20);
    const latest = await createBackup(shop);
    expect(backedUp(shop)).toHaveLength(6);
    await pruneBackups(shop, 2);
    expect(backedUp(shop)).toHaveLength(6);
    // As one that another machine is making has it, before its manifest.
    const [earlier] = (await listBackups(shop)).slice(1);
    const from = `${shop.settings.backupTo}/${earlier?.id}/pictures.sha256`;
    shop.pass(60);
    const underWay = `${shop.settings.backupTo}/${latest.id.slice(0, -3)}59Z`;
    await Bun.write(`${underWay}/pictures.sha256`, Bun.file(from));
    await pruneBackups(shop, 1);
    expect(backedUp(shop)).toHaveLength(6);
    rmSync(underWay, { recursive: true });
    await pruneBackups(shop, 1);
    expect(backedUp(shop)).toHaveLength(3);
    expect(await verifyBackup(shop, latest.id)).toMatchObject({ problems: [] });
    expect((await examine(shop)).map(({ problem }) => problem)).toEqual([]);
  });

  test("go from one bucket into another", async () => {
    await using bucket = startBucket({ keysPerPage: 2 });
    const shop = await newShop({
      BACKUP_TO: "s3://shop-backups/nightly",
      MEDIA_DIR: "s3://goods/pictures",
      S3_ENDPOINT: bucket.url,
      S3_ACCESS_KEY_ID: "key",
      S3_SECRET_ACCESS_KEY: "secret-of-the-bucket",
    });
    await addPicture(shop, 10);
    const { id } = await createBackup(shop);
    const pictures = [...bucket.objects.keys()].filter((name) => name.startsWith("pictures/"));
    expect(pictures).toHaveLength(3);
    for (const name of pictures) expect(bucket.objects.has(`nightly/${name}`)).toBe(true);
    expect((await verifyBackup(shop)).problems).toEqual([]);
    for (const name of pictures) bucket.objects.delete(name);
    const place = await engine.newPlace();
    const settings = { ...shop.settings, databaseUrl: place.address };
    expect((await restoreBackup({ settings, now: shop.now }, id)).problems).toEqual([]);
    for (const name of pictures) expect(bucket.objects.has(name)).toBe(true);
    await place.remove();
  });
});
