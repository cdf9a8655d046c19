import * as fc from "fast-check";
import type { Document, Operation } from "../operations";
import { fitting, junk, picked, spoilt } from "./values";

export const roles = ["nobody", "asha", "ravi", "admin"] as const;
export type Role = (typeof roles)[number];

/** One request, before it is known what exists. */
export interface Case {
  operation: Operation;
  role: Role;
  path: Record<string, unknown>;
  query: Record<string, unknown>;
  headers: Record<string, unknown>;
  body: unknown;
}

/** Requests to every operation of the document alike, most of them as documented, some with something wrong. */
export function casesOf({ operations, schemas }: Document): fc.Arbitrary<Case> {
  return fc.oneof(...operations.map((operation) => casesFor(operation, schemas)));
}

function casesFor(operation: Operation, schemas: Document["schemas"]): fc.Arbitrary<Case> {
  const place = (where: "path" | "query") =>
    fc.record(
      Object.fromEntries(
        operation.parameters
          .filter((parameter) => parameter.in === where)
          .map(({ name, schema }) => {
            const kind = where === "path" && name === "id" ? kindInPath(operation.path) : undefined;
            const good = kind === undefined ? fitting(schema, schemas, name) : picked(kind);
            return [name, fc.oneof({ weight: 8, arbitrary: good }, { weight: 1, arbitrary: junk.filter(isSendable) })];
          }),
      ),
      {
        requiredKeys: operation.parameters
          .filter((parameter) => parameter.in === where && parameter.required)
          .map(({ name }) => name),
      },
    );
  const [schema] = Object.values(operation.bodies);
  const good = schema ? fitting(schema, schemas) : fc.constant(undefined);
  const bad = schema ? good.chain(spoilt) : fc.constant(undefined);
  return fc.record({
    operation: fc.constant(operation),
    role: fc.constantFrom(...roles),
    path: place("path"),
    query: place("query"),
    headers: keys(operation),
    body: fc.oneof({ weight: 2, arbitrary: good }, { weight: 1, arbitrary: bad }),
  });
}

const keys = ({ parameters }: Operation): fc.Arbitrary<Record<string, unknown>> =>
  parameters.some(({ name }) => name === "Idempotency-Key")
    ? fc.record({ "Idempotency-Key": fc.stringMatching(/^[a-z]{1,3}$/) }, { requiredKeys: [] })
    : fc.constant({});

/** `/api/v1/products/{id}/similar` is about products. */
const kindInPath = (path: string): string => /(\w+)\/\{id\}/.exec(path)?.[1] ?? "";

/** What can stand in an address at all; an empty part of a path would be another address. */
const isSendable = (value: unknown): boolean => value !== "" && (typeof value !== "string" || value.length < 5_000);
