import { describe, expect, test } from "bun:test";
import { amount, beginning, moment, wholeNumber } from "../../cli/arguments";
import { issuesOfCommand } from "../../cli/option-names";
import { createProgram, leavesOf } from "../../cli/program";
import type { Terminal } from "../../cli/terminal";
import { momentIn, momentText } from "../../src/base/zoned-time";

describe("what is given to a command", () => {
  test("a day means its end, or its beginning", () => {
    expect(moment("2026-01-31")).toBe("2026-01-31T23:59:59.999Z");
    expect(beginning("2026-01-31")).toBe("2026-01-31T00:00:00.000Z");
    expect(moment("2026-01-31T12:00:00Z")).toBe("2026-01-31T12:00:00.000Z");
    expect(moment("2026-01-31 18:05")).toBe("2026-01-31T18:05:00.000Z");
    const none = ["2026-13-01", "2026-00-15", "2026-02-30T10:00:00Z", "2026-13-01T10:00:00+01:00", "0000-01-01"];
    for (const text of [...none, "2026-02-30", "2026-1-1", "tomorrow", "2026-01-31 24:00", "2026-01-31 12:60", ""])
      expect(() => moment(text), text).toThrow();
  });

  test("a whole number lies between its least and its most, both of them taken", () => {
    const number = wholeNumber(1, 10);
    expect([number("1"), number("10")]).toEqual([1, 10]);
    for (const text of ["0", "11", "1.5", "-1", "1e1", "", " 1", "0x1"]) expect(() => number(text)).toThrow();
  });

  test.each([
    ["40", 40],
    ["40.5", 40.5],
    ["40,5", 40.5],
    ["40,50", 40.5],
    ["1.234", 1.234],
    ["1,234.50", 1_234.5],
    ["12,34,567.5", 1_234_567.5],
    ["1.234,50", 1_234.5],
    ["1.234.567,5", 1_234_567.5],
  ])("%s is an amount with either decimal sign", (text, value) => {
    expect(amount(text)).toBe(value);
  });

  test.each(["1,234", "1,2,3", "40,", ",5", "abc", "-1", "1e3", "1.2.3", "1.23,4", ""])("%p is none", (text) => {
    expect(() => amount(text)).toThrow("40.5 or 40,50");
  });
});

describe("a moment on the shop's clock", () => {
  test.each([
    ["2030-01-31", "Asia/Kolkata", "first", "2030-01-30T18:30:00.000Z"],
    ["2030-01-31", "Asia/Kolkata", "last", "2030-01-31T18:29:59.999Z"],
    ["2030-01-31 18:00", "Asia/Kolkata", "last", "2030-01-31T12:30:00.000Z"],
    ["2030-01-31T18:00:30", "America/New_York", "first", "2030-01-31T23:00:30.000Z"],
    // Clocks go forward in the night to the 31st of March, and back in that to the 27th of October.
    ["2030-03-31", "Europe/Berlin", "first", "2030-03-30T23:00:00.000Z"],
    ["2030-03-31", "Europe/Berlin", "last", "2030-03-31T21:59:59.999Z"],
    ["2030-10-27", "Europe/Berlin", "last", "2030-10-27T22:59:59.999Z"],
    ["2030-01-31T18:00:00+05:30", "Europe/Berlin", "first", "2030-01-31T12:30:00.000Z"],
  ] as const)("%s in %s is meant as people there mean it (%s)", (text, zone, end, moment) => {
    expect(momentIn(text, zone, end)?.toISOString()).toBe(moment);
  });

  test("is written as people read it", () => {
    expect(momentText("2030-01-31T20:30:00Z", "Asia/Kolkata")).toBe("1 Feb 2030, 02:00");
    expect(momentText(new Date("2030-01-31T20:30:00Z"), "UTC")).toBe("31 Jan 2030, 20:30");
  });
});

const issue = (path: string) => ({ path, message: "x", code: "x" });

test("what is wrong is named as the command names it", () => {
  const create = leavesOf(createProgram({} as Terminal, () => {})).find(
    (leaf) => leaf.name() === "create" && leaf.parent?.name() === "coupon",
  );
  const paths = ["ends_at", "min_total", "max_uses", "max_uses_per_customer", "categories.0", "code", "elsewhere"];
  const named = issuesOfCommand(create, paths.map(issue)).map(({ path }) => path);
  expect(named).toEqual([
    "--ends",
    "--min-total",
    "--uses",
    "--uses-per-customer",
    "categories.0",
    "<code>",
    "elsewhere",
  ]);
  expect(issuesOfCommand(undefined, [issue("ends_at")])).toEqual([issue("ends_at")]);
});
