import { Act } from "../kit/act";
import { to } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { useLive } from "../kit/live";
import { SumTable } from "../kit/sum-table";
import { Trouble } from "../kit/trouble";
import { moment, money } from "../kit/format";
import * as words from "../words/shop";
import { State } from "../kit/state";
import { stateWord } from "../words/kit";
import { Returns } from "./returns";

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
          of={order.items.map((item) => [
            <>
              {item.qty} × <a href={to(`products/${item.product_id}`)}>{item.name}</a>
            </>,
            item.qty * item.price_at_purchase,
          ])}
          total={[words.total, order.total_amount]}
          currency={order.currency}
        />
      </section>
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
        {(order.status === "placed" || order.status === "packed") && (
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
