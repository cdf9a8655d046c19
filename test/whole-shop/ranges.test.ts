import { describe, expect, test } from "bun:test";
import { createProgram, leavesOf, pathOf } from "../../cli/program";
import type { Terminal } from "../../cli/terminal";
import { type Client, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { fillPath, readDocument } from "../support/operations";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";

/** What the other end of a range is called, and two values of which nothing lies between. */
function rangeOf(least: string): { most: string; backwards: [string, string] } | undefined {
  const days: [string, string] = ["2030-02-01T00:00:00Z", "2030-01-01T00:00:00Z"];
  if (/^min[_-]/.test(least)) return { most: least.replace("min", "max"), backwards: ["20", "10"] };
  if (least === "since") return { most: "until", backwards: days };
  if (least === "from") return { most: "to", backwards: days };
  return undefined;
}

/** The status of an answer, and which field was wrong. */
async function refusedAt(answer: ReturnType<Client["get"]>): Promise<[number, string | undefined]> {
  const { status, body } = await answer;
  return [status, body.errors?.[0]?.path];
}

describe.each(engines)("ranges that end before they begin, on $name", (engine) => {
  test("every list that takes a range refuses it, and takes one that begins where it ends", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const { id: productId } = await stockShelf(shop);
    const { operations } = await readDocument(shop);
    const tried: string[] = [];
    for (const { method, name, path, parameters } of operations) {
      const asked = parameters.filter((parameter) => parameter.in === "query").map((parameter) => parameter.name);
      for (const least of asked) {
        const range = rangeOf(least);
        if (method !== "GET" || !range || !asked.includes(range.most)) continue;
        const url = (from: string, to: string) =>
          `${fillPath(path, () => String(path.includes("/products/") ? productId : admin.id)).replace("/api/v1", "")}?${String(new URLSearchParams({ [least]: from, [range.most]: to }))}`;
        const refused = await admin.get(url(...range.backwards));
        expect([name, refused.status, refused.body?.errors?.[0]?.path]).toEqual([name, 422, range.most]);
        const [end] = range.backwards;
        expect([name, (await admin.get(url(end, end))).status]).toEqual([name, 200]);
        tried.push(`${name} ${least}`);
      }
    }
    expect(tried).toEqual(
      expect.arrayContaining([
        "GET /api/v1/products min_price",
        "GET /api/v1/search/products min_price",
        "GET /api/v1/recommend/popular min_price",
        "GET /api/v1/orders/all since",
        "GET /api/v1/orders/all min_total",
        "GET /api/v1/orders/sums since",
        "GET /api/v1/admin/orders/export from",
      ]),
    );
  });

  test("so does whoever else takes one: changes of many products, deliveries, coupons, and a report of days", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const change = { filter: { min_price: 20, max_price: 10 }, change: { price_percent: 10 } };
    expect(await refusedAt(admin.patch("/admin/products", change))).toEqual([422, "filter.max_price"]);
    const method = { name: "Post", price: 5, min_total: 20, max_total: 10 };
    expect(await refusedAt(admin.post("/shipping-methods", method))).toEqual([422, "max_total"]);
    const coupon = { code: "LATE", percent: 10, starts_at: "2030-02-01", ends_at: "2030-01-01" };
    expect(await refusedAt(admin.post("/coupons", coupon))).toEqual([422, "ends_at"]);
    expect(await refusedAt(admin.get("/admin/sales?range=2030-02-01..2030-01-01"))).toEqual([422, "range"]);
  });

  test("every command that takes one refuses it by the names of its options", async () => {
    const shop = await freshShop(engine);
    const program = createProgram({} as Terminal, () => {});
    const tried: string[] = [];
    for (const command of leavesOf(program)) {
      const names = command.options.map(({ long }) => long?.slice(2) ?? "");
      for (const least of names) {
        const range = rangeOf(least);
        // Of databases, --from and --to are addresses.
        if (!range || !names.includes(range.most) || pathOf(command).startsWith("database")) continue;
        const needed = command.options.flatMap(({ mandatory, long }) => (mandatory && long ? [long, "1"] : []));
        const words = [...pathOf(command).split(" "), ...command.registeredArguments.map(() => "1"), ...needed];
        const [from, to] = range.backwards;
        const { failed } = await runCommand(shop, [...words, `--${least}`, from, `--${range.most}`, to]);
        expect(`${pathOf(command)}: ${failed}`).toContain(`--${least} and --${range.most}: `);
        tried.push(`${pathOf(command)} ${least}`);
      }
    }
    expect(tried).toEqual(
      expect.arrayContaining([
        "order list since",
        "order list min-total",
        "product buyers since",
        "product price min-price",
        "export orders from",
        "invoice export from",
      ]),
    );
  });
});
