import { Command } from "commander";
import { getUserByIdOrEmail, namesOfUsers } from "../../src/accounts/accounts";
import { listActions, listAudit } from "../../src/audit/audit";
import { pruneAudit } from "../../src/audit/pruning";
import type { Shop } from "../../src/shop/shop";
import { moment } from "../arguments";
import { YES } from "../confirm";
import { pageOf, type PageOptions, withPages, withPageText } from "../pages";
import { table } from "../table";
import type { Terminal } from "../terminal";
import { many } from "../../src/base/many";

export const auditCommand = (terminal: Terminal) =>
  new Command("audit")
    .description("look at who did what, and delete what is long past")
    .addCommand(listCommand(terminal), { isDefault: true })
    .addCommand(pruneCommand(terminal));

const listCommand = ({ print, withShop }: Terminal) =>
  withPages(new Command("list").description("list sign-ins and what admins did, newest first"))
    .option("--user <user>", "only what this account did: e-mail or id")
    .option("--action <action>", "only this, such as sign_in_failed")
    .action(({ user, action, ...page }: { user?: string; action?: string } & PageOptions) =>
      withShop(async (shop) => {
        const user_id = user === undefined ? undefined : await accountId(shop, user);
        const listed = await listAudit(shop, { user_id, action }, pageOf(page));
        const { items: entries } = listed;
        const names = await namesOfUsers(
          shop,
          entries.flatMap(({ user_id: id }) => (id === null ? [] : [id])),
        );
        const rows = entries.map((entry) => [
          entry.at,
          entry.user_id === null ? "-" : `${entry.user_id} ${names.get(entry.user_id) ?? ""}`.trim(),
          entry.action,
          entry.subject ?? "-",
          entry.address ?? "-",
          JSON.stringify(entry.details),
        ]);
        const none = action === undefined ? "Nothing was written down." : await noneOf(shop, action);
        const shown = table(["AT", "USER", "ACTION", "SUBJECT", "FROM", "DETAILS"], rows, none);
        print(entries, withPageText(shown, listed, page));
      }),
    );

/** Who is gone has entries still, and is known by their number. */
const accountId = async (shop: Shop, name: string): Promise<number> =>
  /^\d{1,9}$/.test(name) ? Number(name) : (await getUserByIdOrEmail(shop, name)).id;

async function noneOf(shop: Shop, action: string): Promise<string> {
  const actions = await listActions(shop);
  return `Nothing was written down as ${action}. There are: ${actions.join(", ") || "no entries at all"}.`;
}

const pruneCommand = ({ print, confirm, withShop }: Terminal) =>
  new Command("prune")
    .description("delete the entries before a day; the last ninety days are always kept")
    .requiredOption("--before <day>", "a day such as 2026-01-31, or a moment", moment)
    .option(...YES)
    .addHelpText("after", "\nExample:\n  sanset audit prune --before 2026-01-31 --yes")
    .action(({ before, yes }: { before: string; yes?: boolean }) =>
      withShop(async (shop) => {
        await confirm(`Delete every entry of the audit before ${before}?`, yes);
        const pruned = await pruneAudit(shop, before);
        print(
          { before, pruned },
          pruned === 0 ? `There is nothing before ${before}.` : `Deleted ${many(pruned, "entry", "entries")}.`,
        );
      }),
    );
