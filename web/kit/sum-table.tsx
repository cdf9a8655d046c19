import type { ComponentChildren } from "preact";
import { money } from "./format";

type Sum = readonly [name: ComponentChildren, amount: number];

const Row = ({ of: [name, amount], currency }: { of: Sum; currency: string }) => (
  <tr>
    <th scope="row">{name}</th>
    <td class="number">{money(amount, currency)}</td>
  </tr>
);

interface Sums {
  of: readonly Sum[];
  total: Sum;
  /** What is part of the total already: it does not add up with the rest. */
  within?: readonly Sum[];
  currency: string;
}

/** What something comes to, line by line. */
export const SumTable = ({ of, total, within = [], currency }: Sums) => (
  <table>
    <tbody>
      {of.map((sum, at) => (
        <Row key={at} of={sum} currency={currency} />
      ))}
    </tbody>
    <tfoot>
      <Row of={total} currency={currency} />
      {within.map(([name, amount], at) => (
        <tr key={at} class="quiet">
          <th scope="row">{name}</th>
          <td class="number">{money(amount, currency)}</td>
        </tr>
      ))}
    </tfoot>
  </table>
);
