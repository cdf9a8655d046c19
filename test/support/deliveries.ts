import type { Channel } from "../../src/events/channel";
import { deliveriesEnded, startDeliveries } from "../../src/events/delivering";
import { routeEvents } from "../../src/events/routing";
import type { TestShop } from "./shop";

/** Routes what happened and sends all that is due, once through. */
export async function deliver(shop: TestShop, ...channels: Channel[]): Promise<void> {
  await routeEvents(shop, channels);
  await startDeliveries(shop, channels, new AbortController().signal);
  await deliveriesEnded(shop);
}

/** One that is told of webhooks, and answers as it is told. */
export function startReceiver(
  answer: (heard: Heard, count: number) => Response | Promise<Response> = () => new Response(),
) {
  const heard: Heard[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 60,
    fetch: async (request) => {
      const one = { headers: Object.fromEntries(request.headers), body: await request.text(), url: request.url };
      heard.push(one);
      return answer(one, heard.length);
    },
  });
  return {
    heard,
    url: `http://127.0.0.1:${server.port}/hook`,
    port: server.port,
    stop: () => server.stop(true),
    [Symbol.dispose]: () => void server.stop(true),
  };
}

export interface Heard {
  url: string;
  headers: Record<string, string>;
  body: string;
}
