import { type Factors, type FactorizeOptions, ridgeOf } from "./als";
import { type Sparse, transpose } from "./purchases";
import { dotAt, gramOf } from "./workbench";

/** What `factorize` lowers: the formula above it. Σ_all ⟨u,v⟩² is taken as ⟨UᵀU, VᵀV⟩, so that it costs no more than an epoch. */
export function lossOf({ customers, products }: Factors, likes: Sparse, options: FactorizeOptions): number {
  const size = options.factors;
  const gramOfCustomers = gramOf(customers, size);
  const gramOfProducts = gramOf(products, size);
  let loss = 0;
  for (let at = 0; at < gramOfCustomers.length; at++) {
    loss += options.unobserved * gramOfCustomers[at]! * gramOfProducts[at]!;
  }
  for (let row = 0; row < likes.rows; row++) {
    const vector = Float64Array.from(customers.subarray(row * size, (row + 1) * size));
    for (let at = likes.starts[row]!; at < likes.starts[row + 1]!; at++) {
      loss += likes.weights[at]! * (1 - dotAt(products, likes.indices[at]! * size, vector)) ** 2;
    }
  }
  return loss + lengthCost(customers, likes, options) + lengthCost(products, transpose(likes), options);
}

function lengthCost(vectors: Float32Array, { rows, columns, starts }: Sparse, options: FactorizeOptions): number {
  const size = options.factors;
  let cost = 0;
  for (let row = 0; row < rows; row++) {
    let square = 0;
    for (let k = 0; k < size; k++) square += vectors[row * size + k]! ** 2;
    cost += ridgeOf(starts[row + 1]! - starts[row]!, columns, options) * square;
  }
  return cost;
}
