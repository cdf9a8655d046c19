import { normal } from "./random";
import type { Sparse } from "./purchases";
import { type Side, type Workbench, workbenchFor } from "./workbench";

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
const CG_STEPS = 3;

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

/** The same in 2 · epochs steps, for callers that watch or do something else between them. */
export function* halfSteps(
  likes: Sparse,
  options: FactorizeOptions,
  { customers, products }: Workbench = workbenchFor(likes, options.factors),
): Generator<Factors> {
  const { factors, epochs, random } = options;
  const scale = 0.1 / Math.sqrt(factors);
  for (let at = 0; at < products.solved.length; at++) products.solved[at] = scale * normal(random);
  const both = { customers: customers.solved, products: products.solved };
  for (let epoch = 0; epoch < epochs; epoch++) {
    improve(customers, options);
    yield both;
    improve(products, options);
    yield both;
  }
}

/** One half-step: brings every row of a side nearer to its best answer, given the other side. */
function improve(side: Side, options: FactorizeOptions): void {
  const { likes, solved } = side;
  const size = options.factors;
  side.prepare(options.unobserved);
  for (let row = 0; row < likes.rows; row++) {
    const from = likes.starts[row]!;
    const to = likes.starts[row + 1]!;
    if (from === to) solved.fill(0, row * size, (row + 1) * size);
    else solveRow(side, row * size, ridgeOf(to - from, likes.columns, options), from, to);
  }
}

/** Conjugate gradients, from the last epoch's answer on. */
function solveRow(side: Side, place: number, ridge: number, from: number, to: number): void {
  const { solved, answer, residual, direction, image } = side;
  const size = answer.length;
  for (let k = 0; k < size; k++) answer[k] = solved[place + k]!;
  side.multiply(answer, ridge, from, to);
  for (let k = 0; k < size; k++) residual[k] = -image[k]!;
  side.gather(from, to);
  direction.set(residual);
  let length = dot(residual, residual);
  for (let step = 0; step < CG_STEPS && length > 1e-20; step++) {
    side.multiply(direction, ridge, from, to);
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

/** λ (|S_u| + α0 |V|): rows with much behind them are held as strongly, for each purchase, as rows with little. */
export function ridgeOf(
  observed: number,
  columns: number,
  { regularization, unobserved }: Pick<FactorizeOptions, "regularization" | "unobserved">,
): number {
  return regularization * (observed + unobserved * columns);
}

function dot(a: Side["answer"], b: Side["answer"]): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}
