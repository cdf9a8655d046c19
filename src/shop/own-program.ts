import type { Shop } from "./shop";
import { urlOf } from "../storage/place";

/** How it ended, and what it said. */
export interface Said {
  code: number;
  out: string;
  err: string;
}

/**
 * Runs a command of this very program on the same database, in a process of its own: what is long would hold up every
 * request of this one. Undefined where the shop does not run as a program.
 */
export async function runOwnProgram(
  { command, settings: { databaseUrl } }: Pick<Shop, "command" | "settings">,
  words: readonly string[],
  signal?: AbortSignal,
): Promise<Said | undefined> {
  if (!command) return undefined;
  const child = Bun.spawn([...command, ...words], {
    env: { ...process.env, DATABASE_URL: urlOf(databaseUrl) },
    stdio: ["ignore", "pipe", "pipe"],
    ...(signal && { signal }),
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, out, err };
}
