import { afterAll, afterEach, beforeEach, setDefaultTimeout } from "bun:test";

// Loaded before every file: hooks that a module registers by itself hold for the first file that imports it, and no other.

// A machine that does something else beside may take long; no test says how long something takes.
setDefaultTimeout(60_000);

export interface Closable {
  close(): Promise<void>;
}

/** What tests have open. A PostgreSQL server has only so many connections, so it is closed when the test is over. */
export const open = new Set<Closable>();

/** What was open before the test began: several tests share it. */
let shared = new Set<Closable>();

beforeEach(() => {
  shared = new Set(open);
});

afterEach(() => close(open.difference(shared)));
afterAll(() => close(open));

async function close(these: Set<Closable>): Promise<void> {
  await Promise.all([...these].map((one) => one.close()));
}
