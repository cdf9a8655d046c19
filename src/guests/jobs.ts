import type { Job } from "../jobs/registry";
import { forgetGuests } from "./guests";

export const guestJobs: readonly Job[] = [
  {
    name: "forget guests",
    schedule: () => ({ everySeconds: 3_600 }),
    work: forgetGuests,
  },
];
