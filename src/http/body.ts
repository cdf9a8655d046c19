import { Elysia } from "elysia";
import { ShopError } from "../errors";

/** The most that one request may send. */
export const LARGEST_BODY_BYTES = 1_048_576;

/** A body that could not be read, and why. Validation refuses it, after the caller was asked who they are. */
export class Unreadable {
  constructor(readonly reason: ShopError) {}
}

/** Reads JSON, and a form where OAuth 2 wants one; refuses every other type. */
export const bodies = new Elysia({ name: "bodies" }).onParse(
  { as: "global" },
  async ({ request, contentType, route }) => {
    try {
      if (request.headers.has("content-encoding")) throw unsupported("Send the body as it is, not compressed.");
      if (contentType === FORM && FORM_ROUTES.has(route))
        return Object.fromEntries(new URLSearchParams(await read(request)));
      if (contentType === JSON_TYPE) return parseJson(await read(request));
      throw unsupported("Send the body as application/json.");
    } catch (error) {
      if (error instanceof ShopError) return new Unreadable(error);
      throw error;
    }
  },
);

const JSON_TYPE = "application/json";
const FORM = "application/x-www-form-urlencoded";
const FORM_ROUTES = new Set(["/api/v1/auth/token"]);

/** The types of body that a route takes, the usual one first. */
export const bodyTypesAt = (route: string): string[] => (FORM_ROUTES.has(route) ? [FORM, JSON_TYPE] : [JSON_TYPE]);

function unsupported(message: string): ShopError {
  return new ShopError("unsupported_type", message);
}

async function read(request: Request): Promise<string> {
  const bytes = await readAtMost(request, LARGEST_BODY_BYTES);
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
async function readAtMost(request: Request, most: number): Promise<Uint8Array> {
  const tooLarge = () => new ShopError("too_large", `The body is larger than ${most} bytes.`);
  if (Number(request.headers.get("content-length") ?? 0) > most) throw tooLarge();
  if (request.headers.has("content-length")) return request.bytes();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > most) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ShopError("unreadable", "The body is not valid JSON.");
  }
}
