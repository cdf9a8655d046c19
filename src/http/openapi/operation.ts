import { STATUS_CODES } from "node:http";
import type { z } from "zod";
import type { DeclaredDetail } from "../declared";
import type { Call } from "./calls";
import { conditionsOf, headersOf } from "./headers";
import type { Answer, Content, Operation, Parameter } from "./document";
import type { JsonSchema, Shapes } from "./schemas";
import { exampleOf, type Wording, withWords } from "./wording";
import { Problem, titles } from "../problem";

/** One operation of the document. What the route says in its `detail` wins over what its schemas say. */
export function describeCall(call: Call, shapes: Shapes, wording: Wording): Operation {
  const { hide: _hide, parameters: more = [], responses: _responses, ...said } = call.detail;
  const detail = withoutOurOwn(said);
  const access = detail["x-access"] ?? (detail.security?.length ? "user" : "public");
  const named = [...parametersOf(call, shapes), ...conditionsOf(call), ...(more as Parameter[])];
  const parameters = named.map((parameter) => withWords(parameter, wording));
  const paged = parameters.some((parameter) => parameter.in === "query" && parameter.name === "page");
  return {
    operationId: operationId(call),
    security: access === "public" ? [] : [{ oauth2: [] }, { bearer: [] }],
    "x-access": access,
    ...(parameters.length > 0 && { parameters }),
    ...(call.body && { requestBody: requestBody(call.body, call.bodyTypes, shapes, wording) }),
    // Elysia's types of the details are those of OpenAPI 3.0; what routes write there is the same in 3.1.
    ...(detail as Partial<Operation>),
    responses: answersOf(call, shapes, paged),
  };
}

/** What a route tells the server alone. */
function withoutOurOwn<Detail extends object>(detail: Detail): Detail {
  const {
    "x-body": _body,
    "x-most-bytes": _bytes,
    "x-most-strings": _strings,
    "x-most-rows": _rows,
    "x-most-ms": _ms,
    "x-weight": _weight,
    "x-asks-database": _asksDatabase,
    ...rest
  } = detail as Detail & DeclaredDetail;
  return rest as Detail;
}

/** `GET /api/v1/products/{id}/similar` is `getProductsByIdSimilar`. */
function operationId({ method, path }: Call): string {
  const readable = path.replace(/^\/api\/v\d+(?=\/)/, "").replaceAll("{", "by-");
  const words = readable.match(/[A-Za-z0-9]+/g) ?? ["root"];
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

function requestBody(schema: z.ZodType, types: string[], shapes: Shapes, wording: Wording) {
  const shape = shapes.input(schema);
  const example = exampleOf(shape, shapes.resolve, wording);
  const media = { schema: shape, ...(example !== undefined && { example }) };
  const content = Object.fromEntries(types.map((type) => [type, media]));
  return { required: !schema.safeParse(undefined).success, content };
}

function parametersOf({ path, parameters }: Call, shapes: Shapes): Parameter[] {
  const given = (["path", "query", "header"] as const).flatMap((place) =>
    parameters[place].flatMap((schema) => parametersIn(place, schema, shapes)),
  );
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const unchecked = inPath.filter((name) => !given.some((other) => other.in === "path" && other.name === name));
  return [
    ...unchecked.map((name): Parameter => ({ name, in: "path", required: true, schema: { type: "string" } })),
    ...given,
  ];
}

function parametersIn(place: Parameter["in"], object: z.ZodType, shapes: Shapes): Parameter[] {
  const given = shapes.resolve(shapes.input(object));
  const read = shapes.resolve(shapes.output(object));
  return Object.entries(given.properties ?? {}).map(([name, asGiven]) => {
    const asRead = read.properties?.[name];
    // Every parameter is text; one that is read as a number, or as a yes or no, is documented as that.
    const { description, deprecated, ...schema } = (isScalar(asRead) ? asRead : asGiven) as JsonSchema;
    return {
      name,
      in: place,
      required: place === "path" || (given.required ?? []).includes(name),
      ...(description !== undefined && { description }),
      ...(deprecated !== undefined && { deprecated }),
      schema,
    };
  });
}

const isScalar = (schema: JsonSchema | boolean | undefined) =>
  typeof schema === "object" && ["integer", "number", "boolean"].includes(String(schema.type));

function answersOf(call: Call, shapes: Shapes, paged: boolean): Operation["responses"] {
  const answers: Operation["responses"] = {};
  for (const [status, schema] of call.answers) {
    const content = contentOf(Number(status), schema, shapes);
    const headers = headersOf(call, status, paged);
    const description = titles[Number(status)] ?? STATUS_CODES[status] ?? status;
    answers[status] = { description, ...(headers && { headers }), ...(content && { content }) };
  }
  for (const [status, said] of Object.entries(call.detail.responses ?? {})) {
    const answer = said as Answer;
    const headers = { ...answers[status]?.headers, ...answer.headers };
    const content = { ...answers[status]?.content, ...answer.content };
    answers[status] = {
      ...answers[status],
      ...answer,
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(Object.keys(content).length > 0 && { content }),
    };
  }
  const statuses = Object.keys(answers);
  if (!statuses.some((status) => Number(status) < 400)) answers["200"] = { description: "OK" };
  if (!statuses.some((status) => status.startsWith("4"))) {
    answers["4XX"] = { description: "Refused", content: refusal(shapes.output(Problem)) };
  }
  return answers;
}

function contentOf(status: number, schema: z.ZodType, shapes: Shapes): Content | undefined {
  if (status === 204 || status === 304 || schema.def.type === "void" || schema.def.type === "undefined")
    return undefined;
  if (status >= 400) return refusal(shapes.output(schema));
  // Elysia answers a bare string as text.
  const type = schema.def.type === "string" ? "text/plain" : "application/json";
  return { [type]: { schema: shapes.output(schema) } };
}

const refusal = (schema: JsonSchema): Content => ({ "application/problem+json": { schema } });
