/** A source of numbers from 0 up to, not including, 1. */
export type Random = () => number;

/** The same numbers for the same seeds, on every machine: sfc32 (Chris Doty-Humphrey, PractRand), warmed up. */
export function randomFrom(...seeds: number[]): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let count = 1;
  const next = () => {
    const sum = (((a + b) | 0) + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  };
  for (const seed of seeds) {
    a ^= seed | 0;
    b ^= Math.floor(seed / 4294967296) | 0;
    for (let round = 0; round < 12; round++) next();
  }
  return next;
}

/** One number from 0 to 1 for two whole numbers: a choice that stays the same each time that it is asked. */
export function steady(first: number, second: number): number {
  let mixed = Math.imul(first ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(second + 0x7f4a7c15, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 4294967296;
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError("There is nothing to pick from.");
  return item;
}

/** A number of the bell curve around 0 (Box and Muller 1958). */
export function bell(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Weights summed up from left to right, for `pickWeighted`. */
export function summed(weights: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  for (let at = 0; at < weights.length; at++) sums[at] = sum += weights[at] ?? 0;
  return sums;
}

/** Which of the entries `from` up to, not including, `to` of summed weights a number from 0 to 1 falls on. */
export function pickWeighted(sums: Float64Array, share: number, from = 0, to = sums.length): number {
  const floor = from === 0 ? 0 : (sums[from - 1] ?? 0);
  const wanted = floor + share * ((sums[to - 1] ?? 0) - floor);
  let low = from;
  let high = to - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}
