import type { Shop } from "../shop/shop";
import type { Database } from "../storage/database";

/** Begins at the first call; every call answers when it is over. */
type Piece = () => Promise<void>;

const LEAST_MS = 200;
const MOST_MS = 800;

const pieces = new WeakMap<Database, Set<Piece>>();

/**
 * Does some work apart from the request that asked for it, at a moment that nobody can foresee, so that neither this answer
 * nor the next tells by its time whether there was anything to do. The work must not throw.
 */
export function doLater({ database }: Pick<Shop, "database">, work: () => Promise<void>): void {
  const waiting = pieces.get(database) ?? new Set();
  pieces.set(database, waiting);
  let over: Promise<void> | undefined;
  const piece = () => (over ??= work().finally(() => waiting.delete(piece)));
  waiting.add(piece);
  setTimeout(() => void piece(), LEAST_MS + Math.random() * (MOST_MS - LEAST_MS)).unref();
}

/** Begins at once what still waits, and answers when all of it is over: before a server ends. */
export async function finishWork({ database }: Pick<Shop, "database">): Promise<void> {
  await Promise.all([...(pieces.get(database) ?? [])].map((piece) => piece()));
}
