import type { Answer } from "../client";
import type { Operation } from "../operations";
import { kindOf, Known, Own, type Secret, Text } from "./values";

export const names = ["asha", "ravi", "admin"] as const;
export type Name = (typeof names)[number];
export type Role = Name | "nobody";

/** Somebody, and what only they know. */
export interface Person extends Partial<Record<Secret | "access_token", string>> {
  id: number;
  email: string;
  password: string;
  is_admin: boolean;
}

/** What is known of a shop from its answers: plain values, so that every walk starts with a copy. */
export interface Memory {
  people: Record<Name, Person>;
  /** The latest first, by kind: `orders` → [3, 2, 1]. */
  known: Map<string, unknown[]>;
  /** Whose is what, as in `addresses/7`. */
  owners: Map<string, Name>;
}

type Asked = Pick<Operation, "path" | "access">;

/** Kinds of things that are one person's. */
const PERSONAL = new Set(["users", "addresses", "orders", "sessions"]);

const MOST_KNOWN = 40;

/** The same with what exists in place of what stands for it. Of nobody in particular the shop hears what asha would say. */
export function real(memory: Memory, role: Role, value: Record<string, unknown>): Record<string, unknown>;
export function real(memory: Memory, role: Role, value: unknown): unknown;
export function real(memory: Memory, role: Role, value: unknown): unknown {
  if (value instanceof Own) return memory.people[role === "nobody" ? "asha" : role][value.what];
  if (value instanceof Known) return pick(memory, role, value);
  if (value instanceof Text) return value;
  if (Array.isArray(value)) return value.map((inner) => real(memory, role, inner));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, real(memory, role, inner)]));
}

function pick({ known, owners }: Memory, role: Role, { kind, index, own }: Known): unknown {
  const all = known.get(kind) ?? [];
  const mine = own ? all.filter((id) => owners.get(`${kind}/${String(id)}`) === role) : [];
  const choice = mine.length > 0 ? mine : all;
  return choice[index % Math.max(1, choice.length)] ?? 1 + index;
}

/** Keeps what an answer shows: what exists, and whose it is. */
export function learn(memory: Memory, operation: Asked, role: Role, { status, headers, body }: Answer): void {
  if (status >= 300) return;
  const kind = lastKindOf(operation.path);
  keep(memory, kind, body);
  const etag = headers.get("etag");
  if (etag !== null) remember(memory, "etags", etag);
  if (!PERSONAL.has(kind)) return;
  for (const item of Array.isArray(body) ? body : [body]) {
    const key = `${kind}/${String(item?.id ?? item?.order_id)}`;
    const owner = ownerOf(memory, operation, role, item?.user_id);
    if (owner !== undefined && !memory.owners.has(key)) memory.owners.set(key, owner);
  }
}

/** What says nothing of its owner is shown to them alone, so the first to be shown it is who that is. */
function ownerOf({ people }: Memory, { access }: Asked, role: Role, userId: unknown): Name | undefined {
  if (userId !== undefined) return names.find((name) => people[name].id === userId);
  return access === "user" && role !== "nobody" ? role : undefined;
}

function keep(memory: Memory, kind: string, value: unknown): void {
  if (Array.isArray(value)) return value.forEach((item) => keep(memory, kind, item));
  if (typeof value !== "object" || value === null) return;
  if ("payment_url" in value && "total_amount" in value && typeof value.payment_url === "string") {
    const reference = value.payment_url.split("/").at(-1);
    remember(memory, "payments", { reference, amount_minor: Number(value.total_amount) * 100, currency: "INR" });
  }
  for (const [name, inner] of Object.entries(value)) {
    const of = name === "id" ? kind : name === "slug" || name === "code" ? `${name}s` : kindOf(name);
    if (typeof inner === "object") keep(memory, name, inner);
    else if (of !== undefined) remember(memory, of, inner);
  }
}

function remember({ known }: Memory, kind: string, value: unknown): void {
  known.set(kind, [...new Set([value, ...(known.get(kind) ?? [])])].slice(0, MOST_KNOWN));
}

/** Follows what a request did to those who sign in: new tokens, another password, another standing. */
export function follow({ people }: Memory, role: Role, sent: unknown, { status, body }: Answer): void {
  if (status >= 300) return;
  const given: Record<string, unknown> = typeof sent === "object" && sent !== null ? { ...sent } : {};
  const everybody = Object.values(people);
  const named = everybody.find(
    ({ email, refresh_token, reset_token }) =>
      [given["email"], given["username"]].includes(email) ||
      (refresh_token !== undefined && given["refresh_token"] === refresh_token) ||
      (reset_token !== undefined && given["token"] === reset_token),
  );
  const caller = role === "nobody" ? undefined : people[role];
  const { access_token, refresh_token, is_admin } = body ?? {};
  if (named && access_token !== undefined) Object.assign(named, { access_token, refresh_token });
  const changed = given["token"] === undefined ? caller : named;
  if (changed && status === 204 && typeof given["new_password"] === "string") changed.password = given["new_password"];
  const shown = everybody.find(({ id }) => id === body?.id);
  if (shown && typeof is_admin === "boolean") shown.is_admin = is_admin;
}

/** What is one person's among the things that an address, a query or a body names, as in `addresses/7`. */
export function namedIn(path: string, values: Record<string, unknown>): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const kind = name === "id" ? kindInPath(path) : kindOf(name);
    return kind !== undefined && PERSONAL.has(kind) ? [`${kind}/${String(value)}`] : [];
  });
}

/** `/api/v1/products/{id}/similar` is about products. */
export const kindInPath = (path: string): string => /(\w+)\/\{id\}/.exec(path)?.[1] ?? "";

/** `/api/v1/users/me/addresses/{id}` is about addresses, and `/api/v1/orders/checkout` about orders. */
function lastKindOf(path: string): string {
  const words = path
    .split("/")
    .slice(3)
    .filter((word) => /^\w+s$/.test(word));
  return words.at(-1) ?? "";
}
