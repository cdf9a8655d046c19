import { kernelOver, STRIDE } from "./kernel";
import { type Sparse, transpose } from "./purchases";

type Numbers = Float32Array | Float64Array;

/** One side of the factorization, with what solving its rows takes: the other side, which stands still meanwhile. */
export interface Side {
  readonly likes: Sparse;
  readonly solved: Float32Array;
  /** Room for one row's solving. */
  readonly answer: Numbers;
  readonly residual: Numbers;
  readonly direction: Numbers;
  readonly image: Numbers;
  /** Looks at the other side as it stands now. */
  prepare(unobserved: number): void;
  /** image = (α0 VᵀV + ridge I + Σ a vvᵀ) · vector, over the purchases `from` up to `to`. Never builds the matrix. */
  multiply(vector: Numbers, ridge: number, from: number, to: number): void;
  /** residual += Σ a v */
  gather(from: number, to: number): void;
}

export interface Workbench {
  readonly customers: Side;
  readonly products: Side;
}

/** WebAssembly where the vectors are of a length that it takes, otherwise the same in plain loops. */
export function workbenchFor(likes: Sparse, factors: number): Workbench {
  return factors > 0 && factors % STRIDE === 0 ? quickWorkbench(likes, factors) : plainWorkbench(likes, factors);
}

/** In plain loops over typed arrays: what the WebAssembly does, to read and to test it by. */
export function plainWorkbench(likes: Sparse, factors: number): Workbench {
  const customers = new Float32Array(likes.rows * factors);
  const products = new Float32Array(likes.columns * factors);
  return {
    customers: plainSide(likes, customers, products, factors),
    products: plainSide(transpose(likes), products, customers, factors),
  };
}

function plainSide(likes: Sparse, solved: Float32Array, fixed: Float32Array, factors: number): Side {
  let gram = new Float64Array();
  const room = () => new Float64Array(factors);
  const [answer, residual, direction, image] = [room(), room(), room(), room()];
  return {
    likes,
    solved,
    answer,
    residual,
    direction,
    image,
    prepare: (unobserved) => {
      gram = gramOf(fixed, factors, unobserved);
    },
    multiply: (vector, ridge, from, to) => {
      for (let row = 0; row < factors; row++) {
        let sum = ridge * vector[row]!;
        for (let k = 0; k < factors; k++) sum += gram[row * factors + k]! * vector[k]!;
        image[row] = sum;
      }
      for (let at = from; at < to; at++) {
        const place = likes.indices[at]! * factors;
        const times = likes.weights[at]! * dotAt(fixed, place, vector);
        for (let k = 0; k < factors; k++) image[k]! += times * fixed[place + k]!;
      }
    },
    gather: (from, to) => {
      for (let at = from; at < to; at++) {
        const place = likes.indices[at]! * factors;
        for (let k = 0; k < factors; k++) residual[k]! += likes.weights[at]! * fixed[place + k]!;
      }
    },
  };
}

/** The same with the loops in WebAssembly, and everything that they touch in its memory. */
function quickWorkbench(likes: Sparse, factors: number): Workbench {
  const likedBy = transpose(likes);
  const pairs = likes.indices.length;
  const floats = (likes.rows + likes.columns + factors + 4) * factors;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((4 * (floats + 4 * pairs)) / 65_536) + 1 });
  const kernel = kernelOver(memory);
  let used = 0;
  const place = <Kind extends Float32Array | Uint32Array>(
    Kind: new (buffer: ArrayBuffer, offset: number, length: number) => Kind,
    length: number,
  ): Kind => {
    const array = new Kind(memory.buffer, used, length);
    used += 4 * length;
    return array;
  };
  const inMemory = (sparse: Sparse): Sparse => {
    const indices = place(Uint32Array, pairs);
    const weights = place(Float32Array, pairs);
    indices.set(sparse.indices);
    weights.set(sparse.weights);
    return { ...sparse, indices, weights };
  };
  // Factors first: they are read four at a time, and their addresses stay multiples of sixteen.
  const customers = place(Float32Array, likes.rows * factors);
  const products = place(Float32Array, likes.columns * factors);
  const gram = place(Float32Array, factors * factors);
  const room = () => place(Float32Array, factors);
  const [answer, residual, direction, image] = [room(), room(), room(), room()];
  const length = 4 * factors;
  const side = (own: Sparse, solved: Float32Array, fixed: Float32Array): Side => ({
    likes: own,
    solved,
    answer,
    residual,
    direction,
    image,
    prepare: (unobserved) => {
      gram.fill(0);
      kernel.outer(gram.byteOffset, length, fixed.byteOffset, fixed.byteOffset + fixed.byteLength);
      for (let at = 0; at < gram.length; at++) gram[at]! *= unobserved;
    },
    multiply: (vector, ridge, from, to) =>
      kernel.multiply(
        image.byteOffset,
        vector.byteOffset,
        length,
        gram.byteOffset,
        ridge,
        fixed.byteOffset,
        own.indices.byteOffset,
        own.weights.byteOffset,
        4 * from,
        4 * to,
      ),
    gather: (from, to) =>
      kernel.gather(
        residual.byteOffset,
        length,
        fixed.byteOffset,
        own.indices.byteOffset,
        own.weights.byteOffset,
        4 * from,
        4 * to,
      ),
  });
  return {
    customers: side(inMemory(likes), customers, products),
    products: side(inMemory(likedBy), products, customers),
  };
}

/** Multiplies a vector with every one of these, in WebAssembly where their length allows. The result lasts until the next call. */
export function scannerOf(rows: Float32Array, factors: number): (vector: ArrayLike<number>) => Float32Array {
  const scanner = scannerFor(factors > 0 ? rows.length / factors : 0, factors);
  scanner.fill(rows, 0);
  return scanner.scan;
}

/** The same for so many rows that are still to come: copying all at once would take a while. */
export function scannerFor(count: number, factors: number) {
  if (factors === 0 || factors % STRIDE !== 0) return plainScanner(count, factors);
  const memory = new WebAssembly.Memory({ initial: Math.ceil((4 * (count * factors + factors + count)) / 65_536) + 1 });
  const kernel = kernelOver(memory);
  const kept = new Float32Array(memory.buffer, 0, count * factors);
  const given = new Float32Array(memory.buffer, kept.byteLength, factors);
  const into = new Float32Array(memory.buffer, kept.byteLength + given.byteLength, count);
  return {
    fill: (rows: Float32Array, from: number) => kept.set(rows, from * factors),
    scan: (vector: ArrayLike<number>) => {
      given.set(vector);
      kernel.dots(into.byteOffset, given.byteOffset, 4 * factors, 0, kept.byteLength);
      return into;
    },
  };
}

function plainScanner(count: number, factors: number) {
  const kept = new Float32Array(count * factors);
  const into = new Float32Array(count);
  return {
    fill: (rows: Float32Array, from: number) => kept.set(rows, from * factors),
    scan: (vector: ArrayLike<number>) => {
      const exact = Float64Array.from(vector);
      for (let row = 0; row < count; row++) into[row] = dotAt(kept, row * factors, exact);
      return into;
    },
  };
}

/** scale · RᵀR for the vectors R that lie one after the other, both halves filled. */
export function gramOf(rows: Float32Array, size: number, scale = 1): Float64Array<ArrayBuffer> {
  const gram = new Float64Array(size * size);
  addToGram(gram, rows, size, scale);
  return mirrored(gram, size);
}

/** Adds to the lower half. */
export function addToGram(gram: Float64Array, rows: Float32Array, size: number, scale = 1): void {
  for (let place = 0; place < rows.length; place += size) {
    for (let i = 0; i < size; i++) {
      const factor = scale * rows[place + i]!;
      for (let j = 0; j <= i; j++) gram[i * size + j]! += factor * rows[place + j]!;
    }
  }
}

/** The same with its upper half filled from its lower one. */
export function mirrored<Gram extends Float64Array>(gram: Gram, size: number): Gram {
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) gram[j * size + i] = gram[i * size + j]!;
  return gram;
}

/** ⟨row at `place`, vector⟩. Two sums at once, because each addition waits for the last one. */
export function dotAt(rows: Float32Array, place: number, vector: Numbers): number {
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
