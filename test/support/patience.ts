import { setDefaultTimeout } from "bun:test";

// A machine that does something else beside may take long; no test says how long something takes.
setDefaultTimeout(60_000);
