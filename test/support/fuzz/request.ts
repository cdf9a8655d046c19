import { signatureOf } from "../../../src/payments/gateways/signature";
import { isSigned } from "../rules";
import { type Case, SIGNATURE } from "./cases";
import { type Floor, WEBHOOK_SECRET } from "./floor";
import { type Memory, type Person, real } from "./memory";
import { Text } from "./values";

/** A request with everything in it that was stood in for. */
export interface Sent {
  method: string;
  url: string;
  headers: Record<string, string>;
  path: Record<string, unknown>;
  query: Record<string, unknown>;
  body: unknown;
  /** The body as it goes out. */
  text: string | undefined;
}

export function prepare(floor: Floor, memory: Memory, { operation, role, ...request }: Case): Sent {
  const path = real(memory, role, request.path);
  const query = real(memory, role, request.query);
  const body = real(memory, role, request.body);
  const hasBody = Object.keys(operation.bodies).length > 0;
  const isTable = "text/csv" in operation.bodies;
  const text = isTable ? `name,price\n${String(body)},1\n` : hasBody ? textOf(operation.name, body) : undefined;
  const words = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${escaped(value)}`);
  const filled = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => escaped(path[name]));
  const signature = () => signatureOf(text ?? "", WEBHOOK_SECRET, floor.now());
  const given = Object.entries(real(memory, role, request.headers)).map(([name, value]) => [
    name,
    value === SIGNATURE ? signature() : String(value),
  ]);
  return {
    method: operation.method,
    url: words.length > 0 ? `${filled}?${words.join("&")}` : filled,
    headers: {
      ...(role !== "nobody" && authorization(memory.people[role])),
      ...(hasBody && { "Content-Type": isTable ? "text/csv" : "application/json" }),
      ...Object.fromEntries(given),
    },
    path,
    query,
    body,
    text,
  };
}

export function signInOf({ email, password }: Person): Sent {
  const body = { email, password };
  const headers = { "Content-Type": "application/json" };
  return { method: "POST", url: "/api/v1/auth/login", headers, path: {}, query: {}, body, text: JSON.stringify(body) };
}

const authorization = ({ access_token }: Person) =>
  access_token === undefined ? {} : { Authorization: `Bearer ${access_token}` };

function textOf(operation: string, body: unknown): string | undefined {
  if (body instanceof Text) return body.text;
  return isSigned(operation) ? eventOf(body) : JSON.stringify(body);
}

/** What is told of a payment and what the payment is, as one object. */
function eventOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("payment" in body)) return JSON.stringify(body);
  const { payment, ...event } = body;
  return JSON.stringify(typeof payment === "object" ? { ...event, ...payment } : event);
}

/** In an address everything is text. */
const escaped = (value: unknown): string =>
  encodeURIComponent((typeof value === "string" ? value : (JSON.stringify(value) ?? "")).toWellFormed());
