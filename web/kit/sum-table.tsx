import type { ComponentChildren } from "preact";
import { money } from "./format";

type Sum = readonly [name: ComponentChildren, amount: number];

const Row = ({ of: [name, amount], currency }: { of: Sum; currency: string }) => (
  <tr>
    <th scope="row">{name}</th>
    <td class="number">{money(amount, currency)}</td>
  </tr>
);

/** What something comes to, line by line. */
export const SumTable = ({ of, total, currency }: { of: readonly Sum[]; total: Sum; currency: string }) => (
  <table>
    <tbody>
      {of.map((sum, at) => (
        <Row key={at} of={sum} currency={currency} />
      ))}
    </tbody>
    <tfoot>
      <Row of={total} currency={currency} />
    </tfoot>
  </table>
);
