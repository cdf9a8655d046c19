import { setPriority } from "node:os";
import { ShopError } from "../../base/errors";
import type { Shop } from "../../shop/shop";
import { modelHasChanged } from "../model-changes";
import { failRun, startRun } from "./runs";
import { urlOf } from "../../storage/place";

/** Below what serves requests, so that a training takes only the time that nobody else wants (see `man nice`). */
const NICENESS = 10;

export interface BackgroundRun {
  run_id: number;
  /** Of the process that trains. */
  pid: number;
  /** Ends with the process, however that ended. */
  done: Promise<void>;
}

/**
 * Begins a training in a process of its own and returns its run at once: requests never wait for it, its memory is given
 * back when it ends, and killing it harms nothing. Throws `conflict` while another training runs anywhere.
 */
export async function retrainInBackground(shop: Shop, askedBy: string): Promise<BackgroundRun> {
  const { command } = shop;
  if (!command) throw new Error("This shop does not know how to run its own program.");
  // Without settings: the training chooses them.
  const runId = await startRun(shop, askedBy, {});
  const child = Bun.spawn([...command, "retrain", "--run", String(runId)], {
    env: {
      ...process.env,
      DATABASE_URL: addressOf(shop),
      SANSET_ENV: shop.settings.production ? "production" : "development",
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  setPriority(child.pid, NICENESS);
  return { run_id: runId, pid: child.pid, done: watch(shop, runId, child.exited, new Response(child.stderr).text()) };
}

/** What a training has to say is on its run; when its process could not even say that, we do. */
async function watch(shop: Shop, runId: number, exited: Promise<number>, said: Promise<string>): Promise<void> {
  const code = await exited;
  modelHasChanged(shop);
  if (code === 0) return;
  shop.log("error", "A training failed.", { run_id: runId, code, said: (await said).slice(-1_000) });
  await failRun(shop, runId, new ShopError("conflict", "Its process ended without a result."));
}

function addressOf({ settings: { databaseUrl } }: Shop): string {
  return urlOf(databaseUrl);
}
