import type { Access } from "../declared";
import type { JsonSchema } from "./schemas";

/** What the document holds, as far as ours needs it. See https://spec.openapis.org/oas/v3.1.1 */

export interface Operation {
  operationId: string;
  summary?: string;
  tags?: string[];
  deprecated?: boolean;
  security: Record<string, string[]>[];
  "x-access": Access;
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, Answer>;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  schema: JsonSchema;
  description?: string;
  deprecated?: boolean;
}

export interface Answer {
  description: string;
  headers?: Record<string, Header>;
  content?: Content;
}

export interface Header {
  description: string;
  schema: JsonSchema;
}

export type Content = Record<string, { schema: JsonSchema; example?: unknown }>;
