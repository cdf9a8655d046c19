import { z } from "zod";
import type { Features } from "./model/features";
import type { Model } from "./model/customer-vector";
import type { Together } from "./model/together";
import { TrainingSettings } from "./schema";

/** A trained model as it lies in the database: the products by their ids, and what `Model` wants of each. */
export interface StoredModel extends Model {
  /** The place of an id is the product's row. */
  readonly productIds: Int32Array;
  /** The largest of these: what is above came into the catalog later. */
  readonly largestId: number;
  readonly features: Features;
  readonly together: Together;
  readonly options: TrainingSettings;
}

/** Goes up when older programs could not read what is written any more, or newer ones what was. */
const FORMAT = 1;

const Header = z.object({
  format: z.literal(FORMAT),
  products: z.int().min(0),
  largest_id: z.int().min(0),
  newest_day: z.number(),
  kinds: z.array(z.string()),
  together_width: z.int().min(0),
  settings: TrainingSettings,
});

/**
 * One piece of bytes: the header's length, the header as JSON, and then the numbers in the order of `parts`, four bytes
 * each, little end first.
 */
export function packModel(model: StoredModel): Uint8Array {
  const header: z.infer<typeof Header> = {
    format: FORMAT,
    products: model.productIds.length,
    largest_id: model.largestId,
    newest_day: model.newestDay,
    kinds: [...model.features.names],
    together_width: model.together.width,
    settings: model.options,
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Spaces up to the next four bytes, so that the numbers start where numbers may.
  const padding = new Uint8Array((4 - (text.length % 4)) % 4).fill(0x20);
  const length = Uint32Array.of(text.length + padding.length);
  const { features, together } = model;
  const parts = [
    model.productIds,
    model.products,
    model.trend,
    features.vectors,
    features.trends,
    together.products,
    together.scores,
  ];
  return Bun.concatArrayBuffers([length, text, padding, ...parts].map(bytesOf), Infinity, true);
}

/** Throws when the bytes are not a model of this program. */
export function unpackModel(bytes: Uint8Array): StoredModel {
  // A copy, because what a database hands over may start at any address.
  const { buffer } = bytes.slice();
  const headerLength = new DataView(buffer).getUint32(0, true);
  const header = Header.parse(JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, headerLength))));
  const { products: count, kinds, together_width: width, settings } = header;
  const { factors } = settings;
  let place = 4 + headerLength;
  const next = (length: number): [ArrayBuffer, number, number] => {
    place += 4 * length;
    if (place > buffer.byteLength) throw new Error("The stored model is cut off.");
    return [buffer, place - 4 * length, length];
  };
  return {
    productIds: new Int32Array(...next(count)),
    products: new Float32Array(...next(count * factors)),
    trend: new Float32Array(...next(count)),
    features: {
      names: kinds,
      vectors: new Float32Array(...next(kinds.length * factors)),
      trends: new Float32Array(...next(kinds.length)),
    },
    together: {
      width,
      products: new Int32Array(...next(count * width)),
      scores: new Float32Array(...next(count * width)),
    },
    largestId: header.largest_id,
    newestDay: header.newest_day,
    factors,
    options: settings,
  };
}

function bytesOf(array: ArrayBufferView): Uint8Array<ArrayBuffer> {
  // None of ours is shared memory.
  return new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
}
