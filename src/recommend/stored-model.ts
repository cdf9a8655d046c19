import { z } from "zod";
import type { Features } from "./model/features";
import type { Model } from "./model/customer-vector";
import type { HabitOptions } from "./model/next-basket";
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
  /** How much of what customers buy they had bought before, from 0 to 1: see `repeatRateOf`. */
  readonly repeatRate: number;
  /** How its customers' habits fade; absent in models of older programs. */
  readonly habits?: HabitOptions | undefined;
}

/** Goes up when older programs could not read what is written any more. Format 1 had vectors and nothing else. */
const FORMAT = 2;

const Header = z.object({
  format: z.int().min(1).max(FORMAT),
  products: z.int().min(0),
  factors: z.int().min(0).optional(),
  largest_id: z.int().min(0),
  newest_day: z.number(),
  /** Names of features. */
  kinds: z.array(z.string()),
  /** How many features all products have together. */
  memberships: z.int().min(0).default(0),
  unknown: z.int().min(0).default(0),
  neighbours: z.int().min(0).default(0),
  together_width: z.int().min(0),
  settings: TrainingSettings,
  repeat_rate: z.number().min(0).max(1).default(0),
  habits: z.object({ order_decay: z.number(), half_life_days: z.number(), trend_share: z.number() }).optional(),
});

/**
 * One piece of bytes: the header's length, the header as JSON, and then the numbers in the order of `parts`, four bytes
 * each, little end first.
 */
export function packModel(model: StoredModel): Uint8Array {
  const { features, together, neighbours } = model;
  const header: z.infer<typeof Header> = {
    format: FORMAT,
    products: model.productIds.length,
    factors: model.factors,
    largest_id: model.largestId,
    newest_day: model.newestDay,
    kinds: [...features.names],
    memberships: features.members.length,
    unknown: features.unknown.length,
    neighbours: neighbours.products.length,
    together_width: together.width,
    settings: model.options,
    repeat_rate: model.repeatRate,
    habits: model.habits,
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Spaces up to the next four bytes, so that the numbers start where numbers may.
  const padding = new Uint8Array((4 - (text.length % 4)) % 4).fill(0x20);
  const length = Uint32Array.of(text.length + padding.length);
  const parts = [
    model.productIds,
    model.products,
    model.trend,
    features.vectors,
    features.trends,
    together.products,
    together.scores,
    features.starts,
    features.members,
    features.unknown,
    neighbours.starts,
    neighbours.products,
    neighbours.scores,
  ];
  return Bun.concatArrayBuffers([length, text, padding, ...parts].map(bytesOf), Infinity, true);
}

/** Throws when the bytes are not a model of this program. */
export function unpackModel(bytes: Uint8Array): StoredModel {
  // Numbers must not start at any address, as what a database hands over may.
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const headerLength = new DataView(buffer, byteOffset).getUint32(0, true);
  const header = Header.parse(
    JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, byteOffset + 4, headerLength))),
  );
  const {
    format,
    products: count,
    kinds: names,
    memberships,
    unknown,
    neighbours,
    together_width: width,
    settings,
  } = header;
  const factors = header.factors ?? settings.factors;
  let place = byteOffset + 4 + headerLength;
  const next = (length: number): [ArrayBuffer, number, number] => {
    place += 4 * length;
    if (place > byteOffset + byteLength) throw new Error("The stored model is cut off.");
    // No database hands over shared memory.
    return [buffer as ArrayBuffer, place - 4 * length, length];
  };
  const startsOf = (): Uint32Array => (format === 1 ? new Uint32Array(count + 1) : new Uint32Array(...next(count + 1)));
  const productIds = new Int32Array(...next(count));
  const products = new Float32Array(...next(count * factors));
  const trend = new Float32Array(...next(count));
  const vectors = new Float32Array(...next(names.length * factors));
  const trends = new Float32Array(...next(names.length));
  const together = {
    width,
    products: new Int32Array(...next(count * width)),
    scores: new Float32Array(...next(count * width)),
  };
  return {
    productIds,
    products,
    trend,
    features: {
      names,
      vectors,
      trends,
      starts: startsOf(),
      members: new Int32Array(...next(memberships)),
      unknown: new Int32Array(...next(unknown)),
    },
    together,
    neighbours: {
      starts: startsOf(),
      products: new Int32Array(...next(neighbours)),
      scores: new Float32Array(...next(neighbours)),
    },
    largestId: header.largest_id,
    newestDay: header.newest_day,
    factors,
    options: settings,
    repeatRate: header.repeat_rate,
    habits: header.habits,
  };
}

function bytesOf(array: ArrayBufferView): Uint8Array<ArrayBuffer> {
  // None of ours is shared memory.
  return new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
}
