import { Command, Option } from "commander";
import { LARGEST_ID } from "../../src/base/fields";
import { listDeliveries, retryDelivery } from "../../src/events/deliveries";
import { Channel, type Delivery, DeliveryState } from "../../src/events/delivery-schema";
import { wholeNumber } from "../arguments";
import { pageOf, type PageOptions, withPages, withPageText } from "../pages";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const outboxCommand = (terminal: Terminal) =>
  new Command("outbox")
    .description("look at mails and webhooks that were sent or are to be")
    .addCommand(listCommand(terminal))
    .addCommand(retryCommand(terminal));

interface ListOptions extends PageOptions {
  state?: Delivery["state"];
  channel?: Delivery["channel"];
  order?: number;
}

const listCommand = ({ print, withShop }: Terminal) =>
  withPages(new Command("list").description("list deliveries, newest first"))
    .addOption(new Option("--state <state>", "only those that are this").choices(DeliveryState.options))
    .addOption(new Option("--channel <channel>", "only those that go this way").choices(Channel.options))
    .option("--order <id>", "only those about this order", wholeNumber(1, LARGEST_ID))
    .addHelpText("after", "\nExamples:\n  sanset outbox list --state given_up\n  sanset outbox list --order 12")
    .action(({ order, limit, page, ...filter }: ListOptions) =>
      withShop(async (shop) => {
        const listed = await listDeliveries(shop, { ...filter, order_id: order }, pageOf({ limit, page }));
        const { items } = listed;
        const rows = items.map((one) => [
          one.id,
          one.created_at,
          one.type,
          one.order_id ?? "",
          `${one.channel} ${one.target}`,
          one.state,
          one.tries,
          one.attempts.at(-1)?.failure ?? "",
        ]);
        const shown = table(
          ["ID", "SINCE", "EVENT", "ORDER", "TO", "STATE", "TRIES", "LAST FAILURE"],
          rows,
          "Nothing was sent, and nothing is to be.",
        );
        print(items, withPageText(shown, listed, { limit, page }));
      }),
    );

const retryCommand = ({ print, withShop }: Terminal) =>
  new Command("retry")
    .description("send a delivery again, with all its tries before it")
    .argument("<id>", "its id in the list", wholeNumber(1, LARGEST_ID))
    .addHelpText("after", "\nExample:\n  sanset outbox retry 81")
    .action((id: number) =>
      withShop(async (shop) => {
        const delivery = await retryDelivery(shop, id);
        print(delivery, `Delivery ${id} is due again; a server sends it within a second.`);
      }),
    );
