import { useMemo, useState } from "preact/hooks";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, Form, Send } from "../kit/form";
import { about, day } from "../kit/format";
import { say } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import { CountLines, useUnits } from "../kit/units";
import * as words from "../words/shop";
import { State } from "../kit/state";
import { stateWord } from "../words/kit";

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
            <State of={one.status} /> {stateWord(one.kind)}, {day(one.requested_at)}:{" "}
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
  const units = useUnits();
  const key = useMemo(() => crypto.randomUUID(), []);
  const days = about.value.features?.return_days ?? 0;
  return (
    <Form
      class="stack"
      send={async ({ reason }) => {
        const body = { lines: units.lines, ...(reason !== undefined && { reason }) };
        const path = { id: order.id };
        const { kind } = await shop("POST /orders/{id}/returns", { path, body, idempotencyKey: key });
        say(kind === "withdrawal" ? words.withdrawn : words.returnAsked);
        done();
      }}
    >
      {days > 0 && <p class="quiet">{words.withdrawalAbout(days)}</p>}
      <CountLines of={order.items} mostOf={unitsOut} units={units} />
      <Field name="reason" label={words.reason} rows={2} maxlength={1_000} />
      <Send class="primary" disabled={units.count === 0}>
        {words.giveBackUnits(units.count)}
      </Send>
    </Form>
  );
}
