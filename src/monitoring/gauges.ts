import { version } from "../../package.json";
import type { JobState } from "../jobs/schema";
import type { Shop } from "../shop/shop";
import type { Gauge } from "../base/instruments";
import {
  countOrdersThatAre,
  countPendingRefunds,
  countWaitingDeliveries,
  findModelTime,
  findOldestDelivery,
} from "./queries";
import { sizesOf } from "../storage/place";

/** What a monitor is told beside what was counted: looked up when it asks, with statements that an index bounds. */
export async function readGauges(shop: Shop, jobs: readonly JobState[]): Promise<Gauge[]> {
  const { database } = shop;
  const now = shop.now().getTime();
  const age = (moment: string | null) => (moment === null ? [] : [{ value: (now - Date.parse(moment)) / 1000 }]);
  const statuses = ["placed", "packed", "shipped"];
  const [orders, refunds, deliveries, oldest, model, sizes] = await Promise.all([
    Promise.all(statuses.map((status) => countOrdersThatAre(database, status))),
    countPendingRefunds(database),
    countWaitingDeliveries(database),
    findOldestDelivery(database),
    findModelTime(database),
    databaseSizes(shop),
  ]);
  const memory = process.memoryUsage();
  return [
    gauge("sanset_build", "The version of the program.", [{ labels: { version }, value: 1 }]),
    gauge("sanset_up_seconds", "How long this process has run.", [{ value: process.uptime() }]),
    gauge("sanset_memory_bytes", "Memory of this process, by kind.", [
      { labels: { kind: "resident" }, value: memory.rss },
      { labels: { kind: "heap" }, value: memory.heapUsed },
    ]),
    gauge("sanset_writes_under_way", "Transactions of this process that wait or are written, of WRITE_QUEUE at most.", [
      { value: database.writesUnderWay() },
    ]),
    gauge("sanset_database_bytes", "Size of the database, by part.", sizes),
    gauge(
      "sanset_orders_waiting",
      "Orders that are not done, by status, up to ten thousand each.",
      statuses.map((status, at) => ({ labels: { status }, value: orders[at] ?? 0 })),
    ),
    gauge("sanset_refunds_pending", "Refunds that a gateway has not confirmed.", [{ value: refunds }]),
    gauge("sanset_deliveries_waiting", "Mails and webhooks on their way.", [{ value: deliveries }]),
    gauge("sanset_delivery_delay_seconds", "How long ago the oldest of them was due.", age(oldest)),
    gauge("sanset_model_age_seconds", "Age of the recommender's model in service.", age(model)),
    gauge(
      "sanset_job_last_start_seconds",
      "When a job ran last, since 1970.",
      jobs.flatMap(({ name, last_started_at: at }) =>
        at === null ? [] : [{ labels: { job: name }, value: Date.parse(at) / 1000 }],
      ),
    ),
    gauge(
      "sanset_job_failing",
      "1 where the last run of a job failed.",
      jobs.map(({ name, last_failure }) => ({ labels: { job: name }, value: last_failure === null ? 0 : 1 })),
    ),
  ];
}

const gauge = (name: string, help: string, values: Gauge["values"]): Gauge => ({ name, help, values });

async function databaseSizes({ database, settings }: Shop): Promise<Gauge["values"]> {
  const sizes = await sizesOf(database, settings.databaseUrl);
  return sizes.map(({ part, bytes }) => ({ labels: { part }, value: bytes }));
}
