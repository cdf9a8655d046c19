/**
 * Overwrites a symmetric, positive definite A of `size` rows, of which only the lower half is read, by its Cholesky factor L
 * (A = LLᵀ). The flat twin of ml-matrix's, which clones at every step.
 */
export function factorizeInPlace(a: Float64Array, size: number): void {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = a[row * size + column]!;
      for (let k = 0; k < column; k++) rest -= a[row * size + k]! * a[column * size + k]!;
      a[row * size + column] = row === column ? Math.sqrt(rest) : rest / a[column * size + column]!;
    }
  }
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
