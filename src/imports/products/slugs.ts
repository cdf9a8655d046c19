import { fold } from "../../base/text";

const LONGEST = 150;

/** A slug made of a name or of what another program calls a product; the same for the same words, in any script. */
export function slugFrom(words: string): string {
  const slug = fold(words)
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/-{2,}/g, "-")
    .replace(/^[^a-z0-9]+|-+$/g, "")
    .slice(0, LONGEST);
  // Names without a Latin letter are told apart by a number made of them.
  return slug === "" ? `product-${Bun.hash.crc32(words).toString(36)}` : slug;
}
