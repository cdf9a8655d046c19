import { expect, test } from "bun:test";
import { engines } from "../support/engines";
import { readDocument, type Schema } from "../support/operations";
import { freshShop } from "../support/shop";

const LIMITS = ["minimum", "exclusiveMinimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"] as const;

/** As far as numbers go in a column, or in JavaScript: no limit of ours. */
const AS_FAR_AS_IT_GOES = new Set([2_147_483_647, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]);

/** Every bound in a schema, with the way to it. */
function limitsOf(schema: Schema, way: string): string[] {
  const own = LIMITS.flatMap((limit) => {
    const bound = schema[limit];
    return bound === undefined || AS_FAR_AS_IT_GOES.has(bound) ? [] : [`${way} ${limit} ${bound}`];
  });
  const inner = [
    ...Object.entries(schema.properties ?? {}).map(([name, one]) => [`${way}.${name}`, one] as const),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].map((one) => [way, one] as const),
    ...(schema.items ? [[`${way}[]`, schema.items] as const] : []),
    ...(typeof schema.additionalProperties === "object" ? [[`${way}.*`, schema.additionalProperties] as const] : []),
  ];
  return [...own, ...inner.flatMap(([name, one]) => limitsOf(one, name))];
}

/**
 * What old clients rely on, written down once more: which statuses a call has, and how long, how many and how large what they
 * send may be. Where it changes on purpose: bun test -u test/http/contract.test.ts
 */
test("the statuses of all calls and the limits of all fields are those that clients know", async () => {
  const { operations, schemas } = await readDocument(await freshShop(engines[0]!));
  const statuses = operations.map(({ name, answers }) => `${name}: ${Object.keys(answers).join(" ")}`);
  const ofQueries = operations.flatMap(({ name, parameters }) =>
    parameters.flatMap((one) => limitsOf(one.schema, `${name} ?${one.name}`)),
  );
  const ofSchemas = Object.entries(schemas).flatMap(([name, schema]) => limitsOf(schema, name));
  const ofBodies = operations.flatMap(({ name, bodies }) =>
    Object.values(bodies).flatMap((schema) => limitsOf(schema, `${name} body`)),
  );
  const lines = [statuses, ofQueries, ofBodies, ofSchemas].map((some) => [...new Set(some)].toSorted().join("\n"));
  expect(lines.join("\n\n")).toMatchSnapshot();
});
