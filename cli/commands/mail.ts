import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { forgetUnconfirmed } from "../../src/auth/unconfirmed-mails";
import { ShopError } from "../../src/base/errors";
import { defaultTemplates } from "../../src/notifications/default-templates";
import { exampleViews } from "../../src/notifications/examples";
import { MAIL_KINDS, type MailKind } from "../../src/notifications/kinds";
import { loadTemplates } from "../../src/notifications/templates";
import type { Terminal } from "../terminal";
import { many } from "../../src/base/many";

export const mailCommand = (terminal: Terminal) =>
  new Command("mail")
    .description("try the mails of the shop, and let them go to somebody again")
    .addCommand(testCommand(terminal))
    .addCommand(allowCommand(terminal))
    .addCommand(templatesCommand(terminal));

const testCommand = ({ print, withShop }: Terminal) =>
  new Command("test")
    .description("send a mail of each kind, or of one, with an example in it")
    .argument("<address>", "to whom")
    .addOption(new Option("--kind <kind>", "only this").choices(MAIL_KINDS))
    .addHelpText("after", "\nExample:\n  sanset mail test me@example.com --kind order_confirmed")
    .action((address: string, { kind }: { kind?: MailKind }) =>
      withShop(async (shop) => {
        const templates = loadTemplates(shop.settings);
        const views = exampleViews(shop.settings);
        const kinds = kind === undefined ? MAIL_KINDS : [kind];
        for (const one of kinds) {
          try {
            await shop.sendMail({ to: address, ...templates.letter(one, views[one]) });
          } catch (error) {
            const reason = error instanceof Error ? error.message : String(error);
            throw new ShopError("unusable", `The mail server took no mail: ${reason}`);
          }
        }
        const where =
          shop.settings.smtpUrl === undefined ? "SMTP_URL is not set: they stand in the log." : `Sent to ${address}.`;
        print({ address, kinds }, `${kinds.length === 1 ? "One mail." : `${kinds.length} mails.`} ${where}`);
      }),
    );

const allowCommand = ({ print, withShop }: Terminal) =>
  new Command("allow")
    .description(
      "let mail go again to an e-mail that nobody has confirmed, and that had too many: audit calls it mails_suppressed",
    )
    .argument("<address>", "whose mail was suppressed")
    .addHelpText("after", "\nExample:\n  sanset mail allow asha@example.com")
    .action((address: string) =>
      withShop(async (shop) => {
        await forgetUnconfirmed(shop, address);
        print({ address }, `Mail goes to ${address} again.`);
      }),
    );

const templatesCommand = ({ print }: Terminal) =>
  new Command("templates")
    .description("write the shop's templates into a folder, to be changed; MAIL_TEMPLATES names it then")
    .argument("<folder>", "it is made where it is not there; files that are there stay")
    .action((folder: string) => {
      mkdirSync(folder, { recursive: true });
      const files: string[] = [];
      for (const [file, text] of defaultTemplates) {
        try {
          writeFileSync(join(folder, file), text, { flag: "wx" });
          files.push(file);
        } catch (error) {
          if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
        }
      }
      print(
        { folder, files },
        `${many(files.length, "file was", "files were")} written to ${folder}. Keep those that you change, and delete the rest.`,
      );
    });
