import { Command } from "commander";
import { addDetails } from "../../src/audit/recording";
import type { Shop } from "../../src/shop/shop";
import { migrationStatus, pendingMigrations } from "../../src/storage/migrate";
import { isCopiedFirst, placeOf } from "../opening";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const migrateCommand = ({ print, withShop, withDatabaseAsIs }: Terminal) =>
  new Command("migrate")
    .description("look at the database's schema, or bring it up to date (serve does so by itself)")
    .addCommand(
      new Command("status").description("list the migrations and when they ran").action(() =>
        withDatabaseAsIs(async ({ database }) => {
          const migrations = await migrationStatus(database);
          const rows = migrations.map(({ name, applied_at }) => [name, applied_at ?? "pending"]);
          print(migrations, table(["MIGRATION", "RAN AT"], rows));
        }),
      ),
    )
    .addCommand(
      new Command("up")
        .description("run the migrations that are pending, after a copy of an SQLite file")
        .option("--dry-run", "only say what it would do")
        .action(({ dryRun = false }: { dryRun?: boolean }) =>
          dryRun
            ? withDatabaseAsIs(async (shop) => print(...(await plan(shop))))
            : withShop(
                async ({ database }, ran = []) => {
                  // The audit is made by a migration itself, so it hears of them when they are done.
                  if (ran.length > 0) await database.transaction(async (tx) => addDetails(tx, { ran }));
                  print({ ran }, ran.length > 0 ? `Ran ${ran.join(", ")}.` : UP_TO_DATE);
                },
                { opening: "migrate", anyCurrency: true },
              ),
        ),
    );

const UP_TO_DATE = "Nothing to do: the database is up to date.";

/** What `migrate up` would do, for programs and for people. */
async function plan({ database, settings }: Shop): Promise<[answer: object, text: string]> {
  const { pending, isNew } = await pendingMigrations(database);
  const copies = !isNew && pending.length > 0 && isCopiedFirst(settings.databaseUrl);
  const text = [
    `${pending.length} migrations would run: ${pending.join(", ")}.`,
    ...(copies ? [`First the database would be copied beside ${placeOf(settings.databaseUrl)}.`] : []),
    "Nothing has changed yet.",
  ];
  return [{ pending, copies_first: copies }, pending.length === 0 ? UP_TO_DATE : text.join("\n")];
}
