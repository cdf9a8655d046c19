import { clientNetworks } from "../base/client-network";
import { HOUR_MS } from "../base/time";
import { perShop } from "../shop/per-shop";
import type { AuditEvent } from "../shop/audited-shop";
import type { Shop } from "../shop/shop";
import { recordAlone } from "./audit";

/** So many entries an hour are written for one client and one kind of event, and so many for one kind in all. */
const LISTED_OF_CLIENT = 10;
const LISTED_IN_ALL = 1_000;

/** So many clients are told apart at once; what others do is counted as theirs together. */
const CLIENTS_MOST = 2_000;

type Strangers = Pick<Shop, "database" | "now" | "state">;

/** What was heard of one client, or of all, within an hour. */
interface Heard {
  action: string;
  address: string | null;
  since: string;
  endsAt: number;
  listed: number;
  /** What came beyond that, which is counted and not listed. */
  more: number;
}

const heardOf = perShop(() => new Map<string, Heard>());

/**
 * Writes down what callers cause who are not signed in, or only as customers. They could drown what matters in entries that
 * can't be deleted, so the first few of each client are written as they come, and the rest as one entry with their number
 * when the hour is over. What is not written yet is lost with the program.
 */
export async function recordStranger(shop: Strangers, event: AuditEvent): Promise<void> {
  const heard = heardOf(shop);
  const all = await hearOf(shop, heard, event.action, event.action, null);
  const address = event.origin?.address ?? null;
  const network = clientNetworks(address).at(-1)?.key ?? "unknown";
  const isKnown = heard.has(`${event.action} ${network}`) || heard.size < CLIENTS_MOST;
  const one = isKnown ? await hearOf(shop, heard, `${event.action} ${network}`, event.action, address) : all;
  if (one.listed >= LISTED_OF_CLIENT || all.listed >= LISTED_IN_ALL) {
    one.more++;
    return;
  }
  one.listed++;
  if (one !== all) all.listed++;
  await recordAlone(shop, event);
}

/** Writes what was counted in hours that are over. */
export async function writeCounts(shop: Strangers): Promise<void> {
  const heard = heardOf(shop);
  const now = shop.now().getTime();
  for (const [key, one] of heard) {
    if (one.endsAt > now) continue;
    heard.delete(key);
    await writeCount(shop, one);
  }
}

async function hearOf(
  shop: Strangers,
  heard: Map<string, Heard>,
  key: string,
  action: string,
  address: string | null,
): Promise<Heard> {
  const now = shop.now();
  const known = heard.get(key);
  if (known && known.endsAt > now.getTime()) return known;
  const fresh = { action, address, since: now.toISOString(), endsAt: now.getTime() + HOUR_MS, listed: 0, more: 0 };
  heard.set(key, fresh);
  if (known) await writeCount(shop, known);
  return fresh;
}

async function writeCount(shop: Strangers, { action, address, since, more }: Heard): Promise<void> {
  if (more === 0) return;
  await recordAlone(shop, { action, origin: { address, request_id: null }, details: { more, since } });
}
