import { afterAll, afterEach, beforeEach, setDefaultTimeout } from "bun:test";

// Loaded before every file: hooks that a module registers by itself hold for the first file that imports it, and no other.

// A machine that does something else beside may take long; no test says how long something takes. Of several files it holds for the
// first alone: scripts/test.ts and the check say it to all by `--timeout`.
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
afterAll(async () => {
  numbers.clear();
  await close(open);
});

/** Files share the modules that they import. What those have numbered begins anew with each file, whatever ran before it. */
const numbers = new Map<string, number>();

/** 1, 2, 3 … of this kind of thing. */
export function numberOf(kind: string): number {
  const number = (numbers.get(kind) ?? 0) + 1;
  numbers.set(kind, number);
  return number;
}

async function close(these: Set<Closable>): Promise<void> {
  await Promise.all([...these].map((one) => one.close()));
  for (const one of these) open.delete(one);
}
