import * as fc from "fast-check";
import type { Schema } from "../operations";
import { collidingNames } from "../siege/attacks";

/** Stands for the so-manieth of the things of a kind that answers have shown: of the caller's own where there are some, or of all. */
export class Known {
  constructor(
    readonly kind: string,
    readonly index: number,
    readonly own: boolean,
  ) {}
}

/** Stands for what only its owner knows: the caller's e-mail, password or token. */
export class Own {
  constructor(readonly what: Secret) {}
}

export type Secret = "email" | "password" | "refresh_token" | "reset_token";

/** The fields that take them. */
const SECRETS: Record<string, Secret> = {
  email: "email",
  username: "email",
  password: "password",
  current_password: "password",
  refresh_token: "refresh_token",
  token: "reset_token",
};

/** Words that mean something to the shop, by the field that takes them. */
const WORDS: Record<string, string[]> = {
  payment_method: ["cod", "mock", "card"],
  provider: ["mock", "mock", "mock", "stripe"],
};

type Schemas = Record<string, Schema>;

const DEEPEST = 4;

/** Values that fit a schema, as far as the schema tells. `name` is what the field is called. */
export function fitting(schema: Schema, schemas: Schemas, name = "", depth = 0): fc.Arbitrary<unknown> {
  if (schema.$ref) return fitting(schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {}, schemas, name, depth + 1);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => fitting(choice, schemas, name, depth)));
  if (depth > DEEPEST) return fc.constant(null);
  if (Array.isArray(schema.type)) {
    return fc.oneof(...schema.type.map((type) => fitting({ ...schema, type }, schemas, name, depth)));
  }
  switch (schema.type) {
    case "string":
      return texts(schema, name);
    case "integer":
      return wholeNumbers(schema, name);
    case "number":
      return numbers(schema);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(fitting(schema.items ?? {}, schemas, name, depth + 1), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      });
    case "object":
      return objects(schema, schemas, depth);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

/** `product_id` and `/products/{id}` name the same kind of thing. */
export function kindOf(name: string): string | undefined {
  const thing = /^(\w+)_id$/.exec(name)?.[1];
  return thing && (thing.endsWith("s") ? `${thing}es` : `${thing}s`);
}

function texts(schema: Schema, name: string): fc.Arbitrary<unknown> {
  const secret = schema.format === "email" ? undefined : SECRETS[name];
  const words = WORDS[name];
  const known = secret ? fc.constant(new Own(secret)) : words && fc.constantFrom(...words);
  return known ? mostly<unknown, unknown>(known, anyText(schema, name)) : anyText(schema, name);
}

function anyText(schema: Schema, name: string): fc.Arbitrary<unknown> {
  const { format, pattern, minLength = 0, maxLength = 60 } = schema;
  const longest = Math.min(maxLength, minLength + 60);
  if (format === "email") return fc.nat(50).map((number) => `fuzz-${number}@example.com`);
  if (format === "date-time") return fc.date({ ...CENTURY, noInvalidDate: true }).map((date) => date.toISOString());
  if (format === "uri") return fc.webUrl();
  const kind = /(slug|code)$/.exec(name)?.[1];
  if (kind !== undefined) return fc.oneof(picked(`${kind}s`), fc.stringMatching(/^[a-z][a-z0-9-]{2,12}$/));
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= maxLength);
  const words = ["mug", "tea 100%", "\u202eabc", "a'b\"c", "é👩‍👩‍👧", "<b>", "\\", "Home"];
  const those = words.filter((text) => text.length >= minLength && text.length <= maxLength);
  const plain = fc.string({ minLength, maxLength: longest, unit: "grapheme" });
  return those.length > 0 ? fc.oneof(fc.constantFrom(...those), plain, plain) : plain;
}

const CENTURY = { min: new Date("2000-01-01"), max: new Date("2100-01-01") };

function wholeNumbers({ minimum = -1_000, maximum = 1_000_000 }: Schema, name: string): fc.Arbitrary<unknown> {
  const least = Math.max(minimum, -5);
  const any = mostly(
    fc.integer({ min: least, max: Math.min(maximum, least + 6) }),
    fc.integer({ min: minimum, max: maximum }),
  );
  const kind = kindOf(name);
  return kind === undefined ? any : mostly(picked(kind), any);
}

function numbers(schema: Schema): fc.Arbitrary<unknown> {
  const { exclusiveMinimum: above, minimum = above === undefined ? -1e6 : above + 0.5, maximum = 1e6 } = schema;
  const halves = fc.integer({ min: Math.ceil(minimum * 2), max: Math.floor(Math.min(maximum, minimum + 100) * 2) });
  return mostly(
    halves.map((number) => number / 2),
    fc.double({ min: minimum, max: maximum, noNaN: true }),
  );
}

function objects({ properties = {}, required = [], additionalProperties }: Schema, schemas: Schemas, depth: number) {
  const fields = Object.entries(properties).map(([name, inner]): Field => [
    name,
    fitting(inner, schemas, name, depth + 1),
  ]);
  if (fields.length === 0 && additionalProperties !== false) {
    return fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
  }
  return records(fields, required);
}

type Field = [name: string, values: fc.Arbitrary<unknown>];

/** Objects with half of the fields that may be left out. fast-check keeps more, and some exclude each other. */
export function records(
  fields: readonly Field[],
  required: readonly string[] = [],
): fc.Arbitrary<Record<string, unknown>> {
  const values = fields.map(([name, good]) => [name, required.includes(name) ? good : fc.option(good, HALF_OF_THEM)]);
  return fc
    .record(Object.fromEntries(values) as Record<string, fc.Arbitrary<unknown>>)
    .map((record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)));
}

const HALF_OF_THEM = { freq: 2, nil: undefined };

/** Half of the time of the latest, so that one thing goes through several hands. */
export const picked = (kind: string): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.oneof(fc.nat(1), fc.noBias(fc.nat(1_000))), mostly(fc.constant(true), fc.constant(false)))
    .map(([index, own]) => new Known(kind, index, own));

/** Four times of five the one, else the other. */
export const mostly = <One, Other>(one: fc.Arbitrary<One>, other: fc.Arbitrary<Other>): fc.Arbitrary<One | Other> =>
  fc.oneof({ weight: 4, arbitrary: one }, { weight: 1, arbitrary: other });

/** What fits nowhere, or nearly nowhere. */
export const junk: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  2 ** 53,
  "",
  "0x10",
  "a\0b",
  "\ud800",
  "x".repeat(30_000),
  "'; DROP TABLE users; --",
  [],
  {},
  [[1]],
  { $gt: 0 },
);

/** A body as it goes out, where no value would become these very characters. */
export class Text {
  constructor(readonly text: string) {}
}

const fields = (names: readonly string[]): string => `{${names.map((name) => `"${name}":0`).join()}}`;

/** Bodies that cost the reader more than the sender: names that are twice there or collide, far too many of anything. */
export const floods: fc.Arbitrary<Text> = fc
  .constantFrom(
    '{"email":"a","email":"b"}',
    '{"a":{"b":1,"b":2}}',
    fields(collidingNames(250)),
    fields(collidingNames(1_200)),
    fields(Array.from({ length: 2_000 }, (_, at) => `f${at}`)),
    JSON.stringify(Array.from({ length: 3_000 }, () => "x")),
    JSON.stringify(Array.from({ length: 8_000 }, () => 1)),
    "[".repeat(10_000),
    `{"a":"${"\\u0061".repeat(2_500)}"}`,
    "1".repeat(16_000),
    `"${"x".repeat(270_000)}"`,
  )
  .map((text) => new Text(text));

/** More fields in a query than are looked at, or nearly as many. */
export const manyFields: fc.Arbitrary<Record<string, string>> = fc
  .constantFrom(30, 32, 33, 500)
  .map((count) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`attr.f${at}`, "1"])));

/** Hosts that are none, and some that are. */
export const hosts: fc.Arbitrary<string> = fc.constantFrom(
  "a",
  "abc",
  "[",
  "x/y",
  "%",
  "a b",
  "a?b",
  "a, b",
  "-",
  "[::1]",
  "a:1",
);

/** The same with one thing wrong: a field too many, one too few, one that is junk; or junk altogether. */
export function spoilt(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== "object" || value === null || value instanceof Known || Array.isArray(value)) return junk;
  const names = Object.keys(value);
  const more = fc
    .tuple(fc.constantFrom("is_admin", "user_id", "role", "price_minor", "constructor", "x"), junk)
    .map(([name, bad]) => ({ ...value, [name]: bad }));
  if (names.length === 0) return fc.oneof(more, junk);
  const name = fc.constantFrom(...names);
  const fewer = name.map((gone) => Object.fromEntries(Object.entries(value).filter(([kept]) => kept !== gone)));
  const other = fc.tuple(name, junk).map(([changed, bad]) => ({ ...value, [changed]: bad }));
  return fc.oneof(more, fewer, { weight: 4, arbitrary: other }, junk);
}
