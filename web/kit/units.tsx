import { useState } from "preact/hooks";
import * as words from "../words/kit";

interface Units {
  of: (line: number) => number;
  set: (line: number, qty: number) => void;
  /** Those lines of which there are any. */
  lines: { line: number; qty: number }[];
  count: number;
}

/** How many units of each line of an order somebody means. */
export function useUnits(usual: readonly (readonly [line: number, qty: number])[] = []): Units {
  const [units, setUnits] = useState<ReadonlyMap<number, number>>(new Map(usual));
  const lines = [...units].filter(([, qty]) => qty > 0).map(([line, qty]) => ({ line, qty }));
  return {
    of: (line) => units.get(line) ?? 0,
    set: (line, qty) => setUnits((before) => new Map(before).set(line, qty)),
    lines,
    count: lines.reduce((sum, { qty }) => sum + qty, 0),
  };
}

interface CountProps {
  value: number;
  most: number;
  label: string;
  onChange: (count: number) => void;
}

/** A number up to what there is. */
export const Count = ({ value, most, label, onChange }: CountProps) => (
  <label class="line">
    <select value={value} onChange={({ currentTarget }) => onChange(Number(currentTarget.value))}>
      {Array.from({ length: most + 1 }, (_, count) => (
        <option key={count} value={count}>
          {count}
        </option>
      ))}
    </select>
    {label}
  </label>
);

interface LinesProps<Item> {
  of: readonly Item[];
  mostOf: (item: Item) => number;
  units: Units;
}

/** A number for each line of which there is something left. */
export const CountLines = <Item extends { line: number; name: string }>({ of, mostOf, units }: LinesProps<Item>) => (
  <>
    {of.map((item) => {
      const most = mostOf(item);
      if (most <= 0) return null;
      return (
        <Count
          key={item.line}
          value={units.of(item.line)}
          most={most}
          label={words.ofMost(most, item.name)}
          onChange={(qty) => units.set(item.line, qty)}
        />
      );
    })}
  </>
);
