/**
 * A map that holds `most` entries at most and forgets what was written long ago. It keeps two generations and drops the
 * older one whole: taking the oldest entry out of a Map, one by one, costs 100 µs each under Bun.
 */
export class BoundedMap<Key, Value> {
  private fresh = new Map<Key, Value>();
  private old = new Map<Key, Value>();

  constructor(private readonly most: number) {}

  get(key: Key): Value | undefined {
    return this.fresh.get(key) ?? this.old.get(key);
  }

  set(key: Key, value: Value): void {
    if (this.fresh.size >= this.most / 2 && !this.fresh.has(key)) {
      this.old = this.fresh;
      this.fresh = new Map();
    }
    this.fresh.set(key, value);
  }

  delete(key: Key): void {
    this.fresh.delete(key);
    this.old.delete(key);
  }
}
