/** A lane: those who wait in it, and the lanes within it. */
interface Lane<Item> {
  size: number;
  items: Item[];
  lanes: Map<string, Lane<Item>>;
}

const newLane = <Item>(): Lane<Item> => ({ size: 0, items: [], lanes: new Map() });

/**
 * A line in which lanes take turns, and within a lane the lanes of it: a client who stands in it a hundred times, or once in
 * each of a hundred networks of one site, is waited for once by everybody else. Where one stands is a path of names, the
 * widest first.
 */
export class FairLine<Item> {
  private readonly all = newLane<Item>();

  get size(): number {
    return this.all.size;
  }

  push(path: readonly string[], item: Item): void {
    let lane = this.all;
    lane.size++;
    for (const name of path) {
      const inner = lane.lanes.get(name) ?? newLane<Item>();
      lane.lanes.set(name, inner);
      inner.size++;
      lane = inner;
    }
    lane.items.push(item);
  }

  /** The next whose turn it is. */
  shift(): Item | undefined {
    return this.all.size === 0 ? undefined : takeFirst(this.all);
  }

  /** How many wait in this very lane. */
  lengthOf(path: readonly string[]): number {
    let lane: Lane<Item> | undefined = this.all;
    for (const name of path) lane = lane?.lanes.get(name);
    return lane?.size ?? 0;
  }

  /**
   * Takes the newest out of the longest lane, to make room for one more on `path`; undefined where that one would stand in a
   * lane as long, and is the one that there is no room for.
   */
  makeRoomFor(path: readonly string[]): Item | undefined {
    const longest = Math.max(0, ...[...this.all.lanes.values()].map(({ size }) => size));
    if (this.lengthOf(path.slice(0, 1)) + 1 >= longest) return undefined;
    return dropLast(this.all);
  }
}

/** Its lane goes to the end of the line. */
function takeFirst<Item>(lane: Lane<Item>): Item | undefined {
  lane.size--;
  for (const [name, inner] of lane.lanes) {
    lane.lanes.delete(name);
    const item = takeFirst(inner);
    if (inner.size > 0) lane.lanes.set(name, inner);
    return item;
  }
  return lane.items.shift();
}

function dropLast<Item>(lane: Lane<Item>): Item | undefined {
  lane.size--;
  let longest: [string, Lane<Item>] | undefined;
  for (const entry of lane.lanes) if (!longest || entry[1].size >= longest[1].size) longest = entry;
  if (!longest) return lane.items.pop();
  const item = dropLast(longest[1]);
  if (longest[1].size === 0) lane.lanes.delete(longest[0]);
  return item;
}
