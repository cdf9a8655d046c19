import { ShopError } from "../../base/errors";
import type { Shop } from "../../shop/shop";
import { failSilentRuns, findRunningRun, finishRun, insertRun, type RunningRun } from "./queries";
import { hasEnded, thisProcess } from "../../base/process";
import { momentText } from "../../base/zoned-time";
import type { Transaction } from "../../storage/database";

/** A training on another machine that has been silent for so long was killed: reading and computing say something every few seconds. */
const SILENCE_MS = 120_000;

/** Begins a training and returns its id. Throws `conflict` while another is running, here or in another process. */
export function startRun(shop: Shop, askedBy: string, settings: object): Promise<number> {
  const now = shop.now();
  const silentSince = new Date(now.getTime() - SILENCE_MS).toISOString();
  return shop.database.transaction(async (tx) => {
    await failSilentRuns(tx, silentSince, now.toISOString());
    await failKilledRun(tx, now);
    const run = { asked_by: askedBy, settings, started_at: now.toISOString(), process: thisProcess() };
    const id = await insertRun(tx, run);
    if (id === undefined) throw isTrainingAlready(shop, await findRunningRun(tx));
    return id;
  });
}

/** A process of this machine need not be waited for: it is asked for itself. */
async function failKilledRun(tx: Transaction, now: Date): Promise<void> {
  const running = await findRunningRun(tx);
  if (!running?.process || !hasEnded(running.process)) return;
  const end = { state: "failed" as const, data: {}, metrics: {}, note: "It was killed." };
  await finishRun(tx, running.id, { ...end, finished_at: now.toISOString() });
}

function isTrainingAlready({ settings }: Shop, running: RunningRun | undefined): ShopError {
  if (!running) return new ShopError("conflict", "Another training is running. Try again when it is done.");
  const [host, pid] = running.process?.split("/") ?? [];
  const where = host === undefined ? "" : `, in process ${pid} on ${host}`;
  const since = momentText(running.started_at, settings.timeZone);
  return new ShopError(
    "conflict",
    `Another training is running since ${since}, asked for by ${running.asked_by}${where}. Try again when it is done.`,
  );
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
