import { describe, expect, test } from "bun:test";
import { differenceWithInterval, shareWithInterval } from "../../src/recommend/model/interval";

// By hand: the mean is 4 / 8; the customers are 0, 1 and -1 away from it, so the variance is 3/2 · 2 / 8².
const SOME = [
  { lists: 2, hits: 1 },
  { lists: 2, hits: 2 },
  { lists: 4, hits: 1 },
];
const WIDTH = 1.96 * Math.sqrt(3 / 64);
const ALL = [
  { lists: 2, hits: 2 },
  { lists: 3, hits: 3 },
];

describe("intervals by customers", () => {
  test("lie around the share, and not beyond none and all", () => {
    const { mean, low, high } = shareWithInterval(SOME);
    expect(mean).toBe(0.5);
    expect(low).toBeCloseTo(0.5 - WIDTH, 10);
    expect(high).toBeCloseTo(0.5 + WIDTH, 10);
    expect(
      shareWithInterval([
        { lists: 1, hits: 1 },
        { lists: 1, hits: 1 },
        { lists: 2, hits: 1 },
      ]).high,
    ).toBe(1);
  });

  test("of a difference hold what both vary", () => {
    expect(differenceWithInterval(SOME, ALL).low).toBeCloseTo(0.5 - WIDTH, 10);
    expect(differenceWithInterval(ALL, SOME).high).toBeCloseTo(-0.5 + WIDTH, 10);
    const both = differenceWithInterval(SOME, SOME);
    expect([both.mean, both.high - both.mean]).toEqual([0, expect.closeTo(Math.SQRT2 * WIDTH, 10)]);
  });

  test("of fewer than two customers say nothing", () => {
    expect(shareWithInterval([{ lists: 5, hits: 5 }])).toEqual({ mean: 1, low: 0, high: 1 });
    expect(shareWithInterval([])).toEqual({ mean: 0, low: 0, high: 1 });
    expect(differenceWithInterval([], ALL)).toEqual({ mean: 1, low: -1, high: 1 });
  });
});
