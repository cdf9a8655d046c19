import {
  addFours,
  assemble,
  define,
  float,
  four,
  get,
  int,
  load,
  loadSplat,
  loop,
  minusFours,
  plus,
  set,
  store,
  timesFours,
} from "./assembler";

/** Rows and columns of a block. */
export const BLOCK = 64;
/** Rows of the product that are summed at once, each in two fours of columns: as many sums as a processor has room for. */
export const ROWS_AT_ONCE = 4;
const COLUMN_BYTES = 32;

/** The one inner loop of inverting a large matrix. All addresses and lengths are in bytes. */
export interface BlockKernel {
  /**
   * The four rows of floats at `into`, `stride` apart and `width` long, −= left · right: `left` is BLOCK fours, one for each row
   * of `right`, which are `rightStride` apart. The width is a multiple of eight floats.
   */
  subtract(into: number, stride: number, width: number, left: number, right: number, rightStride: number): void;
}

const sums = {
  s0: "v128",
  s1: "v128",
  s2: "v128",
  s3: "v128",
  t0: "v128",
  t1: "v128",
  t2: "v128",
  t3: "v128",
} as const;

const subtract = define(
  "subtract",
  { into: "i32", stride: "i32", width: "i32", left: "i32", right: "i32", rightStride: "i32" },
  { end: "i32", l: "i32", r: "i32", lEnd: "i32", row: "i32", one: "v128", two: "v128", factor: "v128", ...sums },
  ({ into, stride, width, left, right, rightStride, end, l, r, lEnd, row, one, two, factor, ...each }) => {
    const first = [each.s0, each.s1, each.s2, each.s3];
    const second = [each.t0, each.t1, each.t2, each.t3];
    const rows = [0, 1, 2, 3];
    return [
      ...set(end, plus(get(into), get(width))),
      ...set(lEnd, plus(get(left), int(4 * ROWS_AT_ONCE * BLOCK))),
      ...loop(into, get(end), COLUMN_BYTES, [
        ...rows.flatMap((at) => [...set(first[at] ?? 0, four(float(0))), ...set(second[at] ?? 0, four(float(0)))]),
        ...set(l, get(left)),
        ...set(r, get(right)),
        ...loop(l, get(lEnd), 4 * ROWS_AT_ONCE, [
          ...set(one, load(get(r))),
          ...set(two, load(get(r), 16)),
          ...rows.flatMap((at) => [
            ...set(factor, loadSplat(get(l), 4 * at)),
            ...set(first[at] ?? 0, addFours(get(first[at] ?? 0), timesFours(get(factor), get(one)))),
            ...set(second[at] ?? 0, addFours(get(second[at] ?? 0), timesFours(get(factor), get(two)))),
          ]),
          ...set(r, plus(get(r), get(rightStride))),
        ]),
        ...set(row, get(into)),
        ...rows.flatMap((at) => [
          ...store(get(row), minusFours(load(get(row)), get(first[at] ?? 0))),
          ...store(get(row), minusFours(load(get(row), 16), get(second[at] ?? 0)), 16),
          ...set(row, plus(get(row), get(stride))),
        ]),
        ...set(right, plus(get(right), int(COLUMN_BYTES))),
      ]),
    ];
  },
);

const module = new WebAssembly.Module(assemble([subtract]));

/** The kernel over this memory. */
export function blockKernelOver(memory: WebAssembly.Memory): BlockKernel {
  // The assembler wrote this very function.
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as BlockKernel;
}
