import type { Job } from "../jobs/registry";
import { secondsOf } from "./tries";
import { deleteForgottenTries } from "./try-queries";

export const authJobs: Job[] = [
  {
    name: "forget tries",
    schedule: () => ({ everySeconds: 600 }),
    work: (shop) => shop.database.transaction((tx) => deleteForgottenTries(tx, secondsOf(shop)())),
  },
];
