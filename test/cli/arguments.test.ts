import { describe, expect, test } from "bun:test";
import { moment, wholeNumber } from "../../cli/arguments";

describe("what is given to a command", () => {
  test("a day means its end", () => {
    expect(moment("2026-01-31")).toBe("2026-01-31T23:59:59.999Z");
    expect(moment("2026-01-31T12:00:00Z")).toBe("2026-01-31T12:00:00.000Z");
  });

  test("a whole number lies between its least and its most, both of them taken", () => {
    const number = wholeNumber(1, 10);
    expect([number("1"), number("10")]).toEqual([1, 10]);
    for (const text of ["0", "11", "1.5", "-1", "1e1", "", " 1", "0x1"]) expect(() => number(text)).toThrow();
  });
});
