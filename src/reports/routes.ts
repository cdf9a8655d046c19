import { adminRoutes, type Web } from "../http/access";
import { takes } from "../http/declared";
import type { Job } from "../jobs/registry";
import { reportOverview } from "./overview";
import { reportSales } from "./sales";
import { Overview, Sales, SalesQuery } from "./schema";

export const reportRoutes = (web: Web, jobs: readonly Job[]) =>
  adminRoutes(web, "admin", "/admin")
    .get("/sales", ({ shop, query }) => reportSales(shop, query), {
      query: SalesQuery,
      response: { 200: Sales },
      detail: {
        summary: "Read what a range of days brought in",
        description:
          "Days, weeks and months are those of the shop's time zone. Cancelled orders count for nothing; refunds count on the day on which they were decided.",
        ...takes({ weight: 5 }),
      },
    })
    .get("/overview", ({ shop }) => reportOverview(shop, jobs), {
      response: { 200: Overview },
      detail: { summary: "Read what is to be done now", ...takes({ weight: 5 }) },
    });
