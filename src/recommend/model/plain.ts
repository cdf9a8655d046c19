import { CholeskyDecomposition, Matrix } from "ml-matrix";
import type { FactorizeOptions } from "./als";
import { normal } from "./random";
import { type Sparse, transpose } from "./purchases";

/** The factors as matrices: a row for each customer, a row for each product. */
export interface PlainFactors {
  customers: Matrix;
  products: Matrix;
}

type PlainOptions = FactorizeOptions & { onHalfStep?: (factors: PlainFactors) => void };

/** What `factorize` in als.ts does, spelled out and solved exactly: slow, easy to check, and what the fast one is held against. */
export function factorizePlainly(likes: Sparse, options: PlainOptions): PlainFactors {
  const likedBy = transpose(likes);
  const scale = 0.1 / Math.sqrt(options.factors);
  const customers = Matrix.zeros(likes.rows, options.factors);
  const products = new Matrix(
    Array.from({ length: likes.columns }, () =>
      Array.from({ length: options.factors }, () => scale * normal(options.random)),
    ),
  );
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    solveRows(customers, products, likes, options);
    options.onHalfStep?.({ customers, products });
    solveRows(products, customers, likedBy, options);
    options.onHalfStep?.({ customers, products });
  }
  return { customers, products };
}

/** One half-step: every row of `solved` becomes its best answer, given `fixed`. */
export function solveRows(solved: Matrix, fixed: Matrix, likes: Sparse, options: Omit<PlainOptions, "random">): void {
  const gram = fixed.transpose().mmul(fixed).mul(options.unobserved);
  for (let row = 0; row < likes.rows; row++) {
    const own = likesOf(likes, row);
    if (own.length === 0) {
      solved.setRow(row, Matrix.zeros(1, options.factors));
      continue;
    }
    const ridge = options.regularization * (own.length + options.unobserved * likes.columns);
    const left = gram.clone().add(Matrix.eye(options.factors).mul(ridge));
    const right = Matrix.zeros(options.factors, 1);
    for (const [column, weight] of own) {
      const vector = fixed.getRowVector(column).transpose();
      left.add(vector.mmul(vector.transpose()).mul(weight));
      right.add(vector.mul(weight));
    }
    solved.setRow(row, new CholeskyDecomposition(left).solve(right).to1DArray());
  }
}

/** What the factorization lowers: the formula above `factorize`, term by term. */
export function lossOf({ customers, products }: PlainFactors, likes: Sparse, options: PlainOptions): number {
  const likedBy = transpose(likes);
  const scores = customers.mmul(products.transpose());
  let loss = options.unobserved * scores.to1DArray().reduce((sum, score) => sum + score ** 2, 0);
  for (let row = 0; row < likes.rows; row++) {
    for (const [column, weight] of likesOf(likes, row)) loss += weight * (1 - scores.get(row, column)) ** 2;
  }
  return loss + lengthCost(customers, likes, options) + lengthCost(products, likedBy, options);
}

function lengthCost(vectors: Matrix, likes: Sparse, { regularization, unobserved }: PlainOptions): number {
  let cost = 0;
  for (let row = 0; row < likes.rows; row++) {
    const observed = likesOf(likes, row).length;
    cost += regularization * (observed + unobserved * likes.columns) * vectors.getRowVector(row).norm() ** 2;
  }
  return cost;
}

function likesOf({ starts, indices, weights }: Sparse, row: number): [column: number, weight: number][] {
  const from = starts[row] ?? 0;
  return Array.from(indices.subarray(from, starts[row + 1]), (column, at) => [column, weights[from + at] ?? 0]);
}
