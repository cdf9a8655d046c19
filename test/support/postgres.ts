import { SQL } from "bun";

/** Where a PostgreSQL server for tests is looked for first. */
const USUAL = "postgres://postgres@127.0.0.1:5432/postgres";

/**
 * The address of a PostgreSQL server that tests may make databases on, or undefined where there is none.
 * `scripts/check.ts` finds or starts one and says so in SANSET_TEST_POSTGRES; a lone `bun test` looks at the usual place.
 */
export async function postgresForTests(): Promise<string | undefined> {
  const given = process.env["SANSET_TEST_POSTGRES"];
  if (given !== undefined) return given === "none" ? undefined : given;
  if (await answers(USUAL)) return USUAL;
  console.warn("No PostgreSQL at 127.0.0.1:5432: the PostgreSQL half of the tests is skipped.");
  return undefined;
}

export async function answers(url: string): Promise<boolean> {
  const sql = new SQL(url, { max: 1, connectionTimeout: 2 });
  try {
    await sql.unsafe("SELECT 1");
    return true;
  } catch {
    return false;
  } finally {
    await sql.close().catch(() => {});
  }
}

export { USUAL as usualPostgres };
