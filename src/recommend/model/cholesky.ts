import { CholeskyDecomposition, Matrix } from "ml-matrix";

/**
 * L of A = LLᵀ, for a symmetric, positive definite A of `size` rows of which the lower half is read. Row by row in one array,
 * because solving by it, for one reason after the other, is quicker so than by matrices.
 */
export function choleskyOf(a: Float64Array, size: number): Float64Array {
  const whole = new Matrix(size, size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const value = a[row * size + column]!;
      whole.set(row, column, value);
      whole.set(column, row, value);
    }
  }
  return Float64Array.from(new CholeskyDecomposition(whole).lowerTriangularMatrix.to1DArray());
}

/** Overwrites b by the x of LLᵀx = b. */
export function solveFactorized(lower: Float64Array, b: Float64Array, size: number): void {
  for (let row = 0; row < size; row++) {
    let rest = b[row]!;
    for (let k = 0; k < row; k++) rest -= lower[row * size + k]! * b[k]!;
    b[row] = rest / lower[row * size + row]!;
  }
  for (let row = size - 1; row >= 0; row--) {
    let rest = b[row]!;
    for (let k = row + 1; k < size; k++) rest -= lower[k * size + row]! * b[k]!;
    b[row] = rest / lower[row * size + row]!;
  }
}
