import { Command } from "commander";
import { shopJobs } from "../../src/app";
import { reportOverview } from "../../src/reports/overview";
import type { Overview } from "../../src/reports/schema";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const overviewCommand = ({ print, withShop }: Terminal) =>
  new Command("overview").description("what is to be done in the shop now").action(() =>
    withShop(async (shop) => {
      const overview = await reportOverview(shop, shopJobs);
      print(overview, textOf(overview));
    }),
  );

/** What to look at, one of it and several, and the command that shows it. */
const ROWS: [keyof Overview, one: string, more: string, command: string][] = [
  ["to_pack", "order to pack", "orders to pack", "sanset order list --waits-for packing"],
  ["to_ship", "order to ship", "orders to ship", "sanset order list --status packed"],
  [
    "unpaid",
    "order that waits for its payment",
    "orders that wait for their payment",
    "sanset order list --waits-for payment",
  ],
  ["flagged", "payment to look at", "payments to look at", "sanset order list --flagged"],
  [
    "refunds_waiting",
    "order whose refund a gateway has not confirmed",
    "orders whose refund a gateway has not confirmed",
    "sanset order list --waits-for refund",
  ],
  ["returns_open", "return to decide or receive", "returns to decide or receive", "sanset return list"],
  ["sold_out", "product sold out", "products sold out", "sanset stock low"],
  ["deliveries_given_up", "mail or webhook given up", "mails and webhooks given up", "sanset outbox list"],
  ["searches_missed", "search that found nothing", "searches that found nothing", "sanset search misses"],
];

function textOf(overview: Overview): string {
  const rows = ROWS.flatMap(([name, one, more, command]) => {
    const count = overview[name];
    if (typeof count !== "number" || count === 0) return [];
    return [[count >= overview.counted_most ? `${count}+` : count, count === 1 ? one : more, command]];
  });
  const failing = overview.jobs_failing.map((job) => ["!", `the job ${job} fails`, "sanset jobs"]);
  if (rows.length + failing.length === 0) return "There is nothing to do.";
  return table(["", "WHAT", "SEE"], [...failing, ...rows]);
}
