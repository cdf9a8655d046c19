import { afterAll } from "bun:test";
import { createApp } from "../../src/app";
import { loadSettings } from "../../src/settings";
import { openShop, type Shop } from "../../src/shop";
import { migrate } from "../../src/storage/migrate";
import { openDatabase } from "../../src/storage/open";
import type { Place, TestEngine } from "./engines";

export const SECRET = "a-secret-for-tests-0123456789-abcdefghij";
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

const open = new Set<TestShop>();

/** Closes what is open: `afterEach(closeShops)` where a file has many tests and PostgreSQL only so many connections. */
export async function closeShops(): Promise<void> {
  await Promise.all([...open].map((shop) => shop.close()));
}

afterAll(closeShops);

/** An empty shop on a fresh database. It is closed and removed when the test file ends, if not before. */
export async function freshShop(engine: TestEngine, environment: Record<string, string> = {}): Promise<TestShop> {
  const place = await engine.newPlace();
  const settings = loadSettings({
    DATABASE_URL: place.url,
    SECRET_KEY: SECRET,
    BCRYPT_COST: "4",
    RATE_LIMIT: "off",
    ...environment,
  });
  const database = await openDatabase(place.address);
  await migrate(database);
  let now = START.getTime();
  const logged: TestShop["logged"] = [];
  const shop = openShop(database, settings, {
    now: () => new Date(now),
    log: (level, message, about) => logged.push({ level, message, about }),
  });
  const testShop: TestShop = {
    ...shop,
    place,
    logged,
    app: createApp(shop),
    pass: (seconds) => {
      now += seconds * 1000;
    },
    close: async () => {
      if (!open.delete(testShop)) return;
      await database.close();
      await place.remove();
    },
  };
  open.add(testShop);
  return testShop;
}
