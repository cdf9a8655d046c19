import {
  addFloats,
  addFours,
  assemble,
  type Code,
  define,
  float,
  four,
  get,
  int,
  lane,
  load,
  loadFloat,
  loadInt,
  loop,
  plus,
  set,
  store,
  storeFloat,
  times,
  timesFloats,
  timesFours,
} from "./assembler";

/** Floats that one turn of the inner loops takes: vectors must be a whole number of these long. */
export const STRIDE = 16;
const FOURS = [0, 16, 32, 48];
const TURN_BYTES = 4 * STRIDE;

/** The inner loops of the training, over one memory. All addresses and lengths are in bytes. */
export interface Kernel {
  /** image = ridge · vector + gram · vector + Σ weight · ⟨row, vector⟩ · row, over the rows that `from` up to `to` of indices name. */
  multiply(
    image: number,
    vector: number,
    length: number,
    gram: number,
    ridge: number,
    rows: number,
    indices: number,
    weights: number,
    from: number,
    to: number,
  ): void;
  /** image += Σ weight · row, over the same. */
  gather(image: number, length: number, rows: number, indices: number, weights: number, from: number, to: number): void;
  /** gram += Σ row · rowᵀ, over the rows from address `from` up to `to`. */
  outer(gram: number, length: number, from: number, to: number): void;
  /** into[r] = ⟨row r, vector⟩, over the rows from address `from` up to `to`. */
  dots(into: number, vector: number, length: number, from: number, to: number): void;
}

/** sum = ⟨what lies at a, what lies at b⟩, both `length` bytes long. `a` and `b` are moved on to their ends. */
function dot({ a, b, end, sums, length }: { a: number; b: number; end: number; sums: number[]; length: Code }): Code {
  return [
    ...sums.flatMap((sum) => set(sum, four(float(0)))),
    ...set(end, plus(get(a), length)),
    ...loop(a, get(end), TURN_BYTES, [
      ...FOURS.flatMap((offset, at) => {
        const sum = sums[at] ?? 0;
        return set(sum, addFours(get(sum), timesFours(load(get(a), offset), load(get(b), offset))));
      }),
      ...set(b, plus(get(b), int(TURN_BYTES))),
    ]),
  ];
}

/** The four sums of `dot`, in one float. */
function total(sums: readonly number[]): Code {
  const [one = 0, two = 0, three = 0, last = 0] = sums;
  const all = set(one, addFours(addFours(get(one), get(two)), addFours(get(three), get(last))));
  const lanes = addFloats(
    addFloats(lane(get(one), 0), lane(get(one), 1)),
    addFloats(lane(get(one), 2), lane(get(one), 3)),
  );
  return [...all, ...lanes];
}

/** What lies at `into` += factor · what lies at `from`, `length` bytes of it. Both are moved on to their ends. */
function addTimes({
  into,
  from,
  end,
  factor,
  length,
}: {
  into: number;
  from: number;
  end: number;
  factor: number;
  length: Code;
}): Code {
  return [
    ...set(end, plus(get(into), length)),
    ...loop(into, get(end), TURN_BYTES, [
      ...FOURS.flatMap((offset) =>
        store(get(into), addFours(load(get(into), offset), timesFours(get(factor), load(get(from), offset))), offset),
      ),
      ...set(from, plus(get(from), int(TURN_BYTES))),
    ]),
  ];
}

const element = (base: number, offset: number): Code => plus(get(base), get(offset));

/** The four sums of a dot product, which are added up at its end. */
const SUMS = { one: "v128", two: "v128", three: "v128", last: "v128" } as const;

const multiply = define(
  "multiply",
  {
    image: "i32",
    vector: "i32",
    length: "i32",
    gram: "i32",
    ridge: "f32",
    rows: "i32",
    indices: "i32",
    weights: "i32",
    from: "i32",
    to: "i32",
  },
  { a: "i32", b: "i32", end: "i32", row: "i32", at: "i32", ...SUMS, factor: "v128" },
  ({ image, vector, length, gram, ridge, rows, indices, weights, from, to, a, b, end, row, at, factor, ...r }) => {
    const sums = [r.one, r.two, r.three, r.last];
    return [
      ...set(a, get(gram)),
      ...loop(row, get(length), 4, [
        ...set(b, get(vector)),
        ...dot({ a, b, end, sums, length: get(length) }),
        ...set(r.one, four(total(sums))),
        ...storeFloat(
          element(image, row),
          addFloats(lane(get(r.one), 0), timesFloats(get(ridge), loadFloat(element(vector, row)))),
        ),
      ]),
      ...set(at, get(from)),
      ...loop(at, get(to), 4, [
        ...set(row, plus(get(rows), times(loadInt(element(indices, at)), get(length)))),
        ...set(a, get(row)),
        ...set(b, get(vector)),
        ...dot({ a, b, end, sums, length: get(length) }),
        ...set(factor, four(timesFloats(total(sums), loadFloat(element(weights, at))))),
        ...set(a, get(image)),
        ...addTimes({ into: a, from: row, end, factor, length: get(length) }),
      ]),
    ];
  },
);

const gather = define(
  "gather",
  { image: "i32", length: "i32", rows: "i32", indices: "i32", weights: "i32", from: "i32", to: "i32" },
  { into: "i32", end: "i32", row: "i32", factor: "v128" },
  ({ image, length, rows, indices, weights, from, to, into, end, row, factor }) =>
    loop(from, get(to), 4, [
      ...set(row, plus(get(rows), times(loadInt(element(indices, from)), get(length)))),
      ...set(factor, four(loadFloat(element(weights, from)))),
      ...set(into, get(image)),
      ...addTimes({ into, from: row, end, factor, length: get(length) }),
    ]),
);

const outer = define(
  "outer",
  { gram: "i32", length: "i32", from: "i32", to: "i32" },
  { into: "i32", end: "i32", row: "i32", coordinate: "i32", factor: "v128" },
  ({ gram, length, from, to, into, end, row, coordinate, factor }) =>
    loopOver(from, get(to), get(length), [
      ...set(into, get(gram)),
      ...set(coordinate, get(from)),
      ...loop(coordinate, plus(get(from), get(length)), 4, [
        ...set(row, get(from)),
        ...set(factor, four(loadFloat(get(coordinate)))),
        ...addTimes({ into, from: row, end, factor, length: get(length) }),
      ]),
    ]),
);

const dots = define(
  "dots",
  { into: "i32", vector: "i32", length: "i32", from: "i32", to: "i32" },
  { b: "i32", end: "i32", ...SUMS },
  ({ into, vector, length, from, to, b, end, ...r }) => {
    const sums = [r.one, r.two, r.three, r.last];
    // `dot` moves `from` on to the next row by itself.
    return loop(from, get(to), 0, [
      ...set(b, get(vector)),
      ...dot({ a: from, b, end, sums, length: get(length) }),
      ...set(r.one, four(total(sums))),
      ...storeFloat(get(into), lane(get(r.one), 0)),
      ...set(into, plus(get(into), int(4))),
    ]);
  },
);

/** A loop whose step is not known beforehand. */
function loopOver(counter: number, end: Code, step: Code, body: Code): Code {
  return loop(counter, end, 0, [...body, ...set(counter, plus(get(counter), step))]);
}

const module = new WebAssembly.Module(assemble([multiply, gather, outer, dots]));

/** The kernel over this memory. */
export function kernelOver(memory: WebAssembly.Memory): Kernel {
  // The assembler wrote these very functions.
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernel;
}
