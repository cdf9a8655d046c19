import { perShop } from "../shop/per-shop";
import type { Shop } from "../shop/shop";
import { tokenHash } from "./opaque-tokens";
import { newTryMap, type TryMap } from "./throttle";
import { findTries, holdTries, setTries, type Tries } from "./try-queries";

/** Of what kind a try is, and whose. */
export type TryKey = readonly [kind: string, key: string];

/** The tries of a kind that are known. */
type Known = (kind: string) => TryMap;

type Counting = Pick<Shop, "database" | "now" | "state">;

const memoryOf = perShop(() => new Map<string, TryMap>());

export const secondsOf = (shop: Pick<Shop, "now">) => (): number => shop.now().getTime() / 1000;

/**
 * Lets `work` see and change what is known of these keys, while nobody else does. Servers that share a database count
 * together, in the database; a server that is alone counts in its memory.
 */
export async function changeTries<Result>(
  shop: Counting,
  keys: readonly TryKey[],
  work: (known: Known) => Result,
): Promise<Result> {
  if (!shop.database.isShared) return work(inMemory(shop));
  return shop.database.transaction(async (tx) => {
    const rows = new Rows(await holdTries(tx, namesOf(keys)));
    const result = work(rows.known);
    await setTries(tx, rows.changed());
    return result;
  });
}

/** Lets `work` see what is known of these keys, and change nothing. */
export async function lookAtTries<Result>(
  shop: Counting,
  keys: readonly TryKey[],
  work: (known: Known) => Result,
): Promise<Result> {
  if (!shop.database.isShared) return work(inMemory(shop));
  return work(new Rows(await findTries(shop.database, namesOf(keys))).known);
}

const inMemory =
  (shop: Counting): Known =>
  (kind) => {
    const memory = memoryOf(shop);
    const known = memory.get(kind) ?? newTryMap(secondsOf(shop));
    memory.set(kind, known);
    return known;
  };

/** A reader of the database learns from it neither which account was tried nor from where. */
export const nameOf = (kind: string, key: string): string => tokenHash(`${kind} ${key}`);

/** Everybody takes rows in this order, so that two never wait for each other. */
const namesOf = (keys: readonly TryKey[]): string[] =>
  [...new Set(keys.map(([kind, key]) => nameOf(kind, key)))].toSorted();

/** What of these rows was known, and has become of them. */
class Rows {
  private readonly changes = new Map<string, Tries | undefined>();

  constructor(private readonly rows: ReadonlyMap<string, Tries>) {}

  readonly known: Known = (kind) => ({
    get: (key) => {
      const name = nameOf(kind, key);
      return this.changes.has(name) ? this.changes.get(name) : this.rows.get(name);
    },
    set: (key, tries) => void this.changes.set(nameOf(kind, key), tries),
    delete: (key) => void this.changes.set(nameOf(kind, key), undefined),
  });

  /** In the order in which rows are taken. */
  changed(): [name: string, tries: Tries | undefined][] {
    return [...this.changes].toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}
