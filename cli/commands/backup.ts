import { Command } from "commander";
import { createBackup, listBackups, pruneBackups } from "../../src/backups/backups";
import { restoreBackup, verifyBackup } from "../../src/backups/restore";
import type { Backup } from "../../src/backups/schema";
import { ShopError } from "../../src/base/errors";
import { wholeNumber } from "../arguments";
import { YES } from "../confirm";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const backupCommand = (terminal: Terminal) =>
  new Command("backup")
    .description("keep copies of the whole shop, and put one back")
    .addCommand(createCommand(terminal))
    .addCommand(listCommand(terminal))
    .addCommand(verifyCommand(terminal))
    .addCommand(restoreCommand(terminal))
    .addCommand(pruneCommand(terminal))
    .addHelpText(
      "after",
      `
Backups go where BACKUP_TO says: a folder, or s3://bucket/folder. With
BACKUP_SCHEDULE a served shop makes them by itself.

Examples:
  sanset backup create
  sanset backup verify
    (the newest: unpacked, opened, looked at by the doctor)
  sanset backup restore 2030-01-31T02-30-00Z
    (with the shop stopped; what is there now is kept beside it)`,
    );

const createCommand = ({ print, progress, settings }: Terminal) =>
  new Command("create")
    .description("back up the shop, while it goes on selling")
    .option("--prune", "afterwards remove those that are more than BACKUP_KEEP")
    .action(async ({ prune = false }: { prune?: boolean }) => {
      const shop = { settings: settings(), now: () => new Date() };
      progress("Backing up", "No backup was made; those of before stay. Run it again.");
      const backup = await createBackup(shop);
      const removed = prune ? await pruneBackups(shop) : [];
      const gone = removed.length > 0 ? ` ${removed.length} older ones were removed.` : "";
      print(
        { ...backup, removed: removed.map(({ id }) => id) },
        `Backed up as ${backup.id}, ${sizeOf(backup)}${picturesIn(backup)}.${gone}`,
      );
    });

const listCommand = ({ print, settings }: Terminal) =>
  new Command("list").description("list the backups, newest first").action(async () => {
    const backups = await listBackups({ settings: settings(), now: () => new Date() });
    const rows = backups.map((backup) => [
      backup.id,
      backup.engine,
      backup.version,
      sizeOf(backup),
      String(backup.pictures?.count ?? "none"),
    ]);
    print(
      backups,
      rows.length === 0 ? "There are no backups." : table(["BACKUP", "OF", "VERSION", "SIZE", "PICTURES"], rows),
    );
  });

const verifyCommand = ({ print, progress, settings }: Terminal) =>
  new Command("verify")
    .description("rehearse a restore: unpack a backup elsewhere and have the doctor look at it")
    .argument("[backup]", "which one; the newest without it")
    .action(async (id: string | undefined) => {
      progress("Looking at the backup", "It was not looked at to its end. Nothing was changed.");
      const { backup, problems } = await verifyBackup({ settings: settings(), now: () => new Date() }, id);
      print(
        { backup, problems },
        problems.length === 0 ? `${backup.id} is good: a shop that adds up is in it.` : problems.join("\n"),
      );
      if (problems.length > 0) throw new ShopError("unusable", `The backup ${backup.id} is not good.`);
    });

const restoreCommand = ({ print, progress, say, settings }: Terminal) =>
  new Command("restore")
    .description("put the shop back as it was in a backup; the shop must be stopped")
    .argument("<backup>", "which one: see sanset backup list")
    .action(async (id: string) => {
      progress(
        "Restoring",
        "The shop is either as it was or as in the backup: sanset doctor looks at it. Run it again.",
      );
      const restored = await restoreBackup({ settings: settings(), now: () => new Date() }, id);
      const kept = restored.kept === null ? "" : ` What was there is kept as ${restored.kept}.`;
      const sound = restored.problems.length === 0 ? " Everything in it adds up." : "";
      print(restored, `The shop is as it was at ${restored.backup.created_at}.${sound}${kept}`);
      if (restored.problems.length > 0) {
        for (const problem of restored.problems) say(problem);
        throw new ShopError("unusable", "The restored shop does not add up: see above, and sanset doctor.");
      }
    });

const pruneCommand = ({ print, confirm, settings }: Terminal) =>
  new Command("prune")
    .description("remove old backups; the newest always stays")
    .option("--keep <n>", "how many to keep, in place of BACKUP_KEEP", wholeNumber(1, 10_000))
    .option(...YES)
    .addHelpText("after", "\nExample:\n  sanset backup prune --keep 7 --yes")
    .action(async ({ keep, yes }: { keep?: number; yes?: boolean }) => {
      const shop = { settings: settings(), now: () => new Date() };
      const old = (await listBackups(shop)).slice(keep ?? shop.settings.backupKeep);
      if (old.length > 0) await confirm(`Remove ${old.map(({ id }) => id).join(", ")}?`, yes);
      const removed = await pruneBackups(shop, keep);
      const text =
        removed.length === 0 ? "There was nothing to remove." : `Removed ${removed.map(({ id }) => id).join(", ")}.`;
      print(
        removed.map(({ id }) => id),
        text,
      );
    });

const picturesIn = ({ pictures }: Backup): string =>
  pictures && pictures.count > 0
    ? `, and ${pictures.count === 1 ? "a file" : `${pictures.count} files`} of pictures`
    : "";

function sizeOf({ database: { bytes, stored_bytes } }: Backup): string {
  return `${megabytes(stored_bytes)} MB (${megabytes(bytes)} MB unpacked)`;
}

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1);
