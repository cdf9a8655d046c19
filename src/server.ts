import { loadTemplates } from "./notifications/templates";
import { endStreams } from "./outbox/live";
import { createApp, shopJobs } from "./app";
import { ShopError } from "./base/errors";
import { watchEventLoop } from "./monitoring/event-loop";
import { startBackgroundWork } from "./jobs/runner";
import type { OpenApi } from "./http/openapi/build";
import { bundlePages } from "./http/pages";
import { runOwnProgram } from "./shop/own-program";
import type { Settings } from "./shop/settings";
import type { Shop } from "./shop/shop";

export interface Server {
  /** Where it listens, such as `http://127.0.0.1:5000`. */
  url: string;
  /** Where customers reach it: PUBLIC_URL, or the same. */
  publicUrl: string;
  /** Has the pages bundled before their first visitor comes. */
  bundlePages(): Promise<unknown>;
  /** Lets what is in flight finish, refuses what is new, and ends. */
  stop(): Promise<void>;
}

/** The longest that stopping waits for requests in flight: a supervisor kills after 10 seconds, as a rule. */
const PATIENCE_MS = 8_000;

/** Serves the shop. Throws ShopError `unusable` when the address can't be had or a template of mails can't be used. */
export function serve(given: Shop, { host, port: wanted }: { host: string; port: number }): Server {
  const port = wanted === 0 ? listening(host, 0, () => freePort(host)) : wanted;
  const shop = { ...given, settings: withOwnAddress(given.settings, host, port) };
  // A slip in a template is seen now, not in a customer's mail.
  loadTemplates(shop.settings);
  const app = createApp(shop, () => documentOf(shop));
  listening(host, port, () =>
    app.listen({
      hostname: host,
      port,
      // Bun shares a port among programs unless told not to, and a second server would start in silence.
      reusePort: false,
      // Whatever is sent, the refusal is ours and says why. Bun reads no faster than we do, so nothing piles up: see readAtMost.
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      idleTimeout: 30,
    }),
  );
  const server = app.server;
  if (!server) throw new Error("Elysia has no server after listen().");
  const work = startBackgroundWork(shop, shopJobs);
  const lag = watchEventLoop(shop.metrics.loopLag);
  return {
    url: `http://${server.hostname}:${server.port}`,
    publicUrl: shop.settings.publicUrl,
    bundlePages,
    stop: () => {
      const giveUpAt = performance.now() + PATIENCE_MS;
      lag.stop();
      endStreams(shop);
      return work.stop(endRequests(server, giveUpAt), giveUpAt);
    },
  };
}

/** The API's document as another process of this program prints it; undefined where there is none, or it fails. */
async function documentOf(shop: Shop): Promise<OpenApi | undefined> {
  const said = await runOwnProgram(shop, ["openapi"]).catch((error: unknown) => ({
    code: 1,
    out: "",
    err: String(error),
  }));
  if (!said) return undefined;
  // We printed it ourselves.
  if (said.code === 0) return JSON.parse(said.out) as OpenApi;
  shop.log("warn", "The document of the API is made here, which holds up others: no other process could make it.", {
    error: said.err.slice(0, 500),
  });
  return undefined;
}

/**
 * Where nobody has said how customers reach the shop, it is where it listens: also when that was asked for by option. Links
 * to pay, in mails and in the document begin with it.
 */
function withOwnAddress(settings: Settings, host: string, port: number): Settings {
  const usual = `http://${settings.host}:${settings.port}`;
  if (settings.publicUrl !== usual) return settings;
  // Nobody reaches "every address of this machine" by that name.
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  const publicUrl = `http://${name}:${port}`;
  return { ...settings, publicUrl, paymentReturnUrl: settings.paymentReturnUrl.replace(usual, publicUrl) };
}

/** Says in words why an address can't be had. */
function listening<T>(host: string, port: number, listen: () => T): T {
  try {
    return listen();
  } catch (error) {
    throw new ShopError("unusable", `Can't listen on ${host}:${port}: ${reasonOf(error)}.`, {}, { cause: error });
  }
}

/** One that nobody listens on now: our own address is part of what we answer, so it has to be known before the first answer. */
function freePort(hostname: string): number {
  const probe = Bun.serve({ hostname, port: 0, fetch: () => new Response() });
  const { port } = probe;
  void probe.stop(true);
  return port ?? 0;
}

/** Lets requests in flight finish, for a while, and cuts off those that don't. */
async function endRequests(server: Bun.Server<unknown>, giveUpAt: number): Promise<void> {
  // Its promise also waits for a client who has sent half a request, and a timer beside it would keep the program alive.
  void server.stop();
  while (server.pendingRequests > 0 && performance.now() < giveUpAt) await Bun.sleep(10);
  await server.stop(true);
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return "another program listens there. Stop it, or choose another port with --port or PORT";
  if (code === "EACCES") return "that port needs more rights. Choose one above 1023 with --port or PORT";
  // Where a name leads nowhere, Bun gives whatever code the last call of the system left: EEXIST, ENOENT, …
  if (code !== undefined) return "this machine has no such address: look at HOST or --host";
  return error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
}
