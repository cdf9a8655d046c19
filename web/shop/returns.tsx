import { useMemo, useState } from "preact/hooks";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, FormFailure, useSending, valuesOf } from "../kit/form";
import { about, day } from "../kit/format";
import { say } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import * as words from "../words/shop";
import { State } from "../kit/state";

type Order = Shapes["Order"];

/** What a customer gives back of an order, and how it stands. Within the days of withdrawal no reason has to be given. */
export function Returns({ order }: { order: Order }) {
  const list = useAnswer(
    (signal) => shop("GET /orders/{id}/returns", { path: { id: order.id }, signal }),
    [order.id, order.status],
  );
  const [wants, setWants] = useState(false);
  if (order.status === "cancelled" || order.items.every((item) => item.shipped_qty === 0)) return null;
  const canGiveBack = order.status !== "returned" && order.items.some((item) => unitsOut(item) > 0);
  return (
    <section class="card stack">
      <h2>{words.returns}</h2>
      <Trouble of={list} />
      <ul class="plain">
        {list.data?.map((one) => (
          <li key={one.id}>
            <State of={one.status} /> {one.kind}, {day(one.requested_at)}:{" "}
            {one.lines.map(({ name, qty }) => `${qty} × ${name}`).join(", ")}
            {one.note && <blockquote>{one.note}</blockquote>}
          </li>
        ))}
      </ul>
      {canGiveBack && !wants && (
        <button type="button" onClick={() => setWants(true)}>
          {words.giveBack}
        </button>
      )}
      {canGiveBack && wants && (
        <ReturnForm
          order={order}
          done={() => {
            setWants(false);
            list.again();
          }}
        />
      )}
    </section>
  );
}

const unitsOut = (item: Order["items"][number]) => item.shipped_qty - item.returned_qty;

function ReturnForm({ order, done }: { order: Order; done: () => void }) {
  const { send, failure, isSending } = useSending();
  const [units, setUnits] = useState<ReadonlyMap<number, number>>(new Map());
  const key = useMemo(() => crypto.randomUUID(), []);
  const lines = [...units].filter(([, qty]) => qty > 0).map(([line, qty]) => ({ line, qty }));
  const count = lines.reduce((sum, { qty }) => sum + qty, 0);
  const days = about.value.features?.return_days ?? 0;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const { reason } = valuesOf(event.currentTarget);
        void send(async () => {
          const body = { lines, ...(reason !== undefined && { reason }) };
          const { kind } = await shop("POST /orders/{id}/returns", {
            path: { id: order.id },
            body,
            idempotencyKey: key,
          });
          say(kind === "withdrawal" ? words.withdrawn : words.returnAsked);
          done();
        });
      }}
    >
      {days > 0 && <p class="quiet">{words.withdrawalAbout(days)}</p>}
      {order.items.map((item) => {
        const most = unitsOut(item);
        if (most <= 0) return null;
        return (
          <label key={item.line} class="line">
            <select
              value={units.get(item.line) ?? 0}
              onChange={({ currentTarget }) =>
                setUnits((before) => new Map(before).set(item.line, Number(currentTarget.value)))
              }
            >
              {Array.from({ length: most + 1 }, (_, qty) => (
                <option key={qty} value={qty}>
                  {qty}
                </option>
              ))}
            </select>
            {words.ofMost(most, item.name)}
          </label>
        );
      })}
      <Field name="reason" label={words.reason} rows={2} failure={failure} maxlength={1_000} />
      <FormFailure failure={failure} />
      <button class="primary" disabled={isSending || count === 0}>
        {words.giveBackUnits(count)}
      </button>
    </form>
  );
}
