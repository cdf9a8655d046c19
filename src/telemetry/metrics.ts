import { Counter, Histogram } from "../base/instruments";

export type Metrics = ReturnType<typeof createMetrics>;

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128];

/** The instruments of one shop. The code that does the work counts it; nothing is asked of the database here. */
export function createMetrics() {
  return {
    requests: new Histogram("sanset_request_seconds", "How long requests took, by route.", SECONDS, [
      "method",
      "route",
      "status",
    ]),
    charged: new Counter("sanset_charged_milliseconds", "Time that the limiter charged to clients, by route.", [
      "route",
    ]),
    refused: new Counter("sanset_refused_requests", "Requests that a limit refused, by reason.", ["reason"]),
    checkouts: new Counter("sanset_checkouts", "Checkouts by outcome: placed, or the code of the refusal.", [
      "outcome",
    ]),
    searches: new Counter("sanset_searches", "Searches by outcome: found, or missed where nothing answers all of it.", [
      "outcome",
    ]),
    signIns: new Counter("sanset_sign_ins", "Tries to sign in, by outcome.", ["outcome"]),
    commits: new Histogram("sanset_commit_transactions", "How many transactions one commit held (SQLite).", SIZES),
    loopLag: new Histogram("sanset_event_loop_lag_seconds", "How much later than asked a timer came.", SECONDS),
  };
}
