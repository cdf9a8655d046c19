/**
 * L of A = LLᵀ, for a symmetric, positive definite A of `size` rows of which the lower half is read. Row by row in one array:
 * every list of recommendations waits for it, and ml-matrix takes twice as long. Two sums at once, because each addition waits
 * for the last one. Throws where A is not positive definite.
 */
export function choleskyOf(a: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let row = 0, above = 0; row < size; row++, above += size) {
    for (let column = 0, left = 0; column <= row; column++, left += size) {
      let even = 0;
      let odd = 0;
      let k = 0;
      for (; k + 1 < column; k += 2) {
        even += lower[above + k]! * lower[left + k]!;
        odd += lower[above + k + 1]! * lower[left + k + 1]!;
      }
      if (k < column) even += lower[above + k]! * lower[left + k]!;
      const rest = a[above + column]! - even - odd;
      lower[above + column] = row === column ? Math.sqrt(rest) : rest / lower[left + column]!;
    }
  }
  return lower;
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
