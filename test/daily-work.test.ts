import { expect, test } from "bun:test";
import { join } from "node:path";
import { misuse } from "./support/command";
import { routeTable } from "../src/http/declared";
import { API } from "../src/base/api";
import { engines } from "./support/engines";
import { freshShop } from "./support/shop";

const [engine] = engines;
const page = await Bun.file(join(import.meta.dir, "../docs/daily-work.md")).text();

/** What could not be done once, in the words of who tried. Each of these has to stand in the table. */
const WANTED = [
  "to whom an order goes",
  "packing slips",
  "tracking number",
  "write to the customer",
  "left the catalog",
  "bring it back",
  "add a product",
  "change one",
  "look at one",
  "export them",
  "change many",
  "prices of a category",
  "rename and order categories",
  "upload a picture",
  "see stock",
  "list what is low",
  "receive a delivery",
  "take stock",
  "today's and this month's sales, average",
  "best sellers",
  "returns",
  "what they come to, what is owed",
  "refunded, the tax",
  "accountant",
  "invoices",
  "by day, state, sum",
  "by product or code",
  "payment and way to pay",
  "for a recall",
  "change its address",
  "take a line or units out",
  "by phone",
  "merge two customers",
  "erase a customer",
  "change an e-mail, a name, a phone",
  "addresses",
  "new order",
  "placed, shipped, cancelled, refunded",
  "less than all rights",
  "mark a transfer as received",
  "imported order",
  "gift card",
  "coupon's takings, and who used it",
];

interface Row {
  what: string;
  command: string;
  call: string;
}

const rows: Row[] = page
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (what +\||-)/.test(line))
  .map((line) => {
    const [, what = "", command = "", call = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return { what, command, call };
  });

const calls = (text: string) =>
  [...text.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) [^`]+)`/g)].map(([, one = ""]) => one);

test("a shopkeeper's day has everything that was missed, each once", () => {
  for (const wanted of WANTED)
    expect([wanted, rows.filter(({ what }) => what.includes(wanted)).length]).not.toEqual([wanted, 0]);
  expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
});

const routes = new Set(
  routeTable((await freshShop(engine!)).app.routes).map(
    ({ method, path }) => `${method} ${path.replace(API, "").replaceAll(/:(\w+)/g, "{$1}")}`,
  ),
);

test.each(rows)("$what: by a command and a call that there are, or a reason", async ({ command, call }) => {
  const [, words] = /^`sanset (.+)`$/.exec(command) ?? [];
  expect(words === undefined).toBe(command === "");
  if (words !== undefined) expect([words, await misuse(words)]).toEqual([words, undefined]);
  expect(calls(call).filter((one) => !routes.has(one))).toEqual([]);
  // Where there is no way, a sentence says why.
  if (words === undefined || calls(call).length === 0) expect(call).toMatch(/\w.*\.$/);
});
