import * as fc from "fast-check";
import type { Document, Operation } from "../operations";
import { isSigned } from "../rules";
import { kindInPath, type Role } from "./memory";
import { fitting, floods, hosts, junk, manyFields, mostly, picked, records, spoilt } from "./values";

/** One request, before it is known what exists. */
export interface Case {
  operation: Operation;
  role: Role;
  path: Record<string, unknown>;
  query: Record<string, unknown>;
  headers: Record<string, unknown>;
  body: unknown;
}

/** Stands for a header that signs the body as the gateway would. */
export const SIGNATURE = Symbol("the signature of the body");

/** Fewer is found by shrinking; more would only be slower to shrink. */
const LONGEST = 60;

/** A little less than what fast-check makes of that on average. */
export const USUAL_LENGTH = 25;

/**
 * Requests one after the other, to every operation of the document, most of them as documented, some with something wrong.
 * What one answers the next may ask for.
 */
export function sequencesOf({ operations, schemas }: Document): fc.Arbitrary<Case[]> {
  const any = fc.oneof(
    ...operations.map((operation) => ({ weight: weightOf(operation), arbitrary: casesFor(operation, schemas) })),
  );
  return fc.array(any, { minLength: 1, maxLength: LONGEST, size: "max" });
}

/** Orders have the most states, and what is wrong with them shows only after several steps. Coupons rarely come out good. */
const weightOf = ({ path }: Operation): number => (/\/(orders|coupons)/.test(path) ? 3 : 1);

function casesFor(operation: Operation, schemas: Document["schemas"]): fc.Arbitrary<Case> {
  const place = (where: "path" | "query") => {
    const parameters = operation.parameters.filter((parameter) => parameter.in === where);
    const required = parameters.filter((parameter) => parameter.required);
    return records(
      parameters.map(({ name, schema }) => {
        const kind = where === "path" && name === "id" ? kindInPath(operation.path) : undefined;
        const good = kind === undefined ? fitting(schema, schemas, name) : picked(kind);
        return [name, fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: junk.filter(isSendable) })];
      }),
      required.map(({ name }) => name),
    );
  };
  const good = goodBodies(operation, schemas);
  return fc.record({
    operation: fc.constant(operation),
    role: callers[operation.access],
    path: place("path"),
    query: rarely(place("query"), manyFields),
    headers: rarely(headersOf(operation), fc.record({ Host: hosts })),
    body: good ? rarely(mostly(good, good.chain(spoilt)), floods) : fc.constant(undefined),
  });
}

function goodBodies(operation: Operation, schemas: Document["schemas"]): fc.Arbitrary<unknown> | undefined {
  if (isSigned(operation.name)) return events;
  const [schema] = Object.values(operation.bodies);
  return schema && fitting(schema, schemas);
}

/** What the mock gateway tells; what is paid is written with the rest when the request is sent. */
const events = fc.record({
  id: fc.string({ minLength: 1, maxLength: 20 }),
  type: fc.constantFrom("payment.paid", "payment.declined", "payment.expired"),
  payment: picked("payments"),
});

/** Nineteen times of twenty the one, else the other. */
const rarely = <One, Other>(one: fc.Arbitrary<One>, other: fc.Arbitrary<Other>): fc.Arbitrary<One | Other> =>
  fc.oneof({ weight: 19, arbitrary: one }, { weight: 1, arbitrary: other });

const weighted = (weights: Record<Role, number>): fc.Arbitrary<Role> =>
  fc.oneof(...Object.entries(weights).map(([role, weight]) => ({ weight, arbitrary: fc.constant(role as Role) })));

/** Everybody calls everything, mostly what is for them. */
const callers: Record<Operation["access"], fc.Arbitrary<Role>> = {
  public: weighted({ nobody: 2, asha: 1, ravi: 1, admin: 1 }),
  user: weighted({ nobody: 1, asha: 4, ravi: 4, admin: 2 }),
  admin: weighted({ nobody: 1, asha: 1, ravi: 1, admin: 6 }),
};

function headersOf(operation: Operation): fc.Arbitrary<Record<string, unknown>> {
  if (isSigned(operation.name)) {
    return fc.record({ "Sanset-Signature": mostly(fc.constant(SIGNATURE), fc.constant("t=1,v1=00")) });
  }
  const named = operation.parameters.filter((parameter) => parameter.in === "header");
  return records(
    named.map(({ name }) => [
      name,
      name === "Idempotency-Key" ? fc.stringMatching(/^[a-z]{1,3}$/) : mostly(picked("etags"), fc.constant('"other"')),
    ]),
  );
}

/** What can stand in an address at all; an empty part of a path would be another address. */
const isSendable = (value: unknown): boolean => value !== "" && (typeof value !== "string" || value.length < 5_000);
