/** The ids of these keys, in their order. All of them must be there. */
export function idsOf(keys: readonly string[], ids: ReadonlyMap<string, number>): number[] {
  return keys.map((key) => {
    const id = ids.get(key);
    if (id === undefined) throw new Error(`${key} was just written, but it is not there.`);
    return id;
  });
}
