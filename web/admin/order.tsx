import { useState } from "preact/hooks";
import { to } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, FormFailure, useSending, valuesOf } from "../kit/form";
import { Icon } from "../kit/icon";
import { say } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import { moment, money } from "../kit/format";
import { NEXT_STEPS, take } from "./order-steps";
import { RefundDialog } from "./refund-dialog";

type Order = Shapes["Order"];

/** An order with everything that it was and is, and what can be done with it now. */
export function OrderPage({ id }: { id: number }) {
  const answer = useAnswer((signal) => shop("GET /orders/{id}", { path: { id }, signal }), [id]);
  const order = answer.data;
  return (
    <>
      <Trouble of={answer} />
      {order && <OrderView order={order} put={answer.put} />}
    </>
  );
}

function OrderView({ order, put }: { order: Order; put: (order: Order) => void }) {
  const [isRefunding, setRefunding] = useState(false);
  const { send, failure, isSending } = useSending();
  const next = NEXT_STEPS[order.status];
  const paid = order.payments.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0);
  const cancel = () => {
    const amount = paid > 0 ? ` and pay back ${money(paid, order.currency)}` : "";
    if (!confirm(`Cancel order ${order.id}${amount}?`)) return;
    void send(async () => {
      put(
        await shop("POST /orders/{id}/cancellation", { path: { id: order.id }, idempotencyKey: `cancel-${order.id}` }),
      );
      say(`Order ${order.id} is cancelled.`);
    });
  };
  return (
    <>
      <div class="row">
        <a href={to("orders")}>All orders</a>
        <span class={`state ${order.status}`}>{order.status}</span>
        <span class="state">{order.payment_status.replaceAll("_", " ")}</span>
        <time class="quiet" dateTime={order.placed_at}>
          {moment(order.placed_at)}
        </time>
      </div>
      <FormFailure failure={failure} />
      <div class="row">
        {next && (
          <button
            type="button"
            class="primary"
            disabled={isSending}
            onClick={() => void send(async () => put(await take(order.id, next)))}
          >
            {next.verb}
          </button>
        )}
        <a class="button" href={to(`slips?ids=${order.id}`)}>
          <Icon name="print" /> Packing slip
        </a>
        {paid > 0 && (
          <button type="button" onClick={() => setRefunding(true)}>
            Refund…
          </button>
        )}
        {(order.status === "placed" || order.status === "packed") && (
          <button type="button" class="danger" disabled={isSending} onClick={cancel}>
            Cancel order
          </button>
        )}
      </div>
      <Lines order={order} />
      <div class="columns">
        <Contact order={order} />
        <Money order={order} />
        <Notes order={order} put={put} />
        <History order={order} />
      </div>
      {isRefunding && <RefundDialog order={order} put={put} onClose={() => setRefunding(false)} />}
    </>
  );
}

function Lines({ order }: { order: Order }) {
  return (
    <section class="card">
      <table>
        <thead>
          <tr>
            <th scope="col">Product</th>
            <th scope="col" class="number">
              Units
            </th>
            <th scope="col" class="number">
              Price
            </th>
            <th scope="col" class="number">
              Sum
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
            <Sum name={`Discount ${order.coupon_code ?? ""}`} amount={-order.discount} of={order} />
          )}
          {order.shipping_method && <Sum name={order.shipping_method.name} amount={order.shipping} of={order} />}
          {order.taxes.map(({ name, tax }) => (
            <Sum key={name} name={name} amount={tax} of={order} />
          ))}
          <Sum name="Total" amount={order.total_amount} of={order} />
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
    [item.cancelled_qty, "taken off"],
    [item.returned_qty, "came back"],
    [item.refunded_qty, "paid back"],
  ] as const;
  const said = parts.filter(([qty]) => qty > 0).map(([qty, what]) => `${qty} ${what}`);
  return said.length > 0 ? <small class="quiet"> · {said.join(", ")}</small> : null;
}

function Contact({ order }: { order: Order }) {
  const { address, email } = order;
  return (
    <section class="card">
      <h2>Customer</h2>
      <p>
        <a href={to(`customers/${order.user_id}`)}>{address?.full_name ?? email ?? `Customer ${order.user_id}`}</a>
      </p>
      {email && <p class="quiet">{email}</p>}
      {address && (
        <address>
          {[address.address_line, `${address.pincode} ${address.city}`, address.state, address.country, address.phone]
            .filter(Boolean)
            .map((line) => (
              <div key={line}>{line}</div>
            ))}
        </address>
      )}
      {order.customer_note && <blockquote>{order.customer_note}</blockquote>}
      {order.tracking_number && (
        <p>
          {order.carrier ?? "Parcel"} {order.tracking_number}
        </p>
      )}
    </section>
  );
}

function Money({ order }: { order: Order }) {
  return (
    <section class="card">
      <h2>Money</h2>
      <ul class="plain">
        {order.payments.map((payment) => (
          <li key={payment.id}>
            {payment.provider}: {money(payment.amount, order.currency)}, {payment.state.replaceAll("_", " ")}
            {payment.flag && <span class="wrong"> {payment.flag}</span>}
          </li>
        ))}
        {order.refunds.map((refund) => (
          <li key={`r${refund.id}`}>
            Paid back {money(refund.amount, order.currency)}, {refund.state}
            {refund.reason && <span class="quiet"> ({refund.reason})</span>}
            {refund.failure && <span class="wrong"> {refund.failure}</span>}
          </li>
        ))}
      </ul>
      {order.payments.length === 0 && <p class="quiet">Came from elsewhere: there is no payment behind it.</p>}
    </section>
  );
}

function Notes({ order, put }: { order: Order; put: (order: Order) => void }) {
  const { send, failure, isSending } = useSending();
  return (
    <section class="card">
      <h2>Notes</h2>
      <ul class="plain">
        {order.notes.map(({ note, created_at }) => (
          <li key={created_at}>
            {note} <small class="quiet">{moment(created_at)}</small>
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          const { note = "" } = valuesOf(form);
          void send(async () =>
            put(await shop("POST /orders/{id}/notes", { path: { id: order.id }, body: { note } })),
          ).then((isSent) => isSent && form.reset());
        }}
      >
        <Field name="note" label="New note" failure={failure} rows={2} required maxlength={2_000} />
        <button disabled={isSending}>Add note</button>
      </form>
    </section>
  );
}

function History({ order }: { order: Order }) {
  return (
    <section class="card">
      <h2>History</h2>
      <ol class="history">
        {order.history.map(({ at, cause }) => (
          <li key={at + cause}>
            {cause.replaceAll("_", " ")} <small class="quiet">{moment(at)}</small>
          </li>
        ))}
      </ol>
    </section>
  );
}
