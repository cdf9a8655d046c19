import type { Job } from "../jobs/registry";
import { tidyImages } from "./images";

export const catalogJobs: readonly Job[] = [
  { name: "tidy pictures", schedule: () => ({ cron: "40 3 * * *" }), work: tidyImages },
];
