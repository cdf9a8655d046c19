import { ownPostgres } from "../test/support/own-postgres";
import { answers, usualPostgres } from "../test/support/postgres";

export interface TestServer {
  url: string;
  about: string;
  stop(): Promise<void>;
}

/**
 * A PostgreSQL server that tests may make databases on: the one that runs here, or one of our own, which comes first where
 * `own` is wanted. Throws where neither can be.
 */
export async function startPostgres({ own = false } = {}): Promise<TestServer> {
  const given = process.env["SANSET_TEST_POSTGRES"];
  if (own && !given) {
    const server = await startOwn().catch(() => undefined);
    if (server) return server;
  }
  for (const url of given ? [given] : [usualPostgres]) {
    if (await answers(url)) return { url, about: new URL(url).host, stop: async () => {} };
  }
  return startOwn();
}

/** The same, but undefined and said in plain words where there can be none. In CI that is a failure. */
export async function postgresOrWords(options?: { own?: boolean }): Promise<TestServer | undefined> {
  try {
    const server = await startPostgres(options);
    console.log(`\nPostgreSQL for the tests: ${server.about}.`);
    return server;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (process.env["CI"])
      throw new Error(`In CI the PostgreSQL half of the tests is never skipped, but: ${reason}`, { cause: error });
    console.log(`\nTHE POSTGRESQL HALF OF THE TESTS IS SKIPPED: ${reason}`);
    return undefined;
  }
}

/** Nothing on it outlives the tests, and they make and drop thousands of databases: nothing is written twice, or waited for. */
const OPTIONS = [
  "max_connections=200",
  "synchronous_commit=off",
  "full_page_writes=off",
  "wal_level=minimal",
  "max_wal_senders=0",
  "wal_keep_size=0",
  "shared_buffers=128MB",
  "autovacuum=off",
];

async function startOwn(): Promise<TestServer> {
  const server = await ownPostgres(OPTIONS);
  return { url: server.url, about: "a server of our own", stop: () => server.remove() };
}
