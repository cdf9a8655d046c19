import { Command } from "commander";
import { LARGEST_ID } from "../../src/base/fields";
import { validate } from "../../src/base/validate";
import { NewWebhook, type Webhook, type WebhookWithSecret } from "../../src/webhooks/schema";
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  rotateWebhook,
  testWebhook,
} from "../../src/webhooks/webhooks";
import { wholeNumber } from "../arguments";
import { YES } from "../confirm";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const webhookCommand = (terminal: Terminal) =>
  new Command("webhook")
    .description("have other programs told of what happens")
    .addCommand(listCommand(terminal))
    .addCommand(createCommand(terminal))
    .addCommand(stateCommand(terminal, "pause", "let what happens wait", "paused"))
    .addCommand(stateCommand(terminal, "resume", "go on, with what has waited", "active"))
    .addCommand(rotateCommand(terminal))
    .addCommand(testCommand(terminal))
    .addCommand(deleteCommand(terminal));

const webhookId = wholeNumber(1, LARGEST_ID);

const listCommand = ({ print, withShop }: Terminal) =>
  new Command("list").description("list the webhooks").action(() =>
    withShop(async (shop) => {
      const webhooks = await listWebhooks(shop);
      const rows = webhooks.map(({ id, url, state, types }) => [id, state, url, types.join(", ")]);
      print(webhooks, table(["ID", "STATE", "URL", "TYPES"], rows, "There are no webhooks."));
    }),
  );

const createCommand = ({ print, withShop }: Terminal) =>
  new Command("create")
    .description("send events to an address; its secret is shown this once")
    .argument("<url>", "such as https://example.com/hooks/sanset")
    .argument("<types...>", "events such as order.placed")
    .addHelpText("after", "\nExample:\n  sanset webhook create https://example.com/hook order.placed order.paid")
    .action((url: string, types: string[]) =>
      withShop(async (shop) => {
        const webhook = await createWebhook(shop, validate(NewWebhook, { url, types }));
        print(webhook, secretText(webhook));
      }),
    );

const secretText = ({ id, secret }: WebhookWithSecret): string =>
  `Webhook ${id}. Its secret, which is not shown again:\n${secret}`;

const stateCommand = (
  { print, withShop }: Terminal,
  verb: string,
  description: string,
  state: Exclude<Webhook["state"], "ended">,
) =>
  new Command(verb)
    .description(description)
    .argument("<id>", "the webhook's id", webhookId)
    .action((id: number) =>
      withShop(async (shop) => print(await changeWebhook(shop, id, { state }), `Webhook ${id} is ${state}.`)),
    );

const rotateCommand = ({ print, withShop }: Terminal) =>
  new Command("rotate")
    .description("give it a new secret; for a day the one before signs too")
    .argument("<id>", "the webhook's id", webhookId)
    .action((id: number) =>
      withShop(async (shop) => {
        const webhook = await rotateWebhook(shop, id);
        print(webhook, secretText(webhook));
      }),
    );

const testCommand = ({ print, withShop }: Terminal) =>
  new Command("test")
    .description("send a webhook.test; see what came of it with sanset outbox list")
    .argument("<id>", "the webhook's id", webhookId)
    .action((id: number) =>
      withShop(async (shop) => print(await testWebhook(shop, id), `Webhook ${id} gets a test within a second.`)),
    );

const deleteCommand = ({ print, confirm, withShop }: Terminal) =>
  new Command("delete")
    .description("send nothing there any more")
    .argument("<id>", "the webhook's id", webhookId)
    .option(...YES)
    .addHelpText("after", "\nExample:\n  sanset webhook delete 2")
    .action((id: number, { yes }: { yes?: boolean }) =>
      withShop(async (shop) => {
        const { url } = await getWebhook(shop, id);
        await confirm(`Remove the webhook ${id} to ${url}, with what it was to get?`, yes);
        await deleteWebhook(shop, id);
        print({ id }, `Webhook ${id} is gone.`);
      }),
    );
