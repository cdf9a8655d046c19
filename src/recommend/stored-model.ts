import { z } from "zod";
import type { Model } from "./model/taste";
import { TrainingSettings } from "./schema";

/** A trained model as it lies in the database: the products by their ids, and what `Model` wants of each. */
export interface StoredModel extends Model {
  /** Rising. The place of an id is the product's row. */
  readonly productIds: Int32Array;
  readonly options: TrainingSettings;
}

/** Goes up when older programs could not read what is written any more, or newer ones what was. */
const FORMAT = 1;

const Header = z.object({
  format: z.literal(FORMAT),
  products: z.int().min(0),
  newest_day: z.number(),
  settings: TrainingSettings,
});

/**
 * One piece of bytes: the header's length, the header as JSON, and then ids, factors and trend, four bytes a number,
 * little end first.
 */
export function packModel({ productIds, products, trend, newestDay, options }: StoredModel): Uint8Array {
  const header: z.infer<typeof Header> = {
    format: FORMAT,
    products: productIds.length,
    newest_day: newestDay,
    settings: options,
  };
  const text = new TextEncoder().encode(JSON.stringify(header).padEnd(HEADER_BYTES));
  const length = new Uint8Array(Uint32Array.of(text.length).buffer);
  return Bun.concatArrayBuffers([length, text, productIds, products, trend].map(bytesOf), Infinity, true);
}

/** Room for every header, so that the numbers behind it start where numbers may. */
const HEADER_BYTES = 1_024;

/** Throws when the bytes are not a model of this program. */
export function unpackModel(bytes: Uint8Array): StoredModel {
  // A copy, because what a database hands over may start at any address.
  const buffer = bytes.slice().buffer;
  const headerLength = new DataView(buffer).getUint32(0, true);
  const header = Header.parse(JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, headerLength))));
  const count = header.products;
  const { factors } = header.settings;
  let place = 4 + headerLength;
  if (buffer.byteLength !== place + 4 * count * (factors + 2)) throw new Error("The stored model is cut off.");
  const next = (length: number) => (place += 4 * length) - 4 * length;
  return {
    productIds: new Int32Array(buffer, next(count), count),
    products: new Float32Array(buffer, next(count * factors), count * factors),
    trend: new Float32Array(buffer, next(count), count),
    factors,
    newestDay: header.newest_day,
    options: header.settings,
  };
}

function bytesOf(array: ArrayBufferView): Uint8Array<ArrayBuffer> {
  // None of ours is shared memory.
  return new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
}
