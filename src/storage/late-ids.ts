import type { Reader } from "./database";

/** How often it is asked whether a lower id has come to light. */
const LOOKED_EVERY_MS = 500;

/** Numbers of transactions: below `over` none is under way any more, and from `next` on none has begun. */
interface Horizon {
  over: number;
  next: number;
}

/**
 * Where to read on in a table whose ids rise. An id is given before its row is committed, so where several write at once, a
 * lower one may come to light after a higher one. An id is only passed for good when every transaction is over that was
 * under way when it was seen; until then what stands above the last such id is read again now and then.
 */
export class LateIds {
  private settled: number;
  private highest: number;
  private settling: { id: number; next: number } | undefined;
  private lookedAt = -Infinity;

  /** `highest` is known already; what is above `settled` may have come since. */
  constructor({ settled = 0, highest = settled }: { settled?: number; highest?: number } = {}) {
    this.settled = settled;
    this.highest = highest;
  }

  /** Above which id to read now. Rows that are known come again. */
  async above(reader: Reader): Promise<number> {
    if (this.settled === this.highest || performance.now() - this.lookedAt < LOOKED_EVERY_MS) return this.highest;
    this.lookedAt = performance.now();
    const { over, next } = await horizonOf(reader);
    const from = this.settled;
    if (this.settling && over >= this.settling.next) {
      // All that could be below has been committed before this, so the read to come is the last that begins lower.
      this.settled = this.settling.id;
      this.settling = undefined;
    }
    this.settling ??= this.settled < this.highest ? { id: this.highest, next } : undefined;
    return from;
  }

  /** Says that the row of this id was read. */
  note(id: number): void {
    if (id > this.highest) this.highest = id;
  }
}

/** So long it is waited for them at most, and looked so often. */
const OVER_WITHIN_MS = 10_000;
const LOOKED_AGAIN_MS = 200;

/** Whether every transaction is over that was under way when this was called, after a wait if need be. */
export async function othersAreOver(reader: Reader, stopping?: AbortSignal): Promise<boolean> {
  const { next } = await horizonOf(reader);
  for (let waited = 0; waited < OVER_WITHIN_MS; waited += LOOKED_AGAIN_MS) {
    if ((await horizonOf(reader)).over >= next) return true;
    if (stopping?.aborted) return false;
    await Bun.sleep(LOOKED_AGAIN_MS);
  }
  return false;
}

/** On SQLite one writes at a time, so no id is late. */
async function horizonOf(reader: Reader): Promise<Horizon> {
  if (reader.engine === "sqlite") return { over: 0, next: 0 };
  const [row] = await reader.all<Horizon>(
    `SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) AS over,
       CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS TEXT) AS BIGINT) AS next`,
  );
  if (!row) throw new Error("PostgreSQL did not say which transactions are under way.");
  return row;
}
