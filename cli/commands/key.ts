import { Command } from "commander";
import { getUserByIdOrEmail } from "../../src/accounts/accounts";
import { ShopError } from "../../src/base/errors";
import { LARGEST_ID } from "../../src/base/fields";
import { validate } from "../../src/base/validate";
import { createKey, listKeys, revokeKey } from "../../src/keys/keys";
import { NewKey } from "../../src/keys/schema";
import { moment, wholeNumber } from "../arguments";
import { YES } from "../confirm";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const keyCommand = (terminal: Terminal) =>
  new Command("key")
    .description("look after keys for programs")
    .addCommand(createCommand(terminal))
    .addCommand(listCommand(terminal))
    .addCommand(revokeCommand(terminal));

const createCommand = ({ print, withShop }: Terminal) =>
  new Command("create")
    .description("make a key for a program; it is shown this once")
    .argument("<name>", "which program it is for")
    .argument("<scopes...>", "such as orders:read products:write")
    .requiredOption("--by <user>", "the admin whose key it is: e-mail or id; it works as long as they are one")
    .option("--expires <time>", "until then: a day means its end", moment)
    .addHelpText(
      "after",
      "\nExample:\n  sanset key create Accounting orders:read invoices:read --by keeper@example.com",
    )
    .action((name: string, scopes: string[], { by, expires }: { by: string; expires?: string }) =>
      withShop(async (shop) => {
        const admin = await getUserByIdOrEmail(shop, by);
        if (!admin.is_admin) throw new ShopError("conflict", `${by} is no admin, so the key would open nothing.`);
        const made = await createKey(shop, admin.id, validate(NewKey, { name, scopes, expires_at: expires }));
        print(made, `Key ${made.id}, which is not shown again:\n${made.key}`);
      }),
    );

const listCommand = ({ print, withShop }: Terminal) =>
  new Command("list").description("list the keys, newest first").action(() =>
    withShop(async (shop) => {
      const keys = await listKeys(shop);
      const rows = keys.map((key) => [
        key.id,
        key.name,
        `${key.prefix}…`,
        key.scopes.join(" "),
        key.revoked_at === null ? (key.expires_at ?? "") : "revoked",
        key.last_used_at ?? "never",
      ]);
      print(keys, table(["ID", "NAME", "KEY", "SCOPES", "UNTIL", "LAST USED"], rows, "There are no keys."));
    }),
  );

const revokeCommand = ({ print, confirm, withShop }: Terminal) =>
  new Command("revoke")
    .description("let a key open nothing any more")
    .argument("<id>", "the key's id", wholeNumber(1, LARGEST_ID))
    .option(...YES)
    .addHelpText("after", "\nExample:\n  sanset key revoke 3")
    .action((id: number, { yes }: { yes?: boolean }) =>
      withShop(async (shop) => {
        const key = (await listKeys(shop)).find((one) => one.id === id);
        await confirm(`Revoke key ${id}${key ? ` of ${key.name}` : ""}? Whoever uses it is shut out at once.`, yes);
        print(await revokeKey(shop, id), `Key ${id} is revoked.`);
      }),
    );
