import type { ComponentChildren } from "preact";
import * as words from "../words/admin";

/** A plain table: the first cell of a row names it. Where it is wider than the page it scrolls by itself. */
export const Table = ({ head, rows }: { head: readonly string[]; rows: readonly (readonly ComponentChildren[])[] }) => (
  <div class="scrolls" tabIndex={0} role="region" aria-label={head[0] ?? words.what}>
    <table>
      <thead>
        <tr>
          {head.map((name) => (
            <th key={name} scope="col">
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
              <td key={place}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
