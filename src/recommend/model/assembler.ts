/**
 * Just enough of an assembler for WebAssembly to write a few loops over vectors of four floats, which no JavaScript engine
 * makes of a loop by itself. Code is a list of bytes; every function here gives such a list.
 * https://webassembly.github.io/spec/core/binary/
 */
export type Code = readonly number[];

const I32 = 0x7f;
const F32 = 0x7d;
const V128 = 0x7b;
const types = { i32: I32, f32: F32, v128: V128 };
export type Type = keyof typeof types;

export interface WasmFunction {
  name: string;
  /** Addresses and counts are i32. */
  parameters: readonly Type[];
  /** Further variables, numbered on from the parameters. */
  locals: readonly Type[];
  body: Code;
}

/**
 * A function whose registers have names: parameters and locals are numbered in the order in which they are listed, and
 * `body` is given the number of each.
 */
export function define<Parameters extends Record<string, Type>, Locals extends Record<string, Type>>(
  name: string,
  parameters: Parameters,
  locals: Locals,
  body: (registers: Record<keyof Parameters | keyof Locals, number>) => Code,
): WasmFunction {
  const names = [...Object.keys(parameters), ...Object.keys(locals)];
  const numbers = Object.fromEntries(names.map((register, number) => [register, number]));
  return {
    name,
    parameters: Object.values(parameters),
    locals: Object.values(locals),
    // Every name of both has just been numbered.
    body: body(numbers as Record<keyof Parameters | keyof Locals, number>),
  };
}

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
export const int = (value: number): Code => [0x41, ...signed(value)];
export const plus = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
export const times = (a: Code, b: Code): Code => [...a, ...b, 0x6c];
export const loadInt = (address: Code): Code => [...address, 0x28, 2, 0];
export const loadFloat = (address: Code): Code => [...address, 0x2a, 2, 0];
export const storeFloat = (address: Code, value: Code): Code => [...address, ...value, 0x38, 2, 0];
export const addFloats = (a: Code, b: Code): Code => [...a, ...b, 0x92];
export const timesFloats = (a: Code, b: Code): Code => [...a, ...b, 0x94];

const simd = (operation: number): Code => [0xfd, ...unsigned(operation)];
export const load = (address: Code, offset = 0): Code => [...address, ...simd(0x00), 2, ...unsigned(offset)];
export const store = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  ...simd(0x0b),
  2,
  ...unsigned(offset),
];
export const four = (value: Code): Code => [...value, ...simd(0x13)];
export const addFours = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe4)];
export const minusFours = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe5)];
/** One float from memory, four times. */
export const loadSplat = (address: Code, offset = 0): Code => [...address, ...simd(0x09), 2, ...unsigned(offset)];
export const timesFours = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe6)];
export const lane = (vector: Code, at: number): Code => [...vector, ...simd(0x1f), at];
export const float = (value: number): Code => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)];

/** `for (; counter < end; counter += step) body`. */
export function loop(counter: number, end: Code, step: number, body: Code): Code {
  const again = [...get(counter), ...end, 0x49];
  return [
    ...again,
    0x04,
    0x40,
    0x03,
    0x40,
    ...body,
    ...set(counter, plus(get(counter), int(step))),
    ...again,
    0x0d,
    0,
    0x0b,
    0x0b,
  ];
}

/** "\0asm", version 1. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** A module of these functions, which imports its memory as `env.memory`. */
export function assemble(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const text = (string: string) => list([...new TextEncoder().encode(string)].map((byte) => [byte]));
  const signatures = functions.map(({ parameters }) => [0x60, ...list(parameters.map((type) => [types[type]])), 0]);
  const bodies = functions.map(({ locals, body }) => {
    const code = [...list(locals.map((type) => [1, types[type]])), ...body, 0x0b];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...MAGIC,
    ...section(1, list(signatures)),
    ...section(2, list([[...text("env"), ...text("memory"), 2, 0, 1]])),
    ...section(3, list(functions.map((_, at) => unsigned(at)))),
    ...section(7, list(functions.map(({ name }, at) => [...text(name), 0, ...unsigned(at)]))),
    ...section(10, list(bodies)),
  ]);
}

const section = (id: number, content: Code) => [id, ...unsigned(content.length), ...content];
const list = (items: readonly Code[]) => [...unsigned(items.length), ...items.flat()];

/** LEB128, seven bits a byte. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  return value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
