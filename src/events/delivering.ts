import { perShop } from "../shop/per-shop";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import type { Attempt, Channel, Delivery } from "./channel";
import { recordEvent } from "./events";
import { giveWay } from "./give-way";
import {
  claimDeliveries,
  insertAttempt,
  isDue,
  releaseDeliveries,
  type Standing,
  updateDelivery,
} from "./delivery-queries";

/** Longer than any try takes: until then a claimed delivery is nobody else's. */
const CLAIM_SECONDS = 60;

/** Past its time a receiver waits so much longer at most, so that thousands of failed tries don't come back together. */
const JITTER = 0.1;

const LONGEST_PAUSE_SECONDS = 86_400;

const workersOf = perShop(() => new Map<string, Promise<void>>());

/**
 * Sees to it that each target with something due has a worker in this process, and returns without waiting for them: a
 * receiver that takes its time holds up nobody but itself.
 */
export async function startDeliveries(shop: Shop, channels: readonly Channel[], stopping: AbortSignal): Promise<void> {
  const workers = workersOf(shop);
  for (const channel of channels) {
    for (const target of await channel.targets(shop)) {
      const name = `${channel.name} ${target ?? ""}`;
      if (workers.has(name) || !(await isDue(shop.database, channel.name, target, shop.now().toISOString()))) continue;
      workers.set(
        name,
        workOff(shop, channel, target, stopping)
          .catch((error: unknown) => {
            const reason = error instanceof Error ? error.message : String(error);
            shop.log("error", "Deliveries failed; they are tried again.", { channel: channel.name, target, reason });
          })
          .finally(() => workers.delete(name)),
      );
    }
  }
}

/** Answers when this process delivers nothing any more. */
export async function deliveriesEnded(shop: Pick<Shop, "state">): Promise<void> {
  await Promise.all(workersOf(shop).values());
}

/** Whether this process delivers anything now. */
export const isDelivering = (shop: Pick<Shop, "state">): boolean => workersOf(shop).size > 0;

/** All that is due for one target, a few at once. */
async function workOff(shop: Shop, channel: Channel, target: string | undefined, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    await giveWay(stopping);
    const now = shop.now();
    const until = new Date(now.getTime() + CLAIM_SECONDS * 1000).toISOString();
    const claimed = await shop.database.transaction((tx) =>
      claimDeliveries(tx, {
        channel: channel.name,
        target,
        most: channel.atOnce,
        now: now.toISOString(),
        until,
      }),
    );
    if (claimed.length === 0) return;
    const tried = await Promise.all(claimed.map((delivery) => tryOnce(shop, channel, delivery, stopping)));
    await shop.database.transaction(async (tx) => {
      for (const { delivery, attempt, tookMs } of tried) await finish(shop, tx, channel, delivery, attempt, tookMs);
      const unheard = tried.filter(({ attempt }) => attempt === undefined).map(({ delivery }) => delivery.id);
      if (unheard.length > 0) await releaseDeliveries(tx, unheard, shop.now().toISOString());
    });
  }
}

interface Tried {
  delivery: Delivery;
  /** Undefined where the shop stopped in the middle of it. */
  attempt: Attempt | undefined;
  tookMs: number;
}

async function tryOnce(shop: Shop, channel: Channel, delivery: Delivery, stopping: AbortSignal): Promise<Tried> {
  const start = performance.now();
  let attempt: Attempt | undefined;
  try {
    attempt = await channel.deliver(shop, delivery, stopping);
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    shop.log("error", "A delivery failed for a reason of our own.", { delivery_id: delivery.id, error: reason });
    attempt = { is: "failed", failure: "Something went wrong on our side." };
  }
  // What failed because the shop stops says nothing about the receiver.
  if (stopping.aborted && attempt.is === "failed") attempt = undefined;
  return { delivery, attempt, tookMs: Math.round(performance.now() - start) };
}

async function finish(
  shop: Shop,
  tx: Transaction,
  channel: Channel,
  delivery: Delivery,
  attempt: Attempt | undefined,
  tookMs: number,
): Promise<void> {
  if (!attempt) return;
  const now = shop.now();
  const standing = standingAfter(channel, delivery, attempt, now);
  if (!(await updateDelivery(tx, delivery.id, standing))) return;
  if (attempt.is !== "dropped") {
    await insertAttempt(tx, {
      delivery_id: delivery.id,
      at: now.toISOString(),
      took_ms: tookMs,
      status: attempt.status ?? null,
      failure: attempt.is === "failed" ? attempt.failure : null,
    });
  }
  if (attempt.is === "failed") await attempt.also?.(tx);
  // What can't be delivered about what could not be delivered would go on for ever.
  if (standing.state === "given_up" && delivery.event.type !== "delivery.given_up") {
    const { id: delivery_id, target } = delivery;
    await recordEvent(tx, "delivery.given_up", { delivery_id, channel: channel.name, target }, now.toISOString());
  }
}

function standingAfter(channel: Channel, { tries }: Delivery, attempt: Attempt, now: Date): Standing {
  const ended = (state: "sent" | "given_up" | "dropped") => ({
    state,
    next_at: now.toISOString(),
    ended_at: now.toISOString(),
  });
  if (attempt.is !== "failed") return ended(attempt.is);
  const pause = channel.pausesSeconds[tries];
  if (attempt.final || pause === undefined) return ended("given_up");
  const wanted = Math.min(attempt.after_seconds ?? 0, LONGEST_PAUSE_SECONDS);
  const seconds = Math.max(pause * (1 + JITTER * Math.random()), wanted);
  return { state: "waiting", next_at: new Date(now.getTime() + seconds * 1000).toISOString(), ended_at: null };
}
