import { Elysia } from "elysia";
import { ShopError } from "../base/errors";
import { admit, type Web } from "./access";
import { nextTurn } from "./guard/admission";
import { BodyBudget } from "./body-budget";
import { arrivalOf } from "./arrival";
import type { RouteRule } from "./declared";
import type { RouteIndex } from "./route-index";
import { checkFormSize, parseStrictJson } from "./strict-json";

/** A body that could not be read, and why. Validation refuses it. */
export class Unreadable {
  constructor(readonly reason: ShopError) {}
}

/** Reads what the route takes, once it is known that the caller may call it, and refuses every other type. */
export const bodies = (web: Web, routes: RouteIndex) => {
  const budget = new BodyBudget();
  return new Elysia({ name: "bodies" }).onParse({ as: "global" }, async ({ request, route }) => {
    const rule = routes.at(request.method, route);
    if (!rule) return undefined;
    if (rule.access !== "public") await admit(web, request, rule.access);
    if (rule.optional_body && request.body === null) return undefined;
    try {
      const bytes = await budget.within(arrivalOf(request).address, (setAside) => readBytes(request, rule, setAside));
      // It may have come in pieces, over a long time.
      await nextTurn(request);
      return rule.body === "bytes" || rule.body === "table" ? bytes : parse(decode(bytes), request, rule);
    } catch (error) {
      // Where a body is refused for what is in it, it is the schema's place to say so: not every route wants one.
      if (error instanceof ShopError && error.code !== "too_busy") return new Unreadable(error);
      throw error;
    }
  });
};

async function readBytes(
  request: Request,
  { body: kind, most_bytes }: RouteRule,
  setAside: (bytes: number) => void,
): Promise<Uint8Array> {
  if (request.body === null) throw new ShopError("unreadable", "There is no body.");
  if (request.headers.has("content-encoding")) throw unsupported("Send the body as it is, not compressed.");
  const isTaken = kind === "raw" || bodyTypes[kind].includes(contentType(request));
  if (!isTaken) throw unsupported(`Send the body as ${bodyTypes[kind].join(" or ")}.`);
  return readAtMost(request, most_bytes, setAside);
}

function parse(text: string, request: Request, { body: kind, most_strings }: RouteRule): unknown {
  if (kind === "raw") return text;
  return contentType(request) === FORM ? parseForm(text) : parseStrictJson(text, most_strings);
}

const JSON_TYPE = "application/json";
const FORM = "application/x-www-form-urlencoded";

/** The types of body that a route takes, the usual one first. */
export const bodyTypes: Record<RouteRule["body"], string[]> = {
  json: [JSON_TYPE],
  form: [FORM, JSON_TYPE],
  // Signed bodies are needed as they came.
  raw: ["*/*"],
  bytes: ["image/jpeg", "image/png", "image/webp", "application/octet-stream"],
  table: [
    "text/csv",
    "text/tab-separated-values",
    "application/jsonl",
    "application/x-ndjson",
    "application/octet-stream",
  ],
};

/** Types are written in any case, and text may be UTF-8 alone. */
function contentType(request: Request): string {
  const [type = "", ...parameters] = (request.headers.get("content-type") ?? "").toLowerCase().split(";");
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith("charset="));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) throw unsupported("Send the body as UTF-8.");
  return type.trim();
}

function unsupported(message: string): ShopError {
  return new ShopError("unsupported_type", message);
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new ShopError("unreadable", "The body starts with a byte order mark. Send plain UTF-8.");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ShopError("unreadable", "The body is not UTF-8.");
  }
}

/** Stops reading as soon as it is too much, whatever the sender said of the length. */
async function readAtMost(request: Request, most: number, setAside: (bytes: number) => void): Promise<Uint8Array> {
  const tooLarge = () => new ShopError("too_large", `The body is larger than ${most} bytes.`);
  const length = request.headers.get("content-length");
  if (Number(length) > most) throw tooLarge();
  if (length !== null) {
    setAside(Number(length));
    return request.bytes();
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > most) throw tooLarge();
    setAside(chunk.byteLength);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseForm(text: string): Record<string, string> {
  checkFormSize(text);
  const fields = [...new URLSearchParams(text)];
  if (new Set(fields.map(([name]) => name)).size < fields.length) {
    throw new ShopError("unreadable", "The body names a field twice.");
  }
  return Object.fromEntries(fields);
}
