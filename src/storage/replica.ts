import { AsyncLocalStorage } from "node:async_hooks";
import type { Database, EngineDatabase, Freshness, Value } from "./database";

/** A copy of the database that follows it and answers reads. */
export interface Replica {
  canAnswer(freshness: Freshness): Promise<boolean>;
  /** Undefined where it could not. */
  answer<Row>(sql: string, values?: readonly Value[]): Promise<Row[] | undefined>;
  close(): Promise<void>;
}

interface Asked {
  freshness(): Freshness;
  /** Whether the copy answers, found out once. */
  isAnswered?: Promise<boolean>;
}

type Reading = EngineDatabase & Pick<Database, "hasReplica" | "onReplica" | "onPrimary">;

/** The same database, with a copy that answers what may be read from one. */
export function withReplica(database: EngineDatabase, replica: Replica): Reading {
  const asked = new AsyncLocalStorage<Asked | undefined>();
  const all = async <Row>(sql: string, values?: readonly Value[]): Promise<Row[]> => {
    const store = asked.getStore();
    if (store && (await (store.isAnswered ??= replica.canAnswer(store.freshness())))) {
      const rows = await replica.answer<Row>(sql, values);
      if (rows) return rows;
    }
    return database.all<Row>(sql, values);
  };
  return {
    ...database,
    all,
    first: async <Row>(sql: string, values?: readonly Value[]) => (await all<Row>(sql, values))[0],
    hasReplica: true,
    onReplica: (freshness, work) => asked.run({ freshness }, work),
    onPrimary: (work) => asked.run(undefined, work),
    transaction: (work) => asked.run(undefined, () => database.transaction(work)),
    close: async () => void (await Promise.all([database.close(), replica.close()])),
  };
}

/** A database without one: all that is read is read there. */
export const withoutReplica = (database: EngineDatabase): Reading => ({
  ...database,
  hasReplica: false,
  onReplica: (_, work) => work(),
  onPrimary: (work) => work(),
});
