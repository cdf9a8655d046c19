import { Command } from "commander";
import { addDetails } from "../../src/audit/recording";
import { migrationStatus } from "../../src/storage/migrate";
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
      new Command("up").description("run the migrations that are pending, after a copy of an SQLite file").action(() =>
        withShop(
          async ({ database }, ran = []) => {
            // The audit is made by a migration itself, so it hears of them when they are done.
            if (ran.length > 0) await database.transaction(async (tx) => addDetails(tx, { ran }));
            print({ ran }, ran.length > 0 ? `Ran ${ran.join(", ")}.` : "Nothing to do: the database is up to date.");
          },
          { opening: "migrate" },
        ),
      ),
    );
