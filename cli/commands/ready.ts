import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { Command } from "commander";
import { ShopError } from "../../src/base/errors";
import type { Terminal } from "../terminal";

const LONGEST_WAIT_MS = 4_000;

/** For what watches a shop where there is no curl, such as the health check of a container. */
export const readyCommand = ({ print, settings }: Terminal) =>
  new Command("ready")
    .description("ask the server of this shop, at HOST and PORT, whether it is ready; fails where it is not")
    .action(async () => {
      const { host, port } = settings();
      const url = `http://${reachable(host)}:${port}/readyz`;
      const { status, detail } = await ask(url);
      if (status !== 200) throw new ShopError("unusable", detail ?? `${url} answers with ${status}.`);
      print({ status: "ready" }, "The shop is ready.");
    });

interface Answer {
  status: number | undefined;
  detail?: string;
}

/** By node's client, since that of Bun asks the proxy that the environment names for what leaves the machine. */
async function ask(url: string): Promise<Answer> {
  try {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const stopped = AbortSignal.timeout(LONGEST_WAIT_MS);
    get(url, { agent: false, signal: stopped }, resolve).on("error", reject);
    const response = await promise;
    const body: unknown = JSON.parse(await text(response));
    const detail = body && typeof body === "object" && "detail" in body ? { detail: String(body.detail) } : {};
    return { status: response.statusCode, ...detail };
  } catch (error) {
    const said = `No shop answers at ${url}. Is it served, and are HOST and PORT its own?`;
    throw new ShopError("unusable", said, {}, { cause: error });
  }
}

/** Nobody reaches "every address of this machine" by that name. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
