import { call } from "./client";
import type { TestShop } from "./shop";

/** What of JSON Schema our documents use. */
export interface Schema {
  type?: string | string[];
  $ref?: string;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  format?: string;
  default?: unknown;
}

/** One call that the OpenAPI document describes. */
export interface Operation {
  /** As in `POST /api/v1/cart/add`. */
  name: string;
  method: string;
  path: string;
  access: "public" | "user" | "admin";
  parameters: { name: string; in: "path" | "query" | "header"; required: boolean; schema: Schema }[];
  /** By content type. */
  bodies: Record<string, Schema>;
  bodyRequired: boolean;
  /** By status, then by content type. An answer without a body has no types. */
  answers: Record<string, Record<string, Schema>>;
}

export interface Document {
  operations: Operation[];
  /** The named schemas, at `#/components/schemas/`. */
  schemas: Record<string, Schema>;
}

interface Described {
  "x-access": Operation["access"];
  parameters?: Operation["parameters"];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

/** Everything that the shop's own document says can be called, so that a new route is in every test that asks here. */
export async function readDocument(shop: Pick<TestShop, "app">): Promise<Document> {
  const { body } = await call(shop, "GET", "/api/v1/openapi.json");
  const paths: Record<string, Record<string, Described>> = body.paths;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => toOperation(method.toUpperCase(), path, described)),
  );
  return { operations, schemas: body.components.schemas };
}

function toOperation(method: string, path: string, described: Described): Operation {
  const { requestBody, responses } = described;
  return {
    name: `${method} ${path}`,
    method,
    path,
    access: described["x-access"],
    parameters: described.parameters ?? [],
    bodies: schemasOf(requestBody?.content),
    bodyRequired: requestBody?.required ?? false,
    answers: Object.fromEntries(Object.entries(responses).map(([status, { content }]) => [status, schemasOf(content)])),
  };
}

function schemasOf(content: Record<string, { schema: Schema }> = {}): Record<string, Schema> {
  return Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, schema]));
}

/** `/orders/{id}` with something in place of the braces. */
export function fillPath(path: string, fill: (name: string) => string): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => fill(name));
}
