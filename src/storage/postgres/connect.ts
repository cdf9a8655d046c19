import { type ReservedSQL, SQL } from "bun";
import type { ServerAddress } from "../address";
import { readOnly, refusesParameters } from "./errors";

export interface ConnectOptions {
  /** Whether statements run through a pooler in transaction mode, which keeps nothing for a client from one to the next. */
  pooled: boolean;
  /** Whether the server keeps statements prepared by name. */
  prepare: boolean;
  readOnly: boolean;
  lockMs: number;
  /** How long a statement, or connecting, may take before it is given up; undefined for ever. */
  deadlineMs: number | undefined;
  statementMs: number | undefined;
  idleInTransactionMs: number;
}

/** How long to wait for the only server, for each of several, and after what silence the next is tried beside it. */
const CONNECT_SECONDS = 5;
const CONNECT_EACH_SECONDS = 2;
const NEXT_AFTER_MS = 300;

/** Opens connections to the servers of one address, beginning with the one that answered last. */
export class Connector {
  private latest = 0;
  /** Found out by itself where the pooler says so. */
  isPooled: boolean;

  constructor(
    private readonly address: ServerAddress,
    pooled: boolean,
  ) {
    this.isPooled = pooled;
  }

  /**
   * One connection. A server that is recovering, a standby, does for reads where there is no other, and never for writes.
   * Throws what the last server said, or that none takes writes.
   */
  connect(options: ConnectOptions, onLost: () => void): Promise<Connection> {
    const { urls, wantsWriter } = this.address;
    const order = urls.map((_, at) => (this.latest + at) % urls.length);
    const { promise, resolve, reject } = Promise.withResolvers<Connection>();
    let [standby, chosen]: (Connection | undefined)[] = [];
    let problem: unknown;
    let underWay = 0;
    const choose = (connection: Connection) => {
      chosen = connection;
      resolve(connection);
    };
    const hear = ({ connection, takesWrites }: Opened, at: number) => {
      if (!chosen && (takesWrites || (options.readOnly && !wantsWriter))) {
        this.latest = at;
        void standby?.close();
        choose(connection);
      } else if (!chosen && options.readOnly && !standby) standby = connection;
      else void connection.close();
      problem = readOnly();
    };
    const attempt = async (): Promise<void> => {
      const at = order.shift();
      if (chosen || at === undefined) return;
      underWay++;
      // One that does not answer soon is not waited for alone.
      const next = setTimeout(() => void attempt(), NEXT_AFTER_MS);
      let opened: Connection | undefined;
      try {
        const answer = await this.open(
          urls[at] ?? "",
          options,
          () => chosen !== undefined && chosen === opened && onLost(),
        );
        opened = answer.connection;
        hear(answer, at);
      } catch (error) {
        problem = error;
      }
      clearTimeout(next);
      underWay--;
      if (chosen) return;
      if (order.length > 0) return attempt();
      if (underWay > 0) return;
      if (standby) choose(standby);
      else reject(problem);
    };
    void attempt();
    return promise;
  }

  private async open(url: string, options: ConnectOptions, onLost: () => void): Promise<Opened> {
    const client = new SQL(url, {
      max: 1,
      connectionTimeout: Math.min(
        this.address.urls.length > 1 ? CONNECT_EACH_SECONDS : CONNECT_SECONDS,
        Math.ceil((options.deadlineMs ?? Infinity) / 1000),
      ),
      prepare: options.prepare && !this.isPooled,
      onclose: onLost,
      ...(!this.isPooled && { connection: parameters(options) }),
    });
    const close = () => client.close({ timeout: 0 }).catch(() => {});
    try {
      // Reserved, because the client would put another connection in the place of a lost one, in the middle of a transaction.
      const sql = await client.reserve();
      const [row] = await sql.unsafe(options.readOnly ? ASKED_TO_READ : ASKED_TO_WRITE);
      // A pooler that was told to ignore our parameters has not passed them on.
      if (this.isPooled || row.is_direct === "on") {
        return { connection: { sql, close }, takesWrites: row.takes_writes === true };
      }
    } catch (error) {
      void close();
      if (this.isPooled || !refusesParameters(error)) throw error;
    }
    void close();
    this.isPooled = true;
    return this.open(url, options, onLost);
  }
}

/** A connection, and how to end it at once. */
export interface Connection {
  sql: ReservedSQL;
  close(): Promise<void>;
}

interface Opened {
  connection: Connection;
  takesWrites: boolean;
}

/** Not on a standby, and not where the server was told to refuse. */
export const TAKES_WRITES =
  "SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS takes_writes";

/** A parameter that means nothing to the server and is set by nobody else: whether it arrives tells of a pooler in between. */
const DIRECT = "sanset.direct";
const IS_DIRECT = `current_setting('${DIRECT}', true) AS is_direct`;
const ASKED_TO_WRITE = `${TAKES_WRITES}, ${IS_DIRECT}`;
/** What a connection that is to read alone has to ask, since it refuses writes itself. */
const ASKED_TO_READ = `SELECT NOT pg_is_in_recovery() AS takes_writes, ${IS_DIRECT}`;

/** By which an operator finds our connections in pg_stat_activity. */
const APPLICATION = "sanset";

function parameters({ lockMs, statementMs, idleInTransactionMs, readOnly }: ConnectOptions): Record<string, string> {
  return {
    application_name: APPLICATION,
    [DIRECT]: "on",
    lock_timeout: String(lockMs),
    idle_in_transaction_session_timeout: String(idleInTransactionMs),
    ...(statementMs !== undefined && { statement_timeout: String(statementMs) }),
    ...(readOnly && { default_transaction_read_only: "on", random_page_cost: PAGE_COST }),
  };
}

/**
 * What a page read anywhere costs beside one read in a row. PostgreSQL's own 4 is that of turning disks: with it a search for what
 * few names begin with walks through all products, for whose words it is told too little. Pages in memory and on flash cost alike.
 */
const PAGE_COST = "1.1";

/** How a transaction begins. Through a pooler it brings along what a connection of its own would know already. */
export function beginStatement(
  isPooled: boolean,
  { lockMs, statementMs, idleInTransactionMs }: ConnectOptions,
): string {
  const begin = "BEGIN ISOLATION LEVEL READ COMMITTED";
  if (!isPooled) return begin;
  const limits = {
    lock_timeout: lockMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    ...(statementMs !== undefined && { statement_timeout: statementMs }),
  };
  return [begin, ...Object.entries(limits).map(([name, ms]) => `SET LOCAL ${name} = ${ms}`)].join("; ");
}
