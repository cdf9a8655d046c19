import { join } from "node:path";

/** Another in each run, as in a shop: one that stands in a repository is no secret, and production refuses it. */
export const SECRET = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex");

/** Enough for transactions that wait for each other, and no more: tests run beside each other on one server. */
export const POOLS = { connections: 4, readers: 2 };

const built = process.env["SANSET_TEST_PROGRAM"];

/** What starts the program's source. */
export const SOURCE: readonly string[] = [process.execPath, join(import.meta.dir, "../../cli/main.ts")];

/** What starts the program: its source, or what the check has built from that, which starts in a third of the time. */
export const PROGRAM = built ? [built] : SOURCE;
