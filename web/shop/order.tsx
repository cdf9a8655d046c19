import { Act } from "../kit/act";
import { to } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { useLive } from "../kit/live";
import { SumTable } from "../kit/sum-table";
import { Trouble } from "../kit/trouble";
import { day, moment, money } from "../kit/format";
import * as words from "../words/shop";
import { State } from "../kit/state";
import { stateWord } from "../words/kit";
import { Returns } from "./returns";
import { taxesOf } from "./sums";

const MOVING = new Set<Shapes["Order"]["status"]>(["placed", "packed", "shipped"]);

/** An order as its customer follows it: what it is, where it is, and what can still be done. */
export function OrderPage({ id, hasPaid = false }: { id: number; hasPaid?: boolean }) {
  const answer = useAnswer(
    async (signal) => {
      // Who comes back from the gateway need not wait until it tells the shop: the shop asks.
      if (hasPaid) await shop("POST /orders/{id}/payment", { path: { id }, signal }).catch(() => {});
      return shop("GET /orders/{id}", { path: { id }, signal });
    },
    [id],
  );
  const order = answer.data;
  useLive(`/orders/${id}/events`, () => {
    void shop("GET /orders/{id}", { path: { id } }).then(answer.put, () => {});
  });
  return (
    <>
      <Trouble of={answer} />
      {order && <OrderView order={order} put={answer.put} />}
    </>
  );
}

function OrderView({ order, put }: { order: Shapes["Order"]; put: (order: Shapes["Order"]) => void }) {
  const path = { id: order.id };
  const isUnpaid = order.payment_status === "pending" && order.payment_method !== "cod" && order.status === "placed";
  return (
    <>
      <h1>{words.order(order.id)}</h1>
      <Steps status={order.status} />
      <p role="status">
        <State of={order.status} /> {stateWord(order.payment_status)}
        {order.delivery_eta && MOVING.has(order.status) && (
          <span class="quiet"> {words.expected(moment(order.delivery_eta))}</span>
        )}
      </p>
      <section class="card">
        <SumTable
          of={[
            ...order.items.map((item) => [<Line of={item} />, item.qty * item.price_at_purchase] as const),
            ...(order.discount > 0 ? [[words.discount, -order.discount] as const] : []),
            ...(order.shipping > 0 || order.shipping_method
              ? [[order.shipping_method?.name ?? words.delivery, order.shipping] as const]
              : []),
            ...(order.tax > 0 ? taxesOf(order) : []),
          ]}
          total={[words.total, order.total_amount]}
          within={[
            ...(order.tax > 0 ? [] : taxesOf(order)),
            ...(order.amount_due > 0 ? [[words.toPay, order.amount_due] as const] : []),
            ...order.refunds
              .filter(({ state }) => state !== "failed")
              .map(({ amount, state, created_at }) => {
                const when = words.paidBackOn(day(created_at));
                return [state === "done" ? when : `${when}, ${words.onItsWay}`, -amount] as const;
              }),
          ]}
          currency={order.currency}
        />
      </section>
      <div class="columns">
        {order.address && (
          <section class="card">
            <h2>{words.whereItGoes}</h2>
            <address>
              {[order.address.full_name, order.address.address_line, `${order.address.pincode} ${order.address.city}`]
                .filter((line) => line?.trim())
                .map((line) => (
                  <div key={line}>{line}</div>
                ))}
            </address>
          </section>
        )}
        {order.shipments.map(({ id, shipped_at, carrier, tracking_number, lines }) => (
          <section key={id} class="card">
            <h2>{words.parcel(day(shipped_at))}</h2>
            {tracking_number !== null && <p>{[carrier, tracking_number].filter(Boolean).join(", ")}</p>}
            {lines.map(({ line, qty }) => (
              <div key={line}>
                {qty} × {order.items.find((item) => item.line === line)?.name}
              </div>
            ))}
          </section>
        ))}
      </div>
      <div class="row">
        {isUnpaid && (
          <Act
            verb={words.pay(money(order.amount_due, order.currency))}
            class="primary"
            work={async () => {
              const { payment_url } = await shop("POST /orders/{id}/payment", { path });
              if (payment_url) location.assign(payment_url);
              else put(await shop("GET /orders/{id}", { path }));
            }}
          />
        )}
        {(order.status === "placed" || order.status === "packed") && order.shipments.length === 0 && (
          <Act
            verb={words.cancelOrder}
            ask={[words.cancelAsk(order.id), words.cancelOrder]}
            work={async () =>
              put(await shop("POST /orders/{id}/cancellation", { path, idempotencyKey: `cancel-${order.id}` }))
            }
          />
        )}
      </div>
      <Returns order={order} />
      <ol class="history">
        {order.history.map(({ at, cause }) => (
          <li key={at + cause}>
            {stateWord(cause)} <small class="quiet">{moment(at)}</small>
          </li>
        ))}
      </ol>
    </>
  );
}

/** What was bought, what it was less by its part of a discount, and what became of its units. */
const Line = ({ of: item }: { of: Shapes["Order"]["items"][number] }) => (
  <>
    {item.qty} × <a href={to(`products/${item.product_id}`)}>{item.name}</a>
    {item.cancelled_qty > 0 && <small class="quiet"> {words.cancelledUnits(item.cancelled_qty)}</small>}
    {item.returned_qty > 0 && <small class="quiet"> {words.returnedUnits(item.returned_qty)}</small>}
  </>
);

const WAY = ["placed", "packed", "shipped", "delivered"] as const;

/** How far it has come; nothing for what left the usual way. */
function Steps({ status }: { status: Shapes["Order"]["status"] }) {
  const at = WAY.findIndex((step) => step === status);
  if (at < 0) return null;
  return (
    <ol class="steps">
      {WAY.map((step, index) => (
        <li key={step} class={index <= at ? "done" : ""} aria-current={index === at ? "step" : undefined}>
          {stateWord(step)}
        </li>
      ))}
    </ol>
  );
}
