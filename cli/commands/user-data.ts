import { Command } from "commander";
import { getUserByIdOrEmail } from "../../src/accounts/accounts";
import { erasePersonById, exportPerson } from "../../src/privacy/privacy";
import type { Terminal } from "../terminal";

export const exportCommand = ({ print, withShop }: Terminal) =>
  new Command("export")
    .description("print all that the shop knows of a person, as JSON")
    .argument("<user>", "e-mail or id")
    .action((name: string) =>
      withShop(async (shop) => {
        const { id } = await getUserByIdOrEmail(shop, name);
        const person = await exportPerson(shop, id);
        print(person, JSON.stringify(person, undefined, 2));
      }),
    );

export const eraseCommand = ({ print, confirm, withShop }: Terminal) =>
  new Command("erase")
    .description("erase a person: what says who they are goes, orders and invoices stay as the books need them")
    .argument("<user>", "e-mail or id")
    .option("--yes", "this can't be undone, and is meant", false)
    .addHelpText("after", "\nExample:\n  sanset user erase 12 --yes")
    .action((name: string, { yes }: { yes: boolean }) =>
      withShop(async (shop) => {
        const { id, full_name, email } = await getUserByIdOrEmail(shop, name);
        await confirm(`Erase ${full_name}, ${email}? This can't be undone.`, yes);
        await erasePersonById(shop, id);
        print({ user_id: id }, `User ${id} is erased.`);
      }),
    );
