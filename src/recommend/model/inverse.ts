import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { BLOCK, blockKernelOver, ROWS_AT_ONCE } from "./block-kernel";

/** A symmetric, positive definite matrix of `size` rows, padded to whole blocks. Only its lower half need be filled. */
export interface BlockMatrix {
  readonly size: number;
  /** Floats from one row to the next. */
  readonly stride: number;
  readonly values: Float32Array;
  /** Overwrites the lower half by that of the negative inverse. */
  invert(): void;
}

/**
 * Room for a matrix and its inverse, by the sweep operator (Goodnight, 1979), a block of 64 at a time: with D the block on
 * the diagonal, P the panel below and beside it,
 *
 *   A −= P D⁻¹ Pᵀ,  P becomes P D⁻¹,  D becomes −D⁻¹
 *
 * and when every block had its turn, A has become −A⁻¹. The blocks' algebra is ml-matrix's; the one product that takes
 * the time, size³/2 multiplications, is a kernel's.
 */
export function blockMatrix(size: number): BlockMatrix {
  const stride = Math.ceil(size / BLOCK) * BLOCK;
  const panelFloats = BLOCK * stride;
  const bytes = 4 * (stride * stride + panelFloats + BLOCK * BLOCK);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65_536) + 1 });
  const values = new Float32Array(memory.buffer, 0, stride * stride);
  /** Pᵀ: BLOCK rows of as many floats as the matrix has rows. */
  const panel = new Float32Array(memory.buffer, values.byteLength, panelFloats);
  /** P D⁻¹ of the rows of one block, four rows side by side as the kernel takes them. */
  const left = new Float32Array(memory.buffer, values.byteLength + panel.byteLength, BLOCK * BLOCK);
  const kernel = blockKernelOver(memory);
  for (let at = size; at < stride; at++) values[at * stride + at] = 1;
  const at = (row: number, column: number) => (row >= column ? row * stride + column : column * stride + row);

  function sweep(from: number): void {
    const inverse = invertedBlock(values, stride, from);
    for (let k = 0; k < BLOCK; k++) {
      for (let row = 0; row < stride; row++) panel[k * stride + row] = values[at(row, from + k)]!;
    }
    for (let block = 0; block < stride; block += BLOCK) {
      if (block === from) continue;
      const scaled = new Float32Array(BLOCK * BLOCK);
      for (let i = 0; i < BLOCK; i++) {
        for (let m = 0; m < BLOCK; m++) {
          const factor = panel[m * stride + block + i]!;
          for (let k = 0; k < BLOCK; k++) scaled[i * BLOCK + k]! += factor * inverse[m * BLOCK + k]!;
        }
      }
      for (let i = 0; i < BLOCK; i++) {
        const group = Math.floor(i / ROWS_AT_ONCE) * ROWS_AT_ONCE * BLOCK + (i % ROWS_AT_ONCE);
        for (let k = 0; k < BLOCK; k++) left[group + k * ROWS_AT_ONCE] = scaled[i * BLOCK + k]!;
      }
      subtractProduct(block);
      for (let i = 0; i < BLOCK; i++) {
        for (let k = 0; k < BLOCK; k++) values[at(block + i, from + k)] = scaled[i * BLOCK + k]!;
      }
    }
    for (let i = 0; i < BLOCK; i++) {
      for (let k = 0; k <= i; k++) values[(from + i) * stride + from + k] = -inverse[i * BLOCK + k]!;
    }
  }

  /** The rows of a block, up to the diagonal, but for the panel itself: that gets its own values afterwards. */
  function subtractProduct(block: number): void {
    for (let i = 0; i < BLOCK; i += ROWS_AT_ONCE) {
      const leftAt = left.byteOffset + 4 * i * BLOCK;
      const into = 4 * (block + i) * stride;
      kernel.subtract(into, 4 * stride, 4 * (block + BLOCK), leftAt, panel.byteOffset, 4 * stride);
    }
  }

  return {
    size,
    stride,
    values,
    invert: () => {
      for (let from = 0; from < stride; from += BLOCK) sweep(from);
    },
  };
}

function invertedBlock(values: Float32Array, stride: number, from: number): Float64Array {
  const block = new Matrix(BLOCK, BLOCK);
  for (let i = 0; i < BLOCK; i++) {
    for (let k = 0; k <= i; k++) {
      const value = values[(from + i) * stride + from + k]!;
      block.set(i, k, value);
      block.set(k, i, value);
    }
  }
  const cholesky = new CholeskyDecomposition(block);
  return Float64Array.from(cholesky.solve(Matrix.eye(BLOCK)).to1DArray());
}
