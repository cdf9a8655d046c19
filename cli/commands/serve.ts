import { Command } from "commander";
import { refusePublishedPasswords } from "../../src/demo/accounts";
import { withSentry } from "../../src/telemetry/sentry";
import { unlawfulLabel } from "../../src/invoices/labels";
import { isIndexCurrent, renewIndex } from "../../src/search/renewal";
import { type Server, serve } from "../../src/server";
import { isLoopback } from "../../src/base/loopback";
import { ShopError } from "../../src/base/errors";
import type { Shop } from "../../src/shop/shop";
import { wholeNumber } from "../arguments";
import { startLine, startOf } from "../start-line";
import { tellReady } from "../supervisor";
import type { Terminal } from "../terminal";

export const serveCommand = (terminal: Terminal) =>
  new Command("serve")
    .description("serve the API until told to stop")
    .option("--host <host>", "where to listen (default: HOST, or 127.0.0.1)")
    .option("--port <port>", "which port (default: PORT, or 5000; 0 takes any that is free)", wholeNumber(0, 65_535))
    .action((options: { host?: string; port?: number }) =>
      terminal.withShop((shop) => serveUntilStopped(terminal, shop, options), { opening: "migrate", serving: true }),
    );

/** The same shop, whose errors Sentry hears of too where that is set. */
async function watched(shop: Shop): Promise<Shop> {
  const { sentryDsn, production } = shop.settings;
  if (sentryDsn === undefined) return shop;
  return { ...shop, log: await withSentry(sentryDsn, production ? "production" : "development", shop.log) };
}

/** Serves until told to stop, then lets what is in flight finish. `opened` is told once it listens, and may say more than where. */
export async function serveUntilStopped(
  { print }: Terminal,
  shop: Shop,
  { host = shop.settings.host, port = shop.settings.port }: { host?: string; port?: number },
  opened?: (server: Server) => string | undefined,
): Promise<void> {
  refuseUndeclared(shop, host);
  const stopping = toldToStop();
  await refusePublishedPasswords(shop);
  await renewSoon(shop);
  const unlawful = unlawfulLabel(shop.settings);
  if (unlawful !== undefined) shop.log("warn", unlawful);
  const server = serve(await watched(shop), { host, port });
  const start = startOf(shop, server);
  print(start, [opened?.(server), startLine(start)].filter((line) => line !== undefined).join("\n"));
  void tellReady(shop);
  await stopping;
  shop.log("info", "Stopping: requests in flight finish first.");
  await server.stop();
}

/** How long a start waits for the search index to be made anew; with more products it goes on while the shop is open. */
const RENEWAL_AWAITED_MS = 5_000;

/** After an upgrade, or with other SEARCH_LANGUAGES, words are looked up as they were not indexed. */
async function renewSoon(shop: Shop): Promise<void> {
  if (await isIndexCurrent(shop)) return;
  shop.log("info", "Making the search index anew.");
  const renewed = renewIndex(shop).catch((error: unknown) =>
    shop.log("warn", "The search index could not be made anew; it is tried again.", { error: String(error) }),
  );
  await Promise.race([renewed, Bun.sleep(RENEWAL_AWAITED_MS)]);
}

/** As the settings do, for an address that was asked for by option. */
function refuseUndeclared({ settings }: Shop, host: string): void {
  if (settings.sansetEnv !== undefined || isLoopback(host)) return;
  const message = `SANSET_ENV must be set, since others can reach ${host}: to production, or to development if this is no real shop.`;
  throw new ShopError("unusable", message);
}

/** `bun run` passes on what the terminal has sent to everybody already, so one Ctrl-C arrives twice. */
const ECHO_MS = 2_000;

/**
 * Resolves at the first SIGTERM or SIGINT, or SIGHUP of a terminal that is closed. An operator who sends another one later has no patience
 * left, and is obeyed at once.
 */
function toldToStop(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let toldAt: number | undefined;
  const hear = () => {
    toldAt ??= performance.now();
    if (performance.now() - toldAt > ECHO_MS) process.exit(1);
    resolve();
  };
  process.on("SIGTERM", hear);
  process.on("SIGINT", hear);
  process.on("SIGHUP", hear);
  return promise;
}
