import { Command } from "commander";
import { listAudit } from "../../src/audit/audit";
import { pruneAudit } from "../../src/audit/pruning";
import { moment, wholeNumber } from "../arguments";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const auditCommand = (terminal: Terminal) =>
  new Command("audit")
    .description("look at who did what, and delete what is long past")
    .addCommand(listCommand(terminal), { isDefault: true })
    .addCommand(pruneCommand(terminal));

const listCommand = ({ print, withShop }: Terminal) =>
  new Command("list")
    .description("list sign-ins and what admins did, newest first")
    .option("--user <id>", "only what this account did", wholeNumber(1, 2_147_483_647))
    .option("--action <action>", "only this, such as sign_in_failed")
    .option("--limit <n>", "how many", wholeNumber(1, 1_000_000), 50)
    .action(({ user, action, limit }: { user?: number; action?: string; limit: number }) =>
      withShop(async (shop) => {
        const { items: entries } = await listAudit(shop, { user_id: user, action }, { limit, offset: 0 });
        const rows = entries.map((entry) => [
          entry.at,
          entry.user_id ?? "-",
          entry.action,
          entry.subject ?? "-",
          entry.address ?? "-",
          JSON.stringify(entry.details),
        ]);
        print(entries, table(["AT", "USER", "ACTION", "SUBJECT", "FROM", "DETAILS"], rows));
      }),
    );

const pruneCommand = ({ print, withShop }: Terminal) =>
  new Command("prune")
    .description("delete the entries before a day; the last ninety days are always kept")
    .requiredOption("--before <day>", "a day such as 2026-01-31, or a moment", moment)
    .addHelpText("after", "\nExample:\n  sanset audit prune --before 2026-01-31")
    .action(({ before }: { before: string }) =>
      withShop(async (shop) => {
        const pruned = await pruneAudit(shop, before);
        print({ before, pruned }, pruned === 0 ? `There is nothing before ${before}.` : `Deleted ${pruned} entries.`);
      }),
    );
