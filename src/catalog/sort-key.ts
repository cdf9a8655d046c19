/** A name as it is sorted by: without case and accents, so that both engines, which sort by code point, agree with people. */
export function sortKey(name: string): string {
  return name.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().trim();
}
