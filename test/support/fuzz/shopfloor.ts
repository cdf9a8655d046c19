import { setPassword, setStanding } from "../../../src/accounts/accounts";
import { type Answer, call, type Client, clientOf, newBuyer, newClient, PASSWORD } from "../client";
import type { Document, Schema } from "../operations";
import type { TestShop } from "../shop";
import { type Case, type Role, roles } from "./cases";
import { kindOf, Pick } from "./values";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020";

/** The request as it was sent, to be sent again by hand. */
export interface Sent {
  method: string;
  url: string;
  body: unknown;
  hasBody: boolean;
  path: Record<string, unknown>;
  query: Record<string, unknown>;
}

const SLOW_MS = 1_000;

/** A shop with people in it, what is known to exist there, and what every answer must be. */
export async function openShopfloor(shop: TestShop, document: Document) {
  const people: Record<Exclude<Role, "nobody">, Client> = {
    admin: await newClient(shop, { admin: true, email: "canary-admin@example.com" }),
    asha: await newBuyer(shop, { email: "canary-asha@example.com" }),
    ravi: await newBuyer(shop, { email: "canary-ravi@example.com" }),
  };
  const known = new Map<string, unknown[]>();
  /** Whose is what, as in `addresses/7`. */
  const owners = new Map<string, Role>();
  const validators = new Map<Schema, ValidateFunction>();
  const ajv = new Ajv2020({ strict: false, validateFormats: false });

  function fits(schema: Schema, value: unknown): boolean {
    const validate = validators.get(schema) ?? ajv.compile({ ...schema, components: { schemas: document.schemas } });
    validators.set(schema, validate);
    return validate(value);
  }

  /** Puts what exists in place of what was picked. */
  function real(value: unknown): unknown {
    if (value instanceof Pick) {
      const all = known.get(value.kind) ?? [];
      return all[value.index % Math.max(1, all.length)] ?? 1 + value.index;
    }
    if (Array.isArray(value)) return value.map(real);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, real(inner)]));
  }

  /** Keeps the ids that an answer shows, by what they are ids of. */
  function remember(kind: string, value: unknown): void {
    if (Array.isArray(value)) return value.forEach((item) => remember(kind, item));
    if (typeof value !== "object" || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      const of = name === "id" ? kind : name === "slug" || name === "code" ? `${name}s` : kindOf(name);
      if (typeof inner === "object") remember(name, inner);
      else if (of !== undefined) known.set(of, [...new Set([inner, ...(known.get(of) ?? [])])].slice(0, 40));
    }
  }

  /** Of what is personal, the first to be shown it is its owner. */
  function rememberOwner({ operation, role }: Case, kind: string, value: unknown): void {
    if (operation.access !== "user" || !PERSONAL.has(kind)) return;
    for (const item of Array.isArray(value) ? value : [value]) {
      const id = item?.id ?? item?.order_id;
      if (id !== undefined && !owners.has(`${kind}/${id}`)) owners.set(`${kind}/${id}`, role);
    }
  }

  /** Signs everybody in again who was signed out, locked out or demoted by the calls so far. */
  async function renew(role: Exclude<Role, "nobody">): Promise<void> {
    const { id } = people[role];
    await setStanding(shop, people.admin.id, { is_active: true, is_admin: true });
    await setStanding(shop, id, { is_active: true, is_admin: role === "admin" });
    await setPassword(shop, id, PASSWORD);
    const { body } = await clientOf(shop).post("/auth/login", {
      email: `canary-${role}@example.com`,
      password: PASSWORD,
    });
    people[role] = clientOf(shop, body.access_token, id, body.refresh_token);
  }

  function prepare(request: Case): Sent {
    const path = real(request.path) as Record<string, unknown>;
    const query = real(request.query) as Record<string, unknown>;
    const words = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${escaped(value)}`);
    const filled = request.operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => escaped(path[name]));
    return {
      method: request.operation.method,
      url: words.length > 0 ? `${filled}?${words.join("&")}` : filled,
      body: real(request.body),
      hasBody: Object.keys(request.operation.bodies).length > 0,
      path,
      query,
    };
  }

  async function send(request: Case, sent: Sent): Promise<{ answer: Answer; ms: number }> {
    const token = request.role === "nobody" ? undefined : people[request.role].token;
    const text = sent.hasBody && sent.body !== undefined ? JSON.stringify(sent.body) : undefined;
    const startedAt = performance.now();
    const answer = await call(shop, sent.method, sent.url, {
      headers: {
        ...(request.headers as Record<string, string>),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(sent.hasBody && { "content-type": "application/json" }),
      },
      ...(text !== undefined && { body: text }),
    });
    return { answer, ms: performance.now() - startedAt };
  }

  /** What is wrong with the answer to a request; nothing, as a rule. */
  function faultsOf(request: Case, sent: Sent, answer: Answer): string[] {
    const { operation, role } = request;
    const documented = operation.answers[String(answer.status)] ?? operation.answers["4XX"];
    const faults: string[] = [];
    if (answer.status >= 500) faults.push(`answers ${answer.status}`);
    if (!documented) return [...faults, `answers ${answer.status}, which is not documented`];
    const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
    const schema = documented[type];
    if (answer.text !== "" && !schema) faults.push(`answers with ${type}, which is not documented`);
    if (schema && type.endsWith("json") && !fits(schema, answer.body)) {
      faults.push(`answers what is not in the schema: ${ajv.errorsText(validators.get(schema)?.errors)}`);
    }
    if (answer.status < 400 && !isAsDocumented(request, sent)) faults.push("takes what is not in the schema");
    const others = roles.filter((other) => other !== role && other !== "nobody");
    if (role !== "admin" && others.some((other) => answer.text.includes(`canary-${other}@`)))
      faults.push("shows the e-mail of another");
    const own = role === "nobody" ? undefined : people[role].id;
    if (role !== "admin" && answer.status < 400 && ownersIn(answer.body).some((id) => id !== own))
      faults.push("shows what belongs to another");
    const owner = owners.get(`${lastKindOf(operation.path)}/${String(sent.path["id"])}`);
    if (operation.access === "user" && answer.status < 400 && owner !== undefined && owner !== role) {
      faults.push(`reaches what belongs to ${owner}`);
    }
    if (/\$2[aby]\$|password_hash|node_modules|SQLITE_|PostgresError/.test(answer.text))
      faults.push("shows our insides");
    return faults;
  }

  function isAsDocumented({ operation }: Case, { path, query, body, hasBody }: Sent): boolean {
    const [schema] = Object.values(operation.bodies);
    // What JSON leaves out is not sent.
    if (hasBody && schema && !fits(schema, body === undefined ? null : JSON.parse(JSON.stringify(body)))) return false;
    return operation.parameters
      .filter((parameter) => parameter.in !== "header")
      .every(({ name, in: place, required, schema: inner }) => {
        const value = (place === "path" ? path : query)[name];
        return value === undefined ? !required : fits(inner, asRead(inner, value));
      });
  }

  return {
    /** Sends a request and throws, with a line for curl, when its answer is not what it must be. */
    async check(request: Case): Promise<number> {
      const sent = prepare(request);
      let { answer, ms } = await send(request, sent);
      if (answer.status === 401 && request.role !== "nobody" && request.operation.access !== "public") {
        await renew(request.role);
        ({ answer, ms } = await send(request, sent));
      }
      const faults = faultsOf(request, sent, answer);
      // Somebody else may have held the machine up; twice in a row it is us.
      if (ms > SLOW_MS && (await send(request, sent)).ms > SLOW_MS) faults.push(`takes ${Math.round(ms)} ms`);
      if (faults.length > 0)
        throw new Error(`${faults.join("; ")}\n  ${curl(request, sent)}\n  → ${answer.text.slice(0, 500)}`);
      if (answer.status < 300) {
        const kind = lastKindOf(request.operation.path);
        remember(kind, answer.body);
        rememberOwner(request, kind, answer.body);
      }
      return answer.status;
    },
  };
}

const PERSONAL = new Set(["addresses", "orders", "sessions"]);

/** `/api/v1/users/me/addresses/{id}` is about addresses, and `/api/v1/orders/checkout` about orders. */
function lastKindOf(path: string): string {
  const words = path
    .split("/")
    .slice(3)
    .filter((word) => /^\w+s$/.test(word));
  return words.at(-1) ?? "";
}

/** In an address everything is text. */
const escaped = (value: unknown): string =>
  encodeURIComponent((typeof value === "string" ? value : (JSON.stringify(value) ?? "")).toWellFormed());

/** What a reader makes of the text in an address: digits are a number where a number is wanted. */
function asRead({ type }: Schema, value: unknown): unknown {
  const text = typeof value === "string" ? value.toWellFormed() : JSON.stringify(value);
  if (type === "integer" || type === "number") return /^\d{1,16}(\.\d+)?$/.test(text) ? Number(text) : text;
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return text;
}

function ownersIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(ownersIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === "user_id" ? [inner] : ownersIn(inner)));
}

function curl({ role, headers }: Case, { method, url, body, hasBody }: Sent): string {
  return [
    `curl -X ${method} ${quoted(`http://127.0.0.1:5000${url}`)}`,
    ...(role === "nobody" ? [] : [`-H "Authorization: Bearer $TOKEN_OF_${role.toUpperCase()}"`]),
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${String(value)}`)}`),
    ...(hasBody ? ["-H 'Content-Type: application/json'"] : []),
    ...(hasBody && body !== undefined ? [`-d ${quoted(JSON.stringify(body))}`] : []),
  ].join(" ");
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
