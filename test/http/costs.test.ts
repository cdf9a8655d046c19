import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type RouteCost, routeCosts } from "../../src/http/openapi/costs";
import { call, type Client, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { fillPath, type Operation, readDocument } from "../support/operations";
import { isSigned } from "../support/rules";
import { freshShop, type TestShop } from "../support/shop";

const bodyOfBytes = (bytes: number) => `"${"x".repeat(bytes - 2)}"`;
const bodyOfStrings = (strings: number) => JSON.stringify(Array.from({ length: strings }, () => "x"));

describe.each(engines)("what one call can cost on $name", (engine) => {
  let shop: TestShop;
  let admin: Client;
  let operations: Operation[];
  let costs: RouteCost[];
  beforeAll(async () => {
    shop = await freshShop(engine);
    admin = await newClient(shop, { admin: true });
    operations = (await readDocument(shop)).operations;
    costs = routeCosts(shop.app);
  });
  afterAll(() => shop.close());

  const taking = () =>
    operations
      .filter(({ name, bodies, bodyRequired }) => bodyRequired && "application/json" in bodies && !isSigned(name))
      .map((operation) => {
        const pattern = operation.path.replaceAll(/\{(\w+)\}/g, ":$1");
        const cost = costs.find(({ method, path }) => method === operation.method && path === pattern);
        if (!cost) throw new Error(`${operation.name} has no cost.`);
        return { operation, cost };
      });

  const send = ({ method, path }: Operation, body: string) =>
    call(
      shop,
      method,
      fillPath(path, (name) => (name === "page" ? "admin" : "1")),
      {
        headers: { authorization: `Bearer ${admin.token}`, "content-type": "application/json" },
        body,
      },
    );

  test("is printed for every route there is", async () => {
    const { answer, text } = await runCommand(shop, ["routes", "--cost"]);
    expect(answer.length).toBeGreaterThan(80);
    expect(text).toContain("MS");
    for (const { method, path, calls, bytes, strings, ms } of answer as RouteCost[]) {
      expect([method, path, calls >= 0, bytes >= 0, strings >= 64, ms > 0]).toEqual([
        method,
        path,
        true,
        true,
        true,
        true,
      ]);
    }
    expect(answer).toContainEqual({
      method: "POST",
      path: "/api/v1/auth/login",
      calls: 10,
      bytes: 16_384,
      strings: 364,
      rows: 1,
      ms: 50,
    });
    expect(answer).toContainEqual(
      expect.objectContaining({ method: "GET", path: "/api/v1/products", bytes: 0, strings: 64, rows: 100 }),
    );
    expect(answer).toContainEqual(
      expect.objectContaining({ path: "/api/v1/users/me/addresses", method: "GET", rows: 50 }),
    );
  });

  test("in bytes is what a body may hold, and one more is refused", async () => {
    expect(taking().length).toBeGreaterThan(20);
    for (const { operation, cost } of taking()) {
      expect([operation.name, (await send(operation, bodyOfBytes(cost.bytes))).status]).not.toEqual([
        operation.name,
        413,
      ]);
      expect([operation.name, (await send(operation, bodyOfBytes(cost.bytes + 1))).status]).toEqual([
        operation.name,
        413,
      ]);
    }
  });

  test("in names and texts is what a body may hold, and one more is refused", async () => {
    for (const { operation, cost } of taking()) {
      expect([operation.name, (await send(operation, bodyOfStrings(cost.strings - 64))).status]).not.toEqual([
        operation.name,
        400,
      ]);
      const { status, body: problem } = await send(operation, bodyOfStrings(cost.strings - 63));
      expect([operation.name, status, problem.code]).toEqual([operation.name, 400, "unreadable"]);
    }
  });
});
