/** Up to `size` at a time. */
export function* batches<Item>(items: Iterable<Item>, size: number): Generator<Item[]> {
  let batch: Item[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The ids of these keys, in their order. All of them must be there. */
export function idsOf(keys: readonly string[], ids: ReadonlyMap<string, number>): number[] {
  return keys.map((key) => {
    const id = ids.get(key);
    if (id === undefined) throw new Error(`${key} was just written, but it is not there.`);
    return id;
  });
}
