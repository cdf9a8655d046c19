import { Command } from "commander";
import { listAudit } from "../../src/audit/audit";
import { wholeNumber } from "../arguments";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const auditCommand = ({ print, withShop }: Terminal) =>
  new Command("audit")
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
