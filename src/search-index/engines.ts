import type { Reader } from "../storage/database";
import type { Dialect } from "./dialect";
import { postgres } from "./postgres";
import { sqlite } from "./sqlite";

/** How the index is kept and asked on the engine that this database runs on. */
export const dialectOf = ({ engine }: Reader): Dialect => (engine === "sqlite" ? sqlite : postgres);
