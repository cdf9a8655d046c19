/** Another in each run, as in a shop: one that stands in a repository is no secret, and production refuses it. */
export const SECRET = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex");

/** Enough for transactions that wait for each other, and no more: tests run beside each other on one server. */
export const POOLS = { connections: 4, readers: 2 };
