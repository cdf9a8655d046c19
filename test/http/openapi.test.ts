import { type AnyElysia, Elysia } from "elysia";
import { takes } from "../../src/http/declared";
import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { type About, buildOpenApi } from "../../src/http/openapi/build";
import { Problem } from "../../src/http/problem";

const about: About = {
  title: "A shop",
  version: "1.2.3",
  summary: "Mugs",
  description: "More mugs",
  tags: { mugs: "Mugs.", plates: "Plates." },
};

const Colour = z.enum(["white", "blue"]).meta({ id: "Colour" });
const Maker = z.object({ name: z.string(), mail: z.email().nullable() }).meta({ id: "Maker" });
const Mug = z
  .object({
    id: z.int(),
    colour: Colour,
    maker: Maker,
    notes: z.record(z.string(), z.unknown()),
    made_at: z.iso.datetime(),
  })
  .meta({ id: "Mug" });
const NewMug = z.strictObject({ colour: Colour.default("white"), price: z.number().positive() }).meta({ id: "NewMug" });

const numberInQuery = (least: number, most: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(least).max(most));

const headersOf = (route: object) =>
  operationOf(new Elysia().get("/mugs", [] as never, route)).responses["200"]?.headers;

/** The only operation of an app with one route. */
function operationOf(app: AnyElysia) {
  const document = buildOpenApi(app, about);
  const operation = Object.values(document.paths)[0]?.["get"] ?? Object.values(document.paths)[0]?.["post"];
  if (!operation) throw new Error("No route is documented");
  return { ...operation, schemas: document.components.schemas };
}

const answersOf = (response: z.ZodType | Record<number, z.ZodType>, detail = {}) =>
  operationOf(new Elysia().get("/mugs", {} as never, { response, detail })).responses;

function accessTo(detail: object) {
  const { security, "x-access": access } = operationOf(new Elysia({ detail }).get("/mugs", ""));
  return { security, access };
}

describe("the OpenAPI document", () => {
  test("names the API, its version and the tags in use", () => {
    const document = buildOpenApi(new Elysia({ tags: ["mugs"] }).get("/mugs", ""), about);
    expect(document.openapi).toBe("3.1.1");
    expect(document.info).toMatchObject({
      title: "A shop",
      version: "1.2.3",
      summary: "Mugs",
      description: "More mugs",
    });
    expect(document.tags).toEqual([{ name: "mugs", description: "Mugs." }]);
  });

  test("leaves out hidden routes, sockets and routes of every method", () => {
    const app = new Elysia()
      .get("/hidden", "", { detail: { hide: true } })
      .ws("/live", { message() {} })
      .all("/any", "");
    expect(buildOpenApi(app, about).paths).toEqual({});
  });

  test("writes paths in braces, without a slash at the end", () => {
    const app = new Elysia({ prefix: "/mugs" }).get("/", "").get("/:id/maker/:name", "");
    expect(Object.keys(buildOpenApi(app, about).paths)).toEqual(["/mugs", "/mugs/{id}/maker/{name}"]);
  });

  test("names each operation after its method and path", () => {
    const app = new Elysia()
      .get("/", "")
      .get("/api/v1/mugs/:mug_id/bought-together", "")
      .post("/api/v1/mugs", "", { detail: { operationId: "makeMug" } });
    const operations = Object.values(buildOpenApi(app, about).paths).flatMap((path) => Object.values(path));
    const names = operations.map((operation) => operation.operationId);
    expect(names).toEqual(["getRoot", "getMugsByMugIdBoughtTogether", "makeMug"]);
  });

  test("refuses two operations of one name", () => {
    const app = new Elysia().get("/mugs/of-tin", "").get("/mugs/of/tin", "");
    expect(() => buildOpenApi(app, about)).toThrow("getMugsOfTin");
  });

  test("refuses two shapes of one name", () => {
    const other = z.object({ other: z.string() }).meta({ id: "Mug" });
    const app = new Elysia().get("/a", {} as never, { response: Mug }).get("/b", {} as never, { response: other });
    expect(() => buildOpenApi(app, about)).toThrow("Mug");
  });
});

describe("parameters", () => {
  test("a number in the query is an integer, with its limits and default", () => {
    const query = z.strictObject({
      page: numberInQuery(1, 1000).default(1).describe("Which page"),
      size: z.string().regex(/^\d+$/).transform(Number).meta({ type: "integer", maximum: 100, default: 20 }).optional(),
      ratio: z.coerce.number().optional(),
      in_stock: z.stringbool().optional(),
    });
    expect(operationOf(new Elysia().get("/mugs", "", { query })).parameters).toEqual([
      {
        name: "page",
        in: "query",
        required: false,
        description: "Which page",
        schema: { type: "integer", minimum: 1, maximum: 1000, default: 1 },
      },
      { name: "size", in: "query", required: false, schema: { type: "integer", maximum: 100, default: 20 } },
      { name: "ratio", in: "query", required: false, schema: { type: "number" } },
      { name: "in_stock", in: "query", required: false, schema: { type: "boolean" } },
    ]);
  });

  test("what stays text keeps its limits, and what is required says so", () => {
    const query = z.object({ q: z.string().min(1).max(200), colour: Colour.optional() }).meta({ id: "MugSearch" });
    const { parameters, schemas } = operationOf(new Elysia().get("/mugs", "", { query }));
    expect(parameters).toEqual([
      { name: "q", in: "query", required: true, schema: { type: "string", minLength: 1, maxLength: 200 } },
      { name: "colour", in: "query", required: false, schema: { $ref: "#/components/schemas/Colour" } },
    ]);
    expect(Object.keys(schemas).toSorted()).toEqual(["Colour", "Problem"]);
  });

  test("the path is documented, checked or not, and headers too", () => {
    const app = new Elysia().get("/mugs/:id/makers/:maker", "", {
      params: z.looseObject({ id: numberInQuery(1, 9).default(1) }),
      headers: z.object({ "if-none-match": z.string().optional().meta({ description: "An ETag", deprecated: true }) }),
      detail: { parameters: [{ name: "X-Gift", in: "header", required: false, schema: { type: "string" } }] },
    });
    const { parameters = [] } = operationOf(app);
    expect(parameters.map(({ in: place, name, required }) => [place, name, required])).toEqual([
      ["path", "maker", true],
      ["path", "id", true],
      ["header", "if-none-match", false],
      ["header", "X-Gift", false],
    ]);
    expect(parameters[1]?.schema).toEqual({ type: "integer", minimum: 1, maximum: 9, default: 1 });
    expect(parameters[2]).toMatchObject({ description: "An ETag", deprecated: true, schema: { type: "string" } });
  });
});

describe("bodies", () => {
  test("a body is required unless it may be absent", () => {
    const required = operationOf(new Elysia().post("/mugs", "", { body: NewMug }));
    expect(required.requestBody).toEqual({
      required: true,
      content: { "application/json": { schema: { $ref: "#/components/schemas/NewMug" } } },
    });
    expect(required.schemas["NewMug"]).toEqual({
      type: "object",
      properties: {
        colour: { $ref: "#/components/schemas/Colour", default: "white" },
        price: { type: "number", exclusiveMinimum: 0 },
      },
      required: ["price"],
      additionalProperties: false,
    });
    expect(operationOf(new Elysia().post("/mugs", "", { body: NewMug.optional() })).requestBody?.required).toBe(false);
  });

  test("a body is JSON, or a form where OAuth 2 wants one", () => {
    const mugs = operationOf(new Elysia().post("/api/v1/mugs", "", { body: NewMug }));
    expect(Object.keys(mugs.requestBody?.content ?? {})).toEqual(["application/json"]);
    const token = operationOf(
      new Elysia().post("/api/v1/auth/token", "", { body: NewMug, detail: takes({ body: "form" }) }),
    );
    const form = "application/x-www-form-urlencoded";
    expect(Object.keys(token.requestBody?.content ?? {})).toEqual([form, "application/json"]);
  });
});

describe("answers", () => {
  test("an answer has the shape of its status, and a refusal is a problem", () => {
    expect(answersOf({ 200: z.array(Mug), 404: Problem })).toEqual({
      "200": {
        description: "OK",
        content: { "application/json": { schema: { type: "array", items: { $ref: "#/components/schemas/Mug" } } } },
      },
      "404": {
        description: "Not Found",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    });
  });

  test("what names no refusal of its own may still be refused", () => {
    const refused = {
      description: "Refused",
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
    };
    expect(answersOf({ 200: Mug, 503: Problem })["4XX"]).toEqual(refused);
    expect(answersOf({})).toEqual({ "200": { description: "OK" }, "4XX": refused });
  });

  test("204 and 304 have no body, whatever their schema", () => {
    const answers = answersOf({ 202: z.void(), 204: z.void(), 304: z.string() });
    for (const status of ["202", "204", "304"]) expect(answers[status]).not.toHaveProperty("content");
    expect(answers["304"]?.description).toBe("Not Modified");
    expect(answers).not.toHaveProperty("200");
  });

  test("one schema alone is the answer 200, and bare text is text", () => {
    expect(Object.keys(answersOf(Mug)["200"]?.content ?? {})).toEqual(["application/json"]);
    expect(Object.keys(answersOf(z.string())["200"]?.content ?? {})).toEqual(["text/plain"]);
  });

  test("a route may add words and headers to an answer", () => {
    const headers = { ETag: { schema: { type: "string" } } };
    const answers = answersOf({ 200: Mug }, { responses: { 200: { description: "The mug", headers } } });
    expect(answers["200"]).toMatchObject({ description: "The mug", headers });
    expect(answers["200"]?.content).toHaveProperty("application/json");
  });

  test("what a guard answers is documented on every route behind it", () => {
    const merged = new Elysia().guard({ as: "scoped", response: { 401: Problem } });
    const apart = new Elysia().guard({ as: "scoped", schema: "standalone", response: { 403: Problem } });
    const app = new Elysia()
      .use(merged)
      .use(apart)
      .get("/mugs", {} as never, { response: { 200: Mug } });
    expect(Object.keys(operationOf(app).responses)).toEqual(["200", "401", "403"]);
  });
});

describe("headers that follow from the answers", () => {
  const conditions = { in: "header", required: false, schema: { type: "string" } };

  test("whoever answers 304 sends an ETag and reads If-None-Match", () => {
    const app = new Elysia().get("/mug", {} as never, { response: { 200: Mug, 304: z.undefined() } });
    const { parameters, responses } = operationOf(app);
    expect(parameters).toMatchObject([{ name: "If-None-Match", ...conditions }]);
    expect(Object.keys(responses["200"]?.headers ?? {})).toEqual(["ETag"]);
  });

  test("whoever answers 412 reads If-Match", () => {
    const app = new Elysia().post("/mug", {} as never, { response: { 200: Mug, 412: Problem } });
    const { parameters, responses } = operationOf(app);
    expect(parameters).toMatchObject([{ name: "If-Match", ...conditions }]);
    expect(responses["200"]).not.toHaveProperty("headers");
  });

  test("a page of a bare array says how many there are in all, and where the others are", () => {
    const query = z.object({ page: numberInQuery(1, 9) });
    expect(Object.keys(headersOf({ query, response: z.array(Mug) }) ?? {})).toEqual(["X-Total-Count", "Link"]);
    expect(headersOf({ response: z.array(Mug) })).toBeUndefined();
    expect(headersOf({ query, response: z.object({ items: z.array(Mug) }) })).toBeUndefined();
  });

  test("whoever says not now says when", () => {
    expect(Object.keys(answersOf({ 200: Mug, 503: Problem })["503"]?.headers ?? {})).toEqual(["Retry-After"]);
  });
});

describe("shapes", () => {
  test("named shapes are components, and say only what matters", () => {
    const { schemas } = operationOf(new Elysia().get("/mugs", {} as never, { response: Mug }));
    expect(Object.keys(schemas).toSorted()).toEqual(["Colour", "Maker", "Mug", "Problem"]);
    expect(schemas["Mug"]).toEqual({
      type: "object",
      properties: {
        id: { type: "integer" },
        colour: { $ref: "#/components/schemas/Colour" },
        maker: { $ref: "#/components/schemas/Maker" },
        notes: { type: "object", additionalProperties: {} },
        made_at: { type: "string", format: "date-time" },
      },
      required: ["id", "colour", "maker", "notes", "made_at"],
    });
    expect(schemas["Maker"]?.properties?.["mail"]).toEqual({
      anyOf: [{ type: "string", format: "email" }, { type: "null" }],
    });
  });

  test("a shape that differs on the way in is kept twice, and so is what holds it", () => {
    const Gift = z.object({ mug: Mug, wrapping: z.string().default("paper") }).meta({ id: "Gift" });
    const Parcel = z.object({ gift: Gift }).meta({ id: "Parcel" });
    const app = new Elysia().post("/parcels", {} as never, { body: Parcel, response: Parcel });
    const { requestBody, responses, schemas } = operationOf(app);
    const names = ["Colour", "Gift", "GiftInput", "Maker", "Mug", "Parcel", "ParcelInput", "Problem"];
    expect(Object.keys(schemas).toSorted()).toEqual(names);
    expect(requestBody?.content["application/json"]?.schema.$ref).toBe("#/components/schemas/ParcelInput");
    expect(responses["200"]?.content?.["application/json"]?.schema.$ref).toBe("#/components/schemas/Parcel");
    expect(schemas["ParcelInput"]?.properties?.["gift"]).toEqual({ $ref: "#/components/schemas/GiftInput" });
    expect(schemas["GiftInput"]?.required).toEqual(["mug"]);
    expect(schemas["Gift"]?.required).toEqual(["mug", "wrapping"]);
  });

  test("a shape may hold itself, and one of several", () => {
    const Shelf = z
      .object({
        name: z.string(),
        get shelves(): z.ZodArray<typeof Shelf> {
          return z.array(Shelf);
        },
      })
      .meta({ id: "Shelf" });
    const { schemas, responses } = operationOf(
      new Elysia().get("/shelf", {} as never, { response: z.union([Shelf, Mug.nullable()]) }),
    );
    expect(schemas["Shelf"]?.properties?.["shelves"]).toEqual({
      type: "array",
      items: { $ref: "#/components/schemas/Shelf" },
    });
    expect(responses["200"]?.content?.["application/json"]?.schema).toEqual({
      anyOf: [
        { $ref: "#/components/schemas/Shelf" },
        { anyOf: [{ $ref: "#/components/schemas/Mug" }, { type: "null" }] },
      ],
    });
  });
});

describe("access", () => {
  test("a route says who may call it", () => {
    const signedIn = [{ oauth2: [] }, { bearer: [] }];
    expect(accessTo({})).toEqual({ access: "public", security: [] });
    expect(accessTo({ "x-access": "public" })).toEqual({ access: "public", security: [] });
    expect(accessTo({ "x-access": "user" })).toEqual({ access: "user", security: signedIn });
    expect(accessTo({ "x-access": "admin" })).toEqual({ access: "admin", security: signedIn });
  });

  test("a scheme of its own is kept", () => {
    const security = [{ bearer: [] }];
    expect(accessTo({ security })).toEqual({ access: "user", security });
  });

  test("signing in happens at the token route", () => {
    const { securitySchemes } = buildOpenApi(new Elysia(), about).components;
    expect(securitySchemes.oauth2.flows.password.tokenUrl).toBe("/api/v1/auth/token");
    expect(securitySchemes.bearer).toMatchObject({ type: "http", scheme: "bearer" });
  });
});
