/** A function that works each answer out once and keeps it for good: for keys of which there are a fixed few. */
export function memoized<Key, Value extends string | number | boolean | object>(
  make: (key: Key) => Value,
): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = make(key);
    known.set(key, value);
    return value;
  };
}
