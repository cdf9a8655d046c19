import { describe, expect, test } from "bun:test";
import { createApp } from "../../src/app";
import { about } from "../../src/http/openapi/about";
import { buildOpenApi } from "../../src/http/openapi/build";
import type { JsonSchema } from "../../src/http/openapi/schemas";
import { call, newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";

const [sqlite] = engines;

const documentOf = async () => buildOpenApi(createApp(await freshShop(sqlite!)), about);

type Document = Awaited<ReturnType<typeof documentOf>>;

const operationsOf = (document: Document) =>
  Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      method,
      operation,
    })),
  );

/** The fields of a schema, and of what is in it. */
function fieldsIn(schema: JsonSchema | boolean | undefined, path: string): [path: string, field: JsonSchema][] {
  if (typeof schema !== "object") return [];
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, field]): [string, JsonSchema][] =>
    typeof field === "object" ? [[`${path}.${name}`, field], ...fieldsIn(field, `${path}.${name}`)] : [],
  );
  const parts = [schema.items, schema.additionalProperties, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flat();
  return [...own, ...parts.flatMap((part) => fieldsIn(part as JsonSchema, path))];
}

const send = (
  shop: Parameters<typeof call>[0],
  token: string | undefined,
  method: string,
  address: string,
  body: unknown,
) => {
  const text = JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(text)),
  };
  return call(shop, method, `/api/v1${address}`, { headers, body: text });
};

/** Raw bytes and what a provider sends are of another's making. */
const NOT_OURS = ["PictureBytes", "SignedEvent", "TableBytes"];

/** What no example can be right about, since the server makes it: codes, tokens, passwords of others. */
const UNKNOWABLE = /auth\/(refresh|token|login|password|email|second-factor|pages)|DELETE \/api\/v1\/users\/me/;

describe("the document of the API", () => {
  test("says what each parameter and each field means", async () => {
    const document = await documentOf();
    const parameters = operationsOf(document).flatMap(({ name, operation }) =>
      (operation.parameters ?? []).filter(({ description }) => !description).map((one) => `${name} ${one.name}`),
    );
    expect(parameters).toEqual([]);
    const fields = Object.entries(document.components.schemas).flatMap(([name, schema]) => fieldsIn(schema, name));
    expect(fields.length).toBeGreaterThan(800);
    expect(fields.filter(([, { description }]) => !description).map(([path]) => path)).toEqual([]);
  });

  test("has an example for each body, which the shop takes", async () => {
    const shop = await freshShop(sqlite!);
    const admin = await newClient(shop, { admin: true });
    for (const slug of ["one", "two"])
      await stockShelf(shop, { slug, name: slug, category: "Tea and Coffee", stock: 500 });
    await newBuyer(shop);
    const document = buildOpenApi(shop.app, about);
    for (const { name, path, method, operation } of operationsOf(document)) {
      for (const [type, { schema, example }] of Object.entries(operation.requestBody?.content ?? {})) {
        if (NOT_OURS.some((one) => schema?.$ref?.endsWith(one)) || type !== "application/json") continue;
        expect([name, example]).toEqual([name, expect.anything()]);
        if (UNKNOWABLE.test(name)) continue;
        const address = path.replace("/api/v1", "").replaceAll(/\{\w+\}/g, "1");
        const { status, body } = await send(shop, admin.token, method.toUpperCase(), address, example);
        // What it names need not be there, or may be in a state that has no such step.
        expect([name, body, [200, 201, 202, 204, 404, 409, 403].includes(status)]).toEqual([name, body, true]);
      }
    }
  }, 30_000);

  test("marks what older clients call, and puts the password before the token", async () => {
    const document = await documentOf();
    const deprecated = operationsOf(document).filter(({ operation }) => operation.deprecated);
    expect(deprecated.map(({ name }) => name.replace("/api/v1", "")).toSorted()).toEqual([
      "GET /orders/addresses",
      "GET /recommend/me",
      "GET /search/typeahead",
      "POST /cart/add",
      "POST /cart/remove",
      "POST /orders/addresses",
      "PUT /products/{id}",
    ]);
    expect(Object.keys(document.components.securitySchemes)).toEqual(["oauth2", "bearer"]);
  });

  test("says where the shop is as soon as that is said, and else where it came from", async () => {
    const app = createApp(await freshShop(sqlite!));
    const server = (url?: string) => buildOpenApi(app, about, url).servers[0]?.url;
    expect(server()).toBe("/");
    expect(server("http://127.0.0.1:5000")).toBe("/");
    expect(server("http://localhost:8080/backend")).toBe("/backend");
    expect(server("https://shop.example/backend")).toBe("https://shop.example/backend");
  });

  test("lets a wrong password in Swagger UI's form say so", async () => {
    const shop = await freshShop(sqlite!);
    const body = new URLSearchParams({ grant_type: "password", username: "asha@example.com", password: "wrong one" });
    const answer = await shop.app.handle(new Request("http://localhost/api/v1/auth/token", { method: "POST", body }));
    expect(await answer.json()).toMatchObject({
      error: "invalid_grant",
      error_description: expect.stringMatching(/\w+\.$/),
    });
  });
});
