import type { Scorer } from "../../src/recommend/model/metrics";
import type { Sparse } from "../../src/recommend/model/purchases";

/**
 * EASE (Steck, WWW 2019): the linear model that best foretells each product from all others, in closed form:
 * B = I − P · diag(1/P), with P = (XᵀX + λI)⁻¹. Time grows with the third power of the number of products and memory with
 * the second, so it is something to be measured against and not to serve a shop from.
 */
export function ease({ rows, columns: size, starts, indices }: Sparse, regularization: number): Scorer {
  const gram = new Float64Array(size * size);
  for (let row = 0; row < rows; row++) {
    for (let one = starts[row]!; one < starts[row + 1]!; one++) {
      for (let other = starts[row]!; other < starts[row + 1]!; other++) gram[indices[one]! * size + indices[other]!]!++;
    }
  }
  for (let product = 0; product < size; product++) gram[product * size + product]! += regularization;
  const inverse = invertedFrom(factorized(gram, size), size);
  return ({ history }, into) => {
    into.fill(0);
    for (const product of history) {
      for (let other = 0; other < size; other++) {
        into[other]! -= inverse[product * size + other]! / inverse[other * size + other]!;
      }
    }
  };
}

/** The lower half becomes L, with A = LLᵀ. Row by row, so that memory is read in its order. */
function factorized(a: Float64Array, size: number): Float64Array {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const rest = a[row * size + column]! - dot(a, row * size, a, column * size, column);
      a[row * size + column] = row === column ? Math.sqrt(rest) : rest / a[column * size + column]!;
    }
  }
  return a;
}

/** A⁻¹ = L⁻ᵀL⁻¹. Row j of M = L⁻ᵀ lies in memory as column j of L⁻¹ would not: every sum runs along rows. */
function invertedFrom(lower: Float64Array, size: number): Float64Array {
  const turned = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    turned[column * size + column] = 1 / lower[column * size + column]!;
    for (let row = column + 1; row < size; row++) {
      const sum = dot(lower, row * size + column, turned, column * size + column, row - column);
      turned[column * size + row] = -sum / lower[row * size + row]!;
    }
  }
  const inverse = lower;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const value = dot(turned, row * size + row, turned, column * size + row, size - row);
      inverse[row * size + column] = value;
      inverse[column * size + row] = value;
    }
  }
  return inverse;
}

/** Four sums at once, because each addition waits for the one before it. */
function dot(a: Float64Array, fromA: number, b: Float64Array, fromB: number, length: number): number {
  let [one, two, three, four] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < length; k += 4) {
    one += a[fromA + k]! * b[fromB + k]!;
    two += a[fromA + k + 1]! * b[fromB + k + 1]!;
    three += a[fromA + k + 2]! * b[fromB + k + 2]!;
    four += a[fromA + k + 3]! * b[fromB + k + 3]!;
  }
  for (; k < length; k++) one += a[fromA + k]! * b[fromB + k]!;
  return one + two + three + four;
}
