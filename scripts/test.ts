/**
 * Runs some of the tests, with the words of `bun test`, beside a PostgreSQL server as the check has one. With
 * SANSET_TEST_POOLED=on all of them reach it through PgBouncer in transaction mode.
 */
import { POOLER_IGNORES, startBouncer } from "../test/support/pgbouncer";
import { postgresOrWords } from "./postgres";

/** A machine that does something else beside may take long. */
const PATIENT = process.argv.some((word) => word.startsWith("--timeout")) ? [] : ["--timeout=60000"];

const postgres = await postgresOrWords();
const isPooled = process.env["SANSET_TEST_POOLED"] === "on" && postgres !== undefined;
const bouncer = isPooled ? await startBouncer(postgres.url, { ignores: POOLER_IGNORES, connections: 20 }) : undefined;
const child = Bun.spawn([process.execPath, "test", ...PATIENT, ...process.argv.slice(2)], {
  stdio: ["ignore", "inherit", "inherit"],
  env: {
    ...process.env,
    SANSET_TEST_POSTGRES: postgres?.url ?? "none",
    ...(bouncer && postgres && { SANSET_TEST_BOUNCER: new URL(bouncer.urlOf(postgres.url)).host }),
  },
});
const code = await child.exited;
await bouncer?.stop();
await postgres?.stop();
process.exit(code);
