import { join } from "node:path";
import { createApp } from "../../src/app";
import { finishBackgroundWork } from "../../src/jobs/runner";
import { loadSettings } from "./settings";
import { openShop, type Shop } from "../../src/shop/shop";
import { openDatabase } from "../../src/storage/open";
import type { Place, TestEngine } from "./engines";
import { open } from "./every-test";
import { newFolder } from "./program";
import { POOLS, PROGRAM, SECRET } from "./usual";

export { POOLS, SECRET } from "./usual";

/** Made when a test adds a picture, and removed at the end. */
const PICTURES = newFolder();

export const START = new Date("2030-01-01T09:00:00.000Z");

/** A shop of its own for one test, with a clock that stands still until it is moved. */
export interface TestShop extends Shop {
  place: Place;
  app: ReturnType<typeof createApp>;
  /** What was logged, in place of stderr. */
  logged: { level: string; message: string; about: Record<string, unknown> | undefined }[];
  pass(seconds: number): void;
  close(): Promise<void>;
}

/**
 * An empty shop on a fresh database. It is closed and removed after the test that opened it, or at the end of the file when
 * several tests share it.
 */
export async function freshShop(engine: TestEngine, environment: Record<string, string> = {}): Promise<TestShop> {
  const place = await engine.newMigratedPlace();
  const settings = loadSettings({
    SANSET_ENV: "development",
    DATABASE_URL: place.url,
    SECRET_KEY: SECRET,
    BCRYPT_COST: "4",
    RATE_LIMIT: "off",
    LOG_LEVEL: "warn",
    // What is logged is what went wrong, on a machine that others keep busy too.
    SLOW_CALL_MS: "600000",
    // Beside an SQLite file pictures have a folder of its own. On PostgreSQL all shops of this folder would share one.
    ...(engine.name === "postgres" && { MEDIA_DIR: join(PICTURES, crypto.randomUUID()) }),
    ...environment,
  });
  const logMostBytes = settings.databaseLogMegabytes * 1_000_000;
  const database = await openDatabase(place.address, { ...POOLS, writeQueue: settings.writeQueue, logMostBytes });
  let now = START.getTime();
  const logged: TestShop["logged"] = [];
  let app: TestShop["app"] | undefined;
  const shop = openShop(database, settings, {
    now: () => new Date(now),
    log: (level, message, about) => logged.push({ level, message, about }),
    command: PROGRAM,
  });
  const testShop: TestShop = {
    ...shop,
    place,
    logged,
    // Its routes take longer to make than all the rest, and not every test calls one.
    get app() {
      return (app ??= createApp(shop));
    },
    pass: (seconds) => {
      now += seconds * 1000;
    },
    close: async () => {
      if (!open.delete(testShop)) return;
      await finishBackgroundWork(shop);
      await database.close();
      await place.remove();
    },
  };
  open.add(testShop);
  return testShop;
}
