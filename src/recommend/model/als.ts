import { normal } from "./random";
import { type Sparse, transpose } from "./purchases";

export interface FactorizeOptions {
  /** How many numbers describe a customer or a product. */
  readonly factors: number;
  readonly epochs: number;
  /** α0: how much it counts that something was not bought. */
  readonly unobserved: number;
  /** λ: how much long vectors cost. */
  readonly regularization: number;
  /** From 0 up to 1. The same numbers give the same factors. */
  readonly random: () => number;
}

/** One vector of `factors` numbers for each customer and each product, laid one after the other. */
export interface Factors {
  readonly customers: Float32Array;
  readonly products: Float32Array;
}

/** Steps of conjugate gradients for each row and epoch. They start from the last epoch's answer, so three are enough. */
const STEPS = 3;

/**
 * Implicit alternating least squares (Rendle, Krichene, Zhang & Koren, RecSys 2022). With a weight a for each purchase S,
 * it lowers
 *
 *   Σ_S a (1 − ⟨u,v⟩)² + α0 Σ_all ⟨u,v⟩² + λ Σ_u (|S_u| + α0 |V|) ‖u‖² + λ Σ_v (|S_v| + α0 |U|) ‖v‖²
 *
 * Holding one side still makes the other a least-squares problem of its own for every row:
 *
 *   (α0 VᵀV + Σ_{S_u} a vvᵀ + λ (|S_u| + α0 |V|) I) u = Σ_{S_u} a v
 *
 * which conjugate gradients solve nearly, in time linear in the purchases (Takács, Pilászy & Tikk, 2011).
 */
export function factorize(likes: Sparse, options: FactorizeOptions): Factors {
  let newest: Factors | undefined;
  for (const both of halfSteps(likes, options)) newest = both;
  return newest ?? { customers: new Float32Array(), products: new Float32Array() };
}

/** The same in 2 · epochs steps, for whoever wants to watch or to do something else between them. */
export function* halfSteps(likes: Sparse, options: FactorizeOptions): Generator<Factors> {
  const { factors, epochs, random } = options;
  const likedBy = transpose(likes);
  const scale = 0.1 / Math.sqrt(factors);
  const customers = new Float32Array(likes.rows * factors);
  const products = Float32Array.from({ length: likes.columns * factors }, () => scale * normal(random));
  const both = { customers, products };
  for (let epoch = 0; epoch < epochs; epoch++) {
    improve(customers, products, likes, options);
    yield both;
    improve(products, customers, likedBy, options);
    yield both;
  }
}

/** One half-step: brings every row of `solved` nearer to its best answer, given `fixed`. */
function improve(solved: Float32Array, fixed: Float32Array, likes: Sparse, options: FactorizeOptions): void {
  const size = options.factors;
  const gram = gramOf(fixed, size, options.unobserved);
  const answer = new Float64Array(size);
  const residual = new Float64Array(size);
  const direction = new Float64Array(size);
  const image = new Float64Array(size);
  for (let row = 0; row < likes.rows; row++) {
    const from = likes.starts[row]!;
    const to = likes.starts[row + 1]!;
    const place = row * size;
    if (from === to) {
      solved.fill(0, place, place + size);
      continue;
    }
    const ridge = ridgeOf(to - from, likes.columns, options);
    const system: System = { gram, ridge, fixed, likes, from, to };
    answer.set(solved.subarray(place, place + size));
    multiply(system, answer, image);
    for (let k = 0; k < size; k++) residual[k] = -image[k]!;
    for (let at = from; at < to; at++) addTimes(residual, fixed, likes.indices[at]! * size, likes.weights[at]!);
    direction.set(residual);
    let length = dot(residual, residual);
    for (let step = 0; step < STEPS && length > 1e-20; step++) {
      multiply(system, direction, image);
      const stride = length / dot(direction, image);
      for (let k = 0; k < size; k++) {
        answer[k]! += stride * direction[k]!;
        residual[k]! -= stride * image[k]!;
      }
      const rest = dot(residual, residual);
      for (let k = 0; k < size; k++) direction[k] = residual[k]! + (rest / length) * direction[k]!;
      length = rest;
    }
    solved.set(answer, place);
  }
}

/** λ (|S_u| + α0 |V|): rows with much behind them are held as strongly, for each purchase, as rows with little. */
export function ridgeOf(
  observed: number,
  columns: number,
  { regularization, unobserved }: Pick<FactorizeOptions, "regularization" | "unobserved">,
): number {
  return regularization * (observed + unobserved * columns);
}

/** The left side of one row's equation. */
interface System {
  gram: Float64Array;
  ridge: number;
  fixed: Float32Array;
  likes: Sparse;
  from: number;
  to: number;
}

/** Left side times `vector`, without ever building the matrix. */
function multiply({ gram, ridge, fixed, likes, from, to }: System, vector: Float64Array, image: Float64Array): void {
  const size = vector.length;
  for (let row = 0; row < size; row++) {
    let sum = ridge * vector[row]!;
    for (let k = 0; k < size; k++) sum += gram[row * size + k]! * vector[k]!;
    image[row] = sum;
  }
  for (let at = from; at < to; at++) {
    const place = likes.indices[at]! * size;
    addTimes(image, fixed, place, likes.weights[at]! * dotAt(fixed, place, vector));
  }
}

/** scale · RᵀR for the vectors R that lie one after the other, both halves filled. */
export function gramOf(rows: Float32Array, size: number, scale = 1): Float64Array {
  const gram = new Float64Array(size * size);
  for (let place = 0; place < rows.length; place += size) {
    for (let i = 0; i < size; i++) {
      const factor = scale * rows[place + i]!;
      for (let j = 0; j <= i; j++) gram[i * size + j]! += factor * rows[place + j]!;
    }
  }
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) gram[j * size + i] = gram[i * size + j]!;
  return gram;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

/** ⟨row at `place`, vector⟩. Two sums at once, because each addition waits for the last one. */
export function dotAt(rows: Float32Array, place: number, vector: Float64Array): number {
  const size = vector.length;
  let even = 0;
  let odd = 0;
  let k = 0;
  for (; k + 1 < size; k += 2) {
    even += rows[place + k]! * vector[k]!;
    odd += rows[place + k + 1]! * vector[k + 1]!;
  }
  return k < size ? even + odd + rows[place + k]! * vector[k]! : even + odd;
}

/** sum += factor · row at `place` */
function addTimes(sum: Float64Array, rows: Float32Array, place: number, factor: number): void {
  for (let k = 0; k < sum.length; k++) sum[k]! += factor * rows[place + k]!;
}
