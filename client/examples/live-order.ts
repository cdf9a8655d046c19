/** Shows an order as it changes, from its server-sent events: `TOKEN=… bun live-order.ts 12`. */
import { createClient } from "@sanset/client";

const url = process.env["SHOP_URL"] ?? "http://127.0.0.1:5000";
const token = process.env["TOKEN"] ?? "";
const id = Number(process.argv[2]);
const shop = createClient({ url, token: (refused) => (refused ? undefined : token) });

const stream = await fetch(`${url}/api/v1/orders/${id}/events`, {
  headers: { accept: "text/event-stream", authorization: `Bearer ${token}` },
});
const decoder = new TextDecoder();
for await (const bytes of stream.body ?? []) {
  if (!decoder.decode(bytes, { stream: true }).includes("event:")) continue;
  const { status, payment_status } = await shop("GET /orders/{id}", { path: { id } });
  console.log(`Order ${id} is ${status}, its payment ${payment_status}.`);
}
