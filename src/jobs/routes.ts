import { z } from "zod";
import { adminRoutes, type Web } from "../http/access";
import { answerWhole } from "../http/lists";
import { wholeListAnswer } from "../http/openapi/headers";
import type { Job } from "./registry";
import { listJobs } from "./runs";
import { JobState } from "./schema";

export const jobRoutes = (web: Web, jobs: readonly Job[]) =>
  adminRoutes(web, "admin", "/admin/jobs").get(
    "",
    async ({ request, set }) => answerWhole({ request, set }, await listJobs(web.shop, jobs)),
    {
      response: { 200: z.array(JobState) },
      detail: {
        summary: "List what the shop does by itself, and how it went the last time",
        responses: wholeListAnswer,
      },
    },
  );
