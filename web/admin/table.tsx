import type { ComponentChildren } from "preact";

interface Props {
  /** The names of the columns; those of figures, which stand at the end of their cells, in brackets. */
  head: readonly (string | readonly [string])[];
  rows: readonly (readonly ComponentChildren[])[];
  /** Where it is longer than a part of the screen it scrolls by itself too. */
  isLong?: boolean;
}

/** A plain table: the first cell of a row names it. Where it is wider than the page it scrolls by itself. */
export const Table = ({ head, rows, isLong }: Props) => {
  const classOf = (place: number) => (typeof head[place] === "string" ? undefined : "number");
  return (
    <div class={isLong ? "preview" : "scrolls"} tabIndex={0} role="region" aria-label={head.join(", ")}>
      <table>
        <thead>
          <tr>
            {head.map((name, place) => (
              <th key={place} scope="col" class={classOf(place)}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...cells], at) => (
            <tr key={at}>
              <th scope="row">{name}</th>
              {cells.map((cell, place) => (
                <td key={place} class={classOf(place + 1)}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
