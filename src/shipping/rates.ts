import { fold, wordKey } from "../base/text";
import type { Destination } from "../base/destination";
import type { MethodRecord, StoredMethod } from "./queries";

/** What is to be delivered: what it comes to after the discount, what it weighs, and where it goes. */
export interface Parcel {
  goods_minor: number;
  grams: number;
  place: Destination;
}

/** A way of delivery with what it costs for a parcel. */
export interface Offer {
  method: StoredMethod;
  price_minor: number;
}

/** The ways that take a parcel: the cheapest first, then by position. */
export function offersFor(methods: readonly StoredMethod[], parcel: Parcel): Offer[] {
  return methods
    .filter((method) => method.is_active && reaches(method, parcel.place) && carries(method, parcel))
    .map((method) => ({ method, price_minor: priceFor(method, parcel) }))
    .toSorted(
      (one, other) =>
        one.price_minor - other.price_minor ||
        one.method.position - other.method.position ||
        one.method.id - other.method.id,
    );
}

/** Free from a sum on, else `price + per_kg · ⌈grams / 1000⌉`. */
function priceFor(method: MethodRecord, { goods_minor, grams }: Parcel): number {
  if (method.free_from_minor !== null && goods_minor >= method.free_from_minor) return 0;
  return method.price_minor + method.price_per_kg_minor * Math.ceil(grams / 1_000);
}

function carries(
  { min_total_minor, max_total_minor, max_grams }: MethodRecord,
  { goods_minor, grams }: Parcel,
): boolean {
  return (
    (min_total_minor === null || goods_minor >= min_total_minor) &&
    (max_total_minor === null || goods_minor <= max_total_minor) &&
    (max_grams === null || grams <= max_grams)
  );
}

/** A place of which something is not known is not among those that ask for it. */
function reaches({ countries, states, pincodes }: MethodRecord, place: Destination): boolean {
  const pincode = pincodeKey(place.pincode ?? "");
  return (
    (countries === null || countries.includes(place.country)) &&
    (states === null || states.some((state) => wordKey(state) === wordKey(place.state ?? ""))) &&
    (pincodes === null || pincodes.some((start) => pincode.startsWith(pincodeKey(start))))
  );
}

/** Digits of any script, small letters or large, with spaces or without. */
const pincodeKey = (pincode: string): string => fold(pincode).replaceAll(/[\s-]/g, "");
