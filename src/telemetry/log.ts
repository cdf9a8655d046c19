import { writeSync } from "node:fs";
import { masked } from "./redact";

/** Tells whoever runs the shop. Nothing a customer typed; secrets that slip in are masked. */
export type Log = (
  level: "debug" | "info" | "warn" | "error",
  message: string,
  about?: Record<string, unknown>,
) => void;

const levels = ["debug", "info", "warn", "error", "silent"] as const;

interface LogSettings {
  /** The least that is worth a line. */
  logLevel: (typeof levels)[number];
}

/** One JSON line a message, so that no input can forge one: what would end a line is escaped. */
export function createLog({ logLevel }: LogSettings, write = gathered(writeToStderr)): Log {
  const least = levels.indexOf(logLevel);
  return (level, message, about = {}) => {
    if (levels.indexOf(level) < least) return;
    write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...masked(about) })}\n`);
  };
}

const STDERR = 2;

function writeToStderr(text: string): void {
  try {
    writeSync(STDERR, text);
  } catch {
    // A log that nobody reads any more is no reason to stop selling.
  }
}

/** Hands lines on together once a turn of the event loop, since each write costs more than what it says. */
function gathered(write: (text: string) => void): (line: string) => void {
  let waiting = "";
  const flush = () => {
    const text = waiting;
    waiting = "";
    if (text) write(text);
  };
  process.once("exit", flush);
  return (line) => {
    if (waiting === "") setImmediate(flush);
    waiting += line;
  };
}
