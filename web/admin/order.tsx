import { useRef, useState } from "preact/hooks";
import { Act } from "../kit/act";
import { to } from "../kit/address";
import { useCall } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Dialog } from "../kit/dialog";
import { Field, Form, Send } from "../kit/form";
import { Icon } from "../kit/icon";
import * as icons from "../kit/icons";
import { useLive } from "../kit/live";
import { say } from "../kit/toasts";
import { useVersion, type Versioned, versionOf } from "../kit/version";
import { Trouble } from "../kit/trouble";
import { moment, money } from "../kit/format";
import * as words from "../words/admin";
import { State } from "../kit/state";
import { stateWord } from "../words/kit";
import { Parcel } from "./parcel";
import { NEXT_STEPS, sayTaken, take } from "./order-steps";
import { RefundDialog } from "./refund-dialog";
import { ShipDialog } from "./ship-dialog";
import { Lines } from "./order-lines";

type Order = Shapes["Order"];

/** An order with everything that it was and is, and what can be done with it now. It is shown as it is, also while it changes. */
export function OrderPage({ id }: { id: number }) {
  const answer = useCall("GET /orders/{id}", { path: { id } });
  const order = answer.data;
  const shown = useRef(order);
  shown.current = order;
  useLive(`/orders/${id}/events`, () => {
    void (async () => {
      const now = await shop("GET /orders/{id}", { path: { id } });
      if (shown.current?.id !== id) return;
      if (shown.current.status !== now.status) say(words.orderIs(id, now.status));
      answer.put(now);
    })().catch(() => {});
  });
  return (
    <>
      <Trouble of={answer} />
      {order && <OrderView key={id} order={order} put={answer.put} />}
    </>
  );
}

type Opened = "refund" | "shipment" | undefined;

function OrderView({ order, put }: { order: Order; put: (order: Order) => void }) {
  const [opened, open] = useState<Opened>();
  const next = NEXT_STEPS[order.status];
  const paid = order.payments.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0);
  const verb = paid > 0 ? words.cancelAndPayBack(money(paid, order.currency)) : words.cancelOrder;
  const cancel = async () => {
    const path = { id: order.id };
    put(await shop("POST /orders/{id}/cancellation", { path, idempotencyKey: `cancel-${order.id}` }));
    say(words.orderIsCancelled(order.id));
  };
  const isOpen = order.status === "placed" || order.status === "packed";
  return (
    <>
      <div class="row">
        <a href={to("orders")}>{words.allOrders}</a>
        <State of={order.status} />
        <State of={order.payment_status} like="" />
        <time class="quiet" dateTime={order.placed_at}>
          {moment(order.placed_at)}
        </time>
      </div>
      <div class="row acts">
        {next && (
          <Act
            verb={next.verb}
            class="primary"
            work={async () => {
              put(await take(order, next));
              sayTaken(words.orderIs(order.id, next.to), next, [order], put);
            }}
          />
        )}
        {isOpen && (
          <button type="button" onClick={() => open("shipment")}>
            {words.shipPart}
          </button>
        )}
        <a class="button" href={to(`slips?ids=${order.id}`)}>
          <Icon of={icons.print} /> {words.packingSlip}
        </a>
        {paid > 0 && (
          <button type="button" onClick={() => open("refund")}>
            {words.refund}
          </button>
        )}
        {isOpen && (
          <Act verb={words.cancelOrder} class="danger" ask={[words.cancelAsk(order.id), verb]} work={cancel} />
        )}
      </div>
      <Flags order={order} put={put} />
      <Lines order={order} />
      <div class="columns">
        <Contact order={order} put={put} />
        <Money order={order} put={put} />
        <Notes order={order} put={put} />
        <History order={order} />
      </div>
      {opened === "refund" && <RefundDialog order={order} put={put} onClose={() => open(undefined)} />}
      {opened === "shipment" && <ShipDialog order={order} put={put} onClose={() => open(undefined)} />}
    </>
  );
}

/** What needs a person: it stays until one has said what they did. */
function Flags({ order, put }: { order: Order; put: (order: Order) => void }) {
  const flags = order.payments.flatMap(({ flag }) => flag ?? []);
  if (flags.length === 0) return null;
  return (
    <Form
      class="card stack flagged"
      send={async ({ note = "" }) =>
        put(await shop("POST /orders/{id}/resolution", { path: { id: order.id }, body: { note } }))
      }
    >
      {flags.map((flag) => (
        <p key={flag} class="wrong">
          {flag}
        </p>
      ))}
      <Field name="note" label={words.whatYouDid} required maxlength={2_000} />
      <Send>{words.seenTo}</Send>
    </Form>
  );
}

function Contact({ order, put }: { order: Order; put: (order: Order) => void }) {
  const { address, email } = order;
  const [edited, setEdited] = useState<Versioned<Order>>();
  return (
    <section class="card">
      <h2>{words.customer}</h2>
      <p>
        <a href={to(`customers/${order.user_id}`)}>
          {address?.full_name ?? email ?? words.customerTitle(String(order.user_id))}
        </a>
      </p>
      {email && <p class="quiet">{email}</p>}
      {address && <Parcel to={{ ...address, full_name: null }} />}
      {order.customer_note && <blockquote>{order.customer_note}</blockquote>}
      {order.tracking_number && (
        <p>
          {order.carrier ?? words.parcel} {order.tracking_number}
        </p>
      )}
      <Act verb={words.edit} work={async () => setEdited(versionOf(await read(order.id)))} />
      {edited && (
        <EditContact
          key={edited.etag}
          of={edited}
          saved={(now) => {
            put(now.record);
            setEdited(undefined);
          }}
          onClose={() => setEdited(undefined)}
        />
      )}
    </section>
  );
}

const read = (id: number) => shop.full("GET /orders/{id}", { path: { id } });

interface EditProps {
  of: Versioned<Order>;
  saved: (now: Versioned<Order>) => void;
  onClose: () => void;
}

const titled = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

type OrderChange = Shapes["OrderChange"];
const ADDRESS = ["full_name", "phone", "address_line", "city", "state", "pincode", "country"] as const;

/** Where an order goes and where its mails go: put right as long as it has not left. */
function EditContact({ of, saved, onClose }: EditProps) {
  const { record: order } = of;
  const { address } = order;
  const path = { id: order.id };
  const { save, clash } = useVersion<Order, OrderChange>({
    of,
    place: `orders/${order.id}`,
    read: () => read(order.id),
    write: (body, ifMatch) => shop.full("PATCH /orders/{id}", { path, body, ...(ifMatch && { ifMatch }) }),
    saved,
  });
  return (
    <Dialog title={words.customer} onClose={onClose}>
      <Form
        class="stack"
        send={({ email, ...place }) => {
          const isMoved = ADDRESS.some((name) => (place[name] ?? null) !== (address?.[name] ?? null));
          return save({
            ...(email && email !== order.email && { email }),
            // All of it, as its fields have it.
            ...(isMoved && { address: { label: address?.label ?? "", ...place } as OrderChange["address"] & object }),
          });
        }}
      >
        <div class="columns">
          <Field name="email" label={words.eMail} value={order.email} />
          {address &&
            ADDRESS.map((name) => (
              <Field key={name} name={name} label={titled(stateWord(name))} value={address[name]} />
            ))}
        </div>
        {clash}
        <Send class="primary">{words.save}</Send>
      </Form>
    </Dialog>
  );
}

function Money({ order, put }: { order: Order; put: (order: Order) => void }) {
  const retry = async (refund_id: number) => {
    const path = { id: order.id, refund_id };
    put(await shop("POST /orders/{id}/refunds/{refund_id}/retry", { path, idempotencyKey: crypto.randomUUID() }));
  };
  return (
    <section class="card">
      <h2>{words.money}</h2>
      <ul class="plain">
        {order.payments.map((payment) => (
          <li key={payment.id}>
            {payment.provider}: {money(payment.amount, order.currency)}, {stateWord(payment.state)}
            {payment.flag && <span class="wrong"> {payment.flag}</span>}
          </li>
        ))}
        {order.refunds.map((refund) => (
          <li key={`r${refund.id}`}>
            {words.paidBack(money(refund.amount, order.currency), stateWord(refund.state))}
            {refund.reason && <span class="quiet"> ({refund.reason})</span>}
            {refund.failure && <span class="wrong"> {refund.failure}</span>}
            {refund.state === "failed" && refund.resent_as === null && (
              <Act verb={words.tryAgain} work={() => retry(refund.id)} />
            )}
          </li>
        ))}
      </ul>
      {order.payments.length === 0 && <p class="quiet">{words.cameFromElsewhereThere}</p>}
    </section>
  );
}

function Notes({ order, put }: { order: Order; put: (order: Order) => void }) {
  return (
    <section class="card">
      <h2>{words.notes}</h2>
      <ul class="plain">
        {order.notes.map(({ note, created_at }) => (
          <li key={created_at}>
            {note} <small class="quiet">{moment(created_at)}</small>
          </li>
        ))}
      </ul>
      <Form
        class="stack"
        send={async ({ note = "" }, form) => {
          put(await shop("POST /orders/{id}/notes", { path: { id: order.id }, body: { note } }));
          form.reset();
        }}
      >
        <Field name="note" label={words.newNote} rows={2} required maxlength={2_000} />
        <Send>{words.addNote}</Send>
      </Form>
    </section>
  );
}

function History({ order }: { order: Order }) {
  return (
    <section class="card">
      <h2>{words.history}</h2>
      <ol class="history">
        {order.history.map(({ at, cause }) => (
          <li key={at + cause}>
            {stateWord(cause)} <small class="quiet">{moment(at)}</small>
          </li>
        ))}
      </ol>
    </section>
  );
}
