import type { Job } from "../jobs/registry";
import { tidyPictures } from "./idle-pictures";
import { noteOrders } from "./noting";
import { sweepHolds, sweepPayments } from "./sweep";

/** Beside each other, so that no hold waits for what a gateway is owed. */
export const orderJobs: readonly Job[] = [
  {
    name: "release holds",
    schedule: ({ sweepSeconds }) => ({ everySeconds: sweepSeconds }),
    work: sweepHolds,
  },
  {
    name: "settle payments",
    schedule: ({ sweepSeconds }) => ({ everySeconds: sweepSeconds }),
    work: sweepPayments,
  },
  { name: "note what was bought", schedule: () => ({ everySeconds: 600 }), work: noteOrders },
  { name: "tidy pictures", schedule: () => ({ cron: "40 3 * * *" }), work: tidyPictures },
];
