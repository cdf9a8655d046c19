import type { Job } from "../jobs/registry";
import { isIndexCurrent, renewIndex } from "./renewal";

export const searchJobs: readonly Job[] = [
  {
    // After an upgrade, or when SEARCH_LANGUAGES is set otherwise.
    name: "renew the search index",
    schedule: () => ({ everySeconds: 60 }),
    work: async (shop) => {
      if (!(await isIndexCurrent(shop))) await renewIndex(shop);
    },
  },
];
