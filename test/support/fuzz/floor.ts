import { createApp } from "../../../src/app";
import { finishBackgroundWork } from "../../../src/jobs/runner";
import { type Settings } from "../../../src/shop/settings";
import { loadSettings } from "../settings";
import { openShop, type Shop } from "../../../src/shop/shop";
import type { Database } from "../../../src/storage/database";
import { migrate } from "../../../src/storage/migrate";
import { openDatabase } from "../../../src/storage/open";
import type { Place, TestEngine } from "../engines";
import { type Document, readDocument } from "../operations";
import { copiesOf } from "./copies";
import { furnish } from "./furnish";
import type { Memory } from "./memory";

export const WEBHOOK_SECRET = "a-secret-of-the-mock-gateway";

/** The same everywhere, so that a sequence can be sent again by hand to a floor that was opened elsewhere. */
const NOW = new Date("2030-01-01T09:00:00.000Z");

/** A shop that sequences of requests walk over. */
export interface Floor extends Shop {
  app: ReturnType<typeof createApp>;
  /** The tokens that were mailed to people who forgot their password, the latest last. */
  letters: { to: string; token: string }[];
  close(): Promise<void>;
}

export interface Floors {
  document: Document;
  /** What is known of a floor that was just opened. */
  memory: Memory;
  /** A floor as it was when the shop opened in the morning. One at a time. */
  open(): Promise<Floor>;
  remove(): Promise<void>;
}

/** Makes a shop with people in it, goods, full carts and orders in all their states, of which there are copies. */
export async function layFloors(engine: TestEngine): Promise<Floors> {
  const place = await engine.newPlace();
  const settings = settingsAt(place);
  const database = await openDatabase(place.address, { connections: 3 });
  await migrate(database);
  const first = openFloor(database, settings, [], counter(0));
  const document = await readDocument(first);
  const memory = await furnish(first, document);
  const ids = Number(first.newId().slice(-12));
  const copies = await copiesOf(database, place);
  return {
    document,
    memory,
    open: async () => openFloor(await copies.open(), settings, [...first.letters], counter(ids)),
    remove: async () => {
      await copies.close();
      await place.remove();
    },
  };
}

function settingsAt({ url }: Place): Settings {
  return loadSettings({
    DATABASE_URL: url,
    SECRET_KEY: "a-secret-for-the-fuzzer-0123456789",
    BCRYPT_COST: "4",
    RATE_LIMIT: "off",
    LOG_LEVEL: "silent",
    MOCK_WEBHOOK_SECRET: WEBHOOK_SECRET,
  });
}

function openFloor(database: Database, settings: Settings, letters: Floor["letters"], newId: () => string): Floor {
  const shop = openShop(database, settings, {
    now: () => NOW,
    // A training is under way already, so none is started.
    command: ["false"],
    newId,
    sendMail: async ({ to, text }) => {
      letters.push({ to, token: /Your token: (\S+)/.exec(text)?.[1] ?? "" });
    },
  });
  const close = async () => {
    // Or a letter would be written in the middle of the next walk.
    await finishBackgroundWork(shop);
    await database.close();
  };
  return { ...shop, app: createApp(shop), letters, close };
}

/** Ids that are the same on every floor. */
function counter(from: number): () => string {
  let made = from;
  return () => `00000000-0000-7000-8000-${String(++made).padStart(12, "0")}`;
}
