import { writeSync } from "node:fs";
import { redact } from "./redact";

/** Tells the operator. Nothing a customer typed; secrets that slip in are masked. */
export type Log = (
  level: "debug" | "info" | "warn" | "error",
  message: string,
  about?: Record<string, unknown>,
) => void;

const levels = ["debug", "info", "warn", "error", "silent"] as const;

interface LogSettings {
  /** The least that is worth a line. */
  logLevel: (typeof levels)[number];
  /** `auto` is text at a terminal, and JSON elsewhere. */
  logFormat?: "auto" | "json" | "text";
}

/** One line a message, so that no input can forge one: what would end a line is escaped. */
export function createLog(
  { logLevel, logFormat = "json" }: LogSettings,
  write = gathered(writeToStderr),
  isTerminal = process.stderr.isTTY,
): Log {
  const least = levels.indexOf(logLevel);
  const lineOf = logFormat === "text" || (logFormat === "auto" && isTerminal) ? textLine : jsonLine;
  return (level, message, about = {}) => {
    if (levels.indexOf(level) < least) return;
    write(`${lineOf(level, message, redact(about))}\n`);
  };
}

type Line = (level: string, message: string, about: Record<string, unknown>) => string;

const jsonLine: Line = (level, message, about) =>
  JSON.stringify({ time: new Date().toISOString(), level, message, ...about });

/** `12:04:31 GET /api/v1/products 200 4 ms`, and for everything else the message with what it is about. */
const textLine: Line = (level, message, about) => {
  const time = new Date().toTimeString().slice(0, 8);
  if (message === "request") return `${time} ${requestText(about)}`;
  const details = Object.entries(about).map(([name, value]) => `${name}=${plain(value)}`);
  return [time, ...(level === "info" ? [] : [level.toUpperCase()]), plain(message), ...details].join(" ");
};

function requestText({ method, path, route, status, ms, user_id }: Record<string, unknown>): string {
  const caller = user_id === null ? "" : ` user ${plain(user_id)}`;
  return `${plain(method)} ${plain(path ?? route)} ${plain(status)} ${Math.round(Number(ms))} ms${caller}`;
}

/** Text as it is where it can't be taken for anything else, as a letter to a developer; all else in JSON. */
function plain(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  // oxlint-disable-next-line no-control-regex
  return /[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/.test(text)
    ? JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028-\u202e]/g, escaped)
    : text;
}

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

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
