import { z } from "zod";
import { Moment } from "../base/fields";

/** A job as an operator asks for it. */
export const JobState = z
  .object({
    name: z.string(),
    schedule: z.string().meta({ description: "Such as `every 30 s`, `0 3 * * * UTC` or `off`" }),
    running: z.boolean().meta({ description: "Whether the server that answers is at it now" }),
    last_started_at: Moment.nullable(),
    last_duration_ms: z.int().nullable(),
    last_failure: z.string().nullable().meta({ description: "Why the last run failed; null where it did not" }),
    last_failure_at: Moment.nullable(),
    next_at: Moment.nullable(),
    runs: z.int(),
    failures: z.int(),
  })
  .meta({ id: "JobState" });

export type JobState = z.infer<typeof JobState>;
