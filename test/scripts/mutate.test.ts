import { describe, expect, test } from "bun:test";
import { linesIn } from "../../scripts/mutate/changed";
import { testsIn } from "../../scripts/mutate/coverage";
import { mutationsOf } from "../../scripts/mutate/mutations";
import { shuffled } from "../../scripts/mutate/sample";
import { sqlMutations } from "../../scripts/mutate/sql";

const faultsIn = (text: string) =>
  mutationsOf("src/shop.ts", text, (setting) => (setting === "holdMinutes" ? "sweepSeconds" : undefined)).map(
    ({ kind, start, end, replacement }) => `${kind}: ${text.slice(0, start)}${replacement}${text.slice(end)}`,
  );

describe("the faults that are put into the source", () => {
  test.each([
    ["if (a) b();", ["condition negated: if (!(a)) b();", "statement dropped: if (a) ;"]],
    ["const c = a < b;", ["comparison shifted: const c = a <= b;"]],
    ["const c = a === b;", ["comparison shifted: const c = a !== b;"]],
    ["const c = a && b;", ["and for or: const c = a || b;"]],
    ["const c = a - b;", ["arithmetic turned around: const c = a + b;"]],
    ["const c = true;", ["boolean flipped: const c = false;"]],
    ["const c = 30;", ["number changed: const c = 31;"]],
    ["const c = shop.settings.holdMinutes;", ["settings crossed: const c = shop.settings.sweepSeconds;"]],
    ["const c = shop.settings.currency;", []],
    ['import { a } from "a";', []],
    ["type A = { b: true };", []],
    [
      "const A = z.int().max(9).meta({ example: 7 });",
      ["number changed: const A = z.int().max(10).meta({ example: 7 });"],
    ],
  ])("%s", (text, faults) => {
    expect(faultsIn(text)).toEqual(faults);
  });

  test("a predicate of SQL is dropped so that its parameters are still used", () => {
    const sql = "`UPDATE stock SET reserved = reserved + $1 WHERE product_id = $2 AND on_hand - reserved >= $1`";
    const texts = sqlMutations(sql).map(
      ({ start, end, replacement }) => sql.slice(0, start) + replacement + sql.slice(end),
    );
    expect(texts).toEqual([
      "`UPDATE stock SET reserved = reserved + $1 WHERE (product_id = $2 OR 1 = 1) AND on_hand - reserved >= $1`",
      "`UPDATE stock SET reserved = reserved + $1 WHERE product_id = $2 AND (on_hand - reserved >= $1 OR 1 = 1)`",
      "`UPDATE stock SET reserved = reserved + $1 WHERE product_id = $2 AND on_hand - reserved > $1`",
      "`UPDATE stock SET reserved = reserved - $1 WHERE product_id = $2 AND on_hand - reserved >= $1`",
    ]);
  });

  test("words that are no SQL are left alone", () => {
    expect(sqlMutations('"There is no such order."')).toEqual([]);
  });

  test("the tests of a folder are all below it, a file is itself, and nothing else is", () => {
    expect(testsIn(["./test/scripts/", "test/coupons/coupons.test.ts"])).toEqual([
      "test/coupons/coupons.test.ts",
      ...testsIn(["test/scripts"]),
    ]);
    expect(testsIn(["test/coup"])).toEqual([]);
    expect(testsIn(["test"]).length).toBeGreaterThan(100);
  });

  test("the lines that a change touches are those that are new or other, and none of what it only took away", () => {
    const diff = [
      "diff --git a/src/orders/undo.ts b/src/orders/undo.ts",
      "--- a/src/orders/undo.ts",
      "+++ b/src/orders/undo.ts",
      "@@ -3 +3 @@ function undo() {",
      "-  a();",
      "+  b();",
      "@@ -10,2 +10,0 @@",
      "-  c();",
      "-  d();",
      "@@ -20,0 +19,3 @@",
      "+  e();",
      "+  f();",
      "+  g();",
      "--- /dev/null",
      "+++ b/cli/new.ts",
      "@@ -0,0 +1,2 @@",
      "+h();",
      "+i();",
    ].join("\n");
    expect(linesIn(diff)).toEqual(
      new Map([
        ["src/orders/undo.ts", new Set([3, 19, 20, 21])],
        ["cli/new.ts", new Set([1, 2])],
      ]),
    );
  });

  test("a sample is the same for the same seed, and another for another", () => {
    const items = Array.from({ length: 100 }, (_, index) => index);
    expect(shuffled(items, 7)).toEqual(shuffled(items, 7));
    expect(shuffled(items, 7)).not.toEqual(shuffled(items, 8));
    expect(shuffled(items, 7).toSorted((a, b) => a - b)).toEqual(items);
  });
});
