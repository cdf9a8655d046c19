import { Command } from "commander";
import { createAccount, getUserByIdOrEmail, listUsers } from "../../src/accounts/accounts";
import { removeFactorOf } from "../../src/auth/second-factor";
import { endAllSessions } from "../../src/auth/sessions";
import { setPassword, setStanding } from "../../src/auth/standing";
import { NewAccount, Password, type Standing, type User } from "../../src/accounts/schema";
import { LARGEST_ID } from "../../src/base/fields";
import { validate } from "../../src/base/validate";
import { wholeNumber } from "../arguments";
import { inPieces, pageText, type ShownPage } from "../pages";
import { printList } from "../print-list";
import { table } from "../table";
import type { Terminal } from "../terminal";
import { eraseCommand, exportCommand } from "./user-data";

export const userCommand = (terminal: Terminal) =>
  new Command("user")
    .description("look after accounts")
    .addCommand(createCommand(terminal))
    .addCommand(listCommand(terminal))
    .addCommand(passwordCommand(terminal))
    .addCommand(exportCommand(terminal))
    .addCommand(eraseCommand(terminal))
    .addCommand(signOutCommand(terminal))
    .addCommand(factorCommand(terminal))
    .addCommand(standingCommand(terminal, "promote", "make somebody an admin", { is_admin: true }))
    .addCommand(standingCommand(terminal, "demote", "make an admin a customer again", { is_admin: false }))
    .addCommand(standingCommand(terminal, "disable", "lock somebody out", { is_active: false }))
    .addCommand(standingCommand(terminal, "enable", "let somebody in again", { is_active: true }));

const createCommand = ({ print, readPassword, withShop }: Terminal) =>
  new Command("create")
    .description("open an account")
    .argument("<email>")
    .requiredOption("--name <name>", "their full name")
    .option("--phone <phone>", "their phone number", "-")
    .option("--admin", "make them an admin", false)
    .option("--password-stdin", "read the password from stdin instead of asking for it", false)
    .action(
      (
        email: string,
        { name, phone, admin, passwordStdin }: { name: string; phone: string; admin: boolean; passwordStdin: boolean },
      ) =>
        withShop(
          async (shop) => {
            const about = { email, full_name: name, phone, is_admin: admin };
            // Nobody likes to type a password twice and then hear that the e-mail is none.
            validate(NewAccount.omit({ password: true }), about);
            const account = validate(NewAccount, { ...about, password: await readPassword(passwordStdin) });
            const user = await createAccount(shop, { ...account, is_verified: true });
            print(user, `${user.email} is ${roleOf(user)} now, with the id ${user.id}.`);
          },
          { opening: "make" },
        ),
    );

const listCommand = (terminal: Terminal) =>
  new Command("list")
    .description("list accounts; what customers bought: sanset customer")
    .option("--q <text>", "only those with this in their name or e-mail")
    .option("--guests", "the guests instead, who are left out otherwise")
    .option("--limit <n>", "how many", wholeNumber(1, 1_000_000), 50)
    .option("--page <n>", "which page", wholeNumber(1, LARGEST_ID), 1)
    .addHelpText("after", "\nExample:\n  sanset user list --q asha")
    .action(({ q, guests, limit, page }: { q?: string; guests?: boolean; limit: number; page: number }) =>
      terminal.withShop((shop) => {
        const list: ShownPage = { shown: 0, total: 0, limit, page };
        const users = inPieces((part) => listUsers(shop, { q, guests }, part), list);
        const textOf = (rows: readonly Row[]) => {
          const shown = table(["ID", "E-MAIL", "NAME", "STANDING", "SINCE"], rows, "Nobody fits.");
          const isWhole = list.shown === list.total && !list.isAtLeast && page === 1;
          return isWhole ? shown : `${shown}\n${pageText(list)}`;
        };
        return printList(terminal, users, rowOf, textOf);
      }),
    );

type Row = readonly (string | number)[];

const rowOf = (user: User): Row => [user.id, user.email, user.full_name, standingOf(user), user.created_at];

const passwordCommand = ({ print, readPassword, withShop }: Terminal) =>
  new Command("passwd")
    .description("set somebody's password; every session that they have ends")
    .argument("<user>", "e-mail or id")
    .option("--password-stdin", "read the password from stdin instead of asking for it", false)
    .action((name: string, { passwordStdin }: { passwordStdin: boolean }) =>
      withShop(async (shop) => {
        const { id } = await getUserByIdOrEmail(shop, name);
        const user = await setPassword(shop, id, validate(Password, await readPassword(passwordStdin)));
        print(user, `${user.email} has a new password.`);
      }),
    );

const signOutCommand = ({ print, withShop }: Terminal) =>
  new Command("signout")
    .description("end every session that somebody has open; they may sign in again")
    .argument("<user>", "e-mail or id")
    .action((name: string) =>
      withShop(async (shop) => {
        const { id, email } = await getUserByIdOrEmail(shop, name);
        const ended = await endAllSessions(shop, id);
        print({ user_id: id, ended }, `${email}: ${ended === 1 ? "1 session was" : `${ended} sessions were`} ended.`);
      }),
    );

const factorCommand = ({ print, withShop }: Terminal) =>
  new Command("remove-second-factor")
    .description("remove the second factor of somebody who has lost authenticator and recovery codes")
    .argument("<user>", "e-mail or id")
    .action((name: string) =>
      withShop(async (shop) => {
        const { id, email } = await getUserByIdOrEmail(shop, name);
        const removed = await removeFactorOf(shop, id);
        print(
          { user_id: id, removed },
          `${email} ${removed ? "signs in with the password alone now" : "has no second factor"}.`,
        );
      }),
    );

const standingCommand = ({ print, withShop }: Terminal, verb: string, description: string, standing: Standing) =>
  new Command(verb)
    .description(description)
    .argument("<user>", "e-mail or id")
    .action((name: string) =>
      withShop(async (shop) => {
        const { id } = await getUserByIdOrEmail(shop, name);
        const user = await setStanding(shop, id, standing);
        print(user, `${user.email} ${standing.is_active === undefined ? newRole(user) : newAccess(user)}`);
      }),
    );

const roleOf = ({ is_admin }: User) => (is_admin ? "an admin" : "a customer");

function newRole(user: User): string {
  return `is ${roleOf(user)} now${user.is_active ? "" : ", but still locked out"}.`;
}

function newAccess(user: User): string {
  return user.is_active ? `may sign in again, as ${roleOf(user)}.` : "is locked out now.";
}

function standingOf(user: User): string {
  return `${user.is_admin ? "admin" : user.is_guest ? "guest" : "customer"}${user.is_active ? "" : ", disabled"}`;
}
