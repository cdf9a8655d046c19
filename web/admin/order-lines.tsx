import { to } from "../kit/address";
import { money } from "../kit/format";
import * as words from "../words/admin";
import type { Shapes } from "../kit/api";

type Order = Shapes["Order"];

export function Lines({ order }: { order: Order }) {
  return (
    <section class="card">
      <table>
        <thead>
          <tr>
            <th scope="col">{words.product}</th>
            <th scope="col" class="number">
              {words.units}
            </th>
            <th scope="col" class="number">
              {words.price}
            </th>
            <th scope="col" class="number">
              {words.sum}
            </th>
          </tr>
        </thead>
        <tbody>
          {order.items.map((item) => (
            <tr key={item.line}>
              <th scope="row">
                <a href={to(`products/${item.product_id}`)}>{item.name}</a>
                {item.sku && <small class="quiet"> {item.sku}</small>}
                <BackOf item={item} />
              </th>
              <td class="number">{item.qty}</td>
              <td class="number">{money(item.price_at_purchase, order.currency)}</td>
              <td class="number">{money(item.qty * item.price_at_purchase - item.discount, order.currency)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          {order.discount > 0 && (
            <Sum name={words.discountBy(order.coupon_code ?? "")} amount={-order.discount} of={order} />
          )}
          {order.shipping_method && <Sum name={order.shipping_method.name} amount={order.shipping} of={order} />}
          {order.taxes.map(({ name, tax }) => (
            <Sum key={name} name={name} amount={tax} of={order} />
          ))}
          <Sum name={words.total} amount={order.total_amount} of={order} />
        </tfoot>
      </table>
    </section>
  );
}

const Sum = ({ name, amount, of }: { name: string; amount: number; of: Order }) => (
  <tr>
    <th scope="row" colSpan={3}>
      {name}
    </th>
    <td class="number">{money(amount, of.currency)}</td>
  </tr>
);

/** What became of the units of a line, where that is not all the same. */
function BackOf({ item }: { item: Order["items"][number] }) {
  const parts = [
    [item.cancelled_qty, words.takenOff],
    [item.returned_qty, words.cameBackPart],
    [item.refunded_qty, words.paidBackPart],
  ] as const;
  const said = parts.filter(([qty]) => qty > 0).map(([qty, what]) => `${qty} ${what}`);
  return said.length > 0 ? <small class="quiet"> · {said.join(", ")}</small> : null;
}
