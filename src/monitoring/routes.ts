import { timingSafeEqual } from "node:crypto";
import type { Server } from "bun";
import { ShopError } from "../base/errors";
import { gaugeLines } from "../base/instruments";
import { publicRoutes, type Web } from "../http/access";
import { peerAddress } from "../http/client-address";
import { failures } from "../http/problem";
import type { Job } from "../jobs/registry";
import { listJobs } from "../jobs/runs";
import type { Shop } from "../shop/shop";
import { readGauges } from "./gauges";

/** What OpenMetrics 1.0 calls itself. */
const MEDIA_TYPE = "application/openmetrics-text";
const OPEN_METRICS = `${MEDIA_TYPE}; version=1.0.0; charset=utf-8`;

/** What a monitor such as Prometheus reads. */
export const monitoringRoutes = ({ shop }: Web, jobs: readonly Job[]) =>
  publicRoutes("operating").get(
    "/metrics",
    async ({ request, server, set }) => {
      checkMayRead(shop, request, server);
      set.headers["content-type"] = OPEN_METRICS;
      set.headers["cache-control"] = "no-store";
      return metricsText(shop, jobs);
    },
    {
      response: failures(401, 403, 404),
      detail: {
        responses: {
          200: { description: "OK", content: { [MEDIA_TYPE]: { schema: { type: "string" } } } },
        },
        summary: "Read what the program counts of itself, as OpenMetrics text",
        description:
          "For Prometheus and its like. The setting METRICS says who may read it: programs on the same machine (`local`), all (`on`) or none (`off`); with METRICS_TOKEN set, whoever sends it as a bearer token.",
      },
    },
  );

async function metricsText(shop: Shop, jobs: readonly Job[]): Promise<string> {
  const counted = Object.values(shop.metrics).flatMap((instrument) => instrument.lines());
  const gauges = (await readGauges(shop, await listJobs(shop, jobs))).flatMap(gaugeLines);
  return [...counted, ...gauges, "# EOF", ""].join("\n");
}

function checkMayRead({ settings }: Shop, request: Request, server: Server<unknown> | null): void {
  const { metrics, metricsToken } = settings;
  if (metrics === "off") throw new ShopError("not_found", "This shop shows no metrics: METRICS is off.");
  if (metricsToken !== undefined) {
    const given = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    if (given === undefined) throw new ShopError("not_signed_in", "Send METRICS_TOKEN as Authorization: Bearer …");
    if (!isSame(given, metricsToken)) throw new ShopError("forbidden", "That is not the METRICS_TOKEN of this shop.");
    return;
  }
  if (metrics === "local" && !isLocal(request, peerAddress(request, server))) {
    throw new ShopError("forbidden", "Only programs on this machine may read the metrics: see METRICS.");
  }
}

/** What a proxy on this machine passes on comes from elsewhere, whether we trust what it says or not. */
function isLocal(request: Request, peer: string | null): boolean {
  const cameByProxy = request.headers.has("x-forwarded-for") || request.headers.has("forwarded");
  return peer === null || (/^127\.|^::1$/.test(peer) && !cameByProxy);
}

const digestOf = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest();
const isSame = (given: string, expected: string) => timingSafeEqual(digestOf(given), digestOf(expected));
