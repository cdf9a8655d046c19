import { Act } from "../kit/act";
import { asked } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop } from "../kit/api";
import { Trouble } from "../kit/trouble";
import { about, day } from "../kit/format";
import * as words from "../words/admin";
import { Parcel } from "./parcel";
import { NEXT_STEPS, sayTaken, take } from "./order-steps";

/** Packing slips, one a page: what goes into each parcel and where it goes. */
export function Slips() {
  const ids = asked("ids")
    .split(",")
    .map(Number)
    .filter((id) => Number.isInteger(id) && id > 0);
  const answer = useAnswer(
    (signal) => Promise.all(ids.map((id) => shop("GET /orders/{id}", { path: { id }, signal }))),
    [asked("ids")],
  );
  const orders = answer.data ?? [];
  const toPack = orders.filter(({ status }) => status === "placed");
  const pack = async () => {
    const step = NEXT_STEPS.placed;
    if (!step) return;
    try {
      for (const order of toPack) await take(order, step);
      sayTaken(words.ordersArePacked(toPack.length), step, toPack, answer.again);
    } finally {
      answer.again();
    }
  };
  return (
    <>
      <Trouble of={answer} />
      <div class="row no-print">
        <button type="button" class="primary" onClick={() => print()}>
          {words.printSlips(orders.length)}
        </button>
        {toPack.length > 0 && <Act verb={words.markAsPacked(toPack.length)} work={pack} />}
      </div>
      {orders.map((order) => (
        <article key={order.id} class="slip">
          <header class="row">
            <h2>{about.value.name ?? words.packingSlip}</h2>
            <b>{words.orderName(order.id)}</b>
            <span>{day(order.placed_at)}</span>
          </header>
          {order.address && <Parcel to={order.address} />}
          <table>
            <thead>
              <tr>
                <th scope="col" class="number">
                  {words.units}
                </th>
                <th scope="col">{words.what}</th>
                <th scope="col">{words.code}</th>
                <th scope="col">{words.packed}</th>
              </tr>
            </thead>
            <tbody>
              {order.items
                .filter(({ qty, cancelled_qty }) => qty > cancelled_qty)
                .map((item) => (
                  <tr key={item.line}>
                    <td class="number">{item.qty - item.cancelled_qty}</td>
                    <th scope="row">{item.name}</th>
                    <td>{item.sku ?? ""}</td>
                    <td>☐</td>
                  </tr>
                ))}
            </tbody>
          </table>
          {order.customer_note && <blockquote>{order.customer_note}</blockquote>}
        </article>
      ))}
    </>
  );
}
