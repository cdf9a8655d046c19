import { type Figure, median, report } from "./harness";
import { load, request } from "./load";
import { environmentIn, inFolder, sanset, start, startSanset } from "./servers";

const CONNECTIONS = 16;
const SECONDS = 1.5;
const ROUNDS = 5;

/** What the whole path costs (routing, checks, schemas, ids, ETags) beside a bare handler with the same statements. */
export async function run(): Promise<boolean> {
  return inFolder(async (folder) => {
    await sanset(folder, "seed", "--products", "2000", "--customers", "50", "--orders", "200");
    const bare = await start([process.execPath, "bench/bare-http.ts"], environmentIn(folder));
    const ours = await startSanset(folder);
    try {
      const figures = [
        await beside(
          "GET /products/{id}",
          ours.port,
          bare.port,
          (sent) => `/api/v1/products/${(sent % 2000) + 1}`,
          0.7,
        ),
        await beside("GET /products?size=20", ours.port, bare.port, () => "/api/v1/products?size=20", 0.6),
      ];
      return report(
        `HTTP, ${CONNECTIONS} connections, requests a second, medians of ${ROUNDS} rounds in turn`,
        figures,
      );
    } finally {
      await Promise.all([ours.stop(), bare.stop()]);
    }
  });
}

/** In turn, round by round, so that what else the machine does falls on both. */
async function beside(
  name: string,
  ours: number,
  bare: number,
  path: (sent: number) => string,
  atLeast: number,
): Promise<Figure> {
  const requests = Array.from({ length: 2000 }, (_, sent) => request("GET", path(sent)));
  const once = (port: number) =>
    load({
      port,
      connections: CONNECTIONS,
      seconds: SECONDS,
      next: (connection, sent) => requests[(connection * 131 + sent) % 2000],
    });
  await once(ours);
  await once(bare);
  const rates: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const [mine, theirs] = [await once(ours), await once(bare)];
    for (const { statuses } of [mine, theirs]) {
      if (Object.keys(statuses).join() !== "200")
        throw new Error(`${name}: not every answer was a 200: ${JSON.stringify(statuses)}`);
    }
    rates.ours.push(mine.perSecond);
    rates.bare.push(theirs.perSecond);
  }
  return {
    name,
    measured: median(rates.ours),
    unit: "/s",
    rival: { name: "bare", measured: median(rates.bare) },
    limit: { atLeast },
  };
}
