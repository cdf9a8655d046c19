import { BoundedMap } from "../../base/bounded-map";
import { fold } from "../../base/text";

/** Numbers with what they count, sets and packs: `500 g`, `1.5 l`, `pack of 6`, `2 x`. */
const SIZE =
  /\b(?:(?:pack|set|box|case|bundle)\s+of\s+\d+|\d+(?:[.,]\d+)?\s*(?:x\s*\d+(?:[.,]\d+)?\s*)?(?:g|gm|gms|gram|grams|kg|kgs|mg|ml|cl|l|lt|ltr|ltrs|litre|litres|liter|liters|oz|lb|lbs|m|cm|mm|inch|pc|pcs|piece|pieces|pack|packs|ct|count|tablets|sachets|rolls|sheets|bags|x))\b/g;

/** What products were called of late, and what kinds that made: most are asked about again and again. */
const kinds = new BoundedMap<string, string>(20_000);

/** What a product is, whatever size its pack has: products of one category with the same key are of one kind. */
export function kindOf({ name, category }: { name: string; category: string }): string {
  const label = `${category}\n${name}`;
  const known = kinds.get(label);
  if (known !== undefined) return known;
  const words =
    fold(name)
      .replace(SIZE, " ")
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const kind = `${category}\n${words.length > 0 ? words.toSorted().join(" ") : name}`;
  kinds.set(label, kind);
  return kind;
}

/** Of each kind the first, and behind all of these what was left out, to fill a list that would be too short. */
export function oneOfAKind<Some>(ranked: readonly Some[], keyOf: (some: Some) => string): Some[] {
  const seen = new Set<string>();
  const others: Some[] = [];
  const first = ranked.filter((some) => {
    const key = keyOf(some);
    if (seen.has(key)) others.push(some);
    return seen.size < seen.add(key).size;
  });
  return [...first, ...others];
}
