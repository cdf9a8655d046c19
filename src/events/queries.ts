import { Json, type Transaction } from "../storage/database";
import type { ShopEvent } from "./schema";

export async function insertEvent(
  tx: Transaction,
  event: Pick<ShopEvent, "event_id" | "type" | "order_id" | "created_at"> & { data: object },
): Promise<void> {
  await tx.run("INSERT INTO outbox (event_id, type, order_id, data, created_at) VALUES ($1, $2, $3, $4, $5)", [
    event.event_id,
    event.type,
    event.order_id,
    new Json(event.data),
    event.created_at,
  ]);
}
