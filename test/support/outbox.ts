import type { EventType } from "../../src/events/schema";
import { fromJson } from "../../src/storage/database";
import type { TestShop } from "./shop";

/** What was told of these events, in the order in which it happened. */
export async function eventsOf(shop: TestShop, type: EventType): Promise<unknown[]> {
  const rows = await shop.database.all<{ data: unknown }>("SELECT data FROM outbox WHERE type = $1 ORDER BY id", [
    type,
  ]);
  return rows.map(({ data }) => fromJson(data));
}
