import { ShopError } from "../../base/errors";
import type { Shop } from "../../shop/shop";
import { failSilentRuns, finishRun, insertRun } from "./queries";

/** A training that has been silent for so long was killed. Reading and computing say something every few seconds. */
const SILENCE_MS = 120_000;

/** Begins a training and returns its id. Throws `conflict` while another is running, here or in another process. */
export function startRun(shop: Shop, askedBy: string, settings: object): Promise<number> {
  const now = shop.now();
  const silentSince = new Date(now.getTime() - SILENCE_MS).toISOString();
  return shop.database.transaction(async (tx) => {
    await failSilentRuns(tx, silentSince, now.toISOString());
    const id = await insertRun(tx, { asked_by: askedBy, settings, started_at: now.toISOString() });
    if (id === undefined) throw new ShopError("conflict", "Another training is running. Try again when it is done.");
    return id;
  });
}

/** Writes down that a run came to nothing, if it still runs. Where even this can't be written, its silence says the same. */
export async function failRun(shop: Shop, runId: number, error: unknown): Promise<void> {
  const note = error instanceof ShopError ? error.message : "Something went wrong.";
  const end = { state: "failed" as const, data: {}, metrics: {}, note, finished_at: shop.now().toISOString() };
  try {
    await shop.database.transaction((tx) => finishRun(tx, runId, end));
  } catch {
    shop.log("warn", "A failed training could not be written down.", { run_id: runId });
  }
}

export function givenUp(): ShopError {
  return new ShopError("conflict", "This training was silent for so long that it was given up.");
}
