/** Runs some of the tests, with the words of `bun test`, beside a PostgreSQL server as the check has one. */
import { postgresOrWords } from "./postgres";

const postgres = await postgresOrWords();
const child = Bun.spawn([process.execPath, "test", ...process.argv.slice(2)], {
  stdio: ["ignore", "inherit", "inherit"],
  env: { ...process.env, SANSET_TEST_POSTGRES: postgres?.url ?? "none" },
});
const code = await child.exited;
await postgres?.stop();
process.exit(code);
