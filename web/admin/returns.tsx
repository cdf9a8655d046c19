import { useRef } from "preact/hooks";
import { asked, go, pageAsked, to, withQuery } from "../kit/address";
import { Ago } from "../kit/ago";
import { useCall, usePage } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { anyOf, Choice } from "../kit/choice";
import { Field, Form, Send } from "../kit/form";
import { day } from "../kit/format";
import { List } from "../kit/list";
import { say } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import * as words from "../words/admin";
import { State } from "../kit/state";
import { ReturnReceipt } from "./return-receipt";
import { Table } from "./table";

type Return = Shapes["Return"];
const SIZE = 20;
const STATUSES = ["open", "requested", "approved", "received", "refused"] as const;

export function Returns() {
  const page = pageAsked();
  const status = STATUSES.find((one) => one === asked("status"));
  const list = usePage("GET /returns", {
    query: { page, size: SIZE, ...(status === "open" ? { open: true } : { status }) },
  });
  return (
    <>
      <Choice
        label={words.state}
        of={anyOf(words.all, STATUSES)}
        chosen={status ?? ""}
        choose={(next) => go(withQuery({ status: next }))}
      />
      <List
        what={words.returnsWhat}
        of={list}
        idOf={({ id }) => id}
        nameColumn={words.returnColumn}
        nameOf={({ id }) => id}
        hrefOf={({ id }) => to(`returns/${id}`)}
        columns={[
          { name: words.order, cell: ({ order_id }) => <a href={to(`orders/${order_id}`)}>{order_id}</a> },
          { name: words.kind, cell: ({ kind }) => kind },
          { name: words.units, cell: ({ lines }) => lines.reduce((sum, { qty }) => sum + qty, 0), isNumber: true },
          { name: words.asked, cell: ({ requested_at }) => <Ago at={requested_at} /> },
          { name: words.state, cell: ({ status: now }) => <State of={now} /> },
        ]}
        size={SIZE}
        empty={words.noReturns}
      />
    </>
  );
}

export function ReturnPage({ id }: { id: number }) {
  const answer = useCall("GET /returns/{id}", { path: { id } });
  const known = answer.data;
  return (
    <>
      <a href={to("returns")}>{words.allReturns}</a>
      <Trouble of={answer} />
      {known && (
        <>
          <div class="row">
            <State of={known.status} /> <State of={known.kind} like="" />
            <a href={to(`orders/${known.order_id}`)}>{words.orderName(known.order_id)}</a>
            <span class="quiet">{day(known.requested_at)}</span>
          </div>
          <Said by={words.theirReason} what={known.reason} />
          <Said by={words.yourAnswer} what={known.note} />
          <Lines of={known} />
          {known.status === "requested" && known.kind === "return" && <Decision of={known} put={answer.put} />}
          {known.status === "requested" && known.kind === "withdrawal" && <p>{words.withdrawalNote}</p>}
          {(known.status === "approved" || (known.status === "requested" && known.kind === "withdrawal")) && (
            <ReturnReceipt of={known} put={answer.put} />
          )}
        </>
      )}
    </>
  );
}

function Said({ by, what }: { by: string; what: string | null }) {
  if (what === null) return null;
  return (
    <section class="card">
      <h2>{by}</h2>
      <blockquote>{what}</blockquote>
    </section>
  );
}

const Lines = ({ of }: { of: Return }) => (
  <section class="card">
    <Table
      head={[words.product, [words.announced], [words.came], [words.sellable], [words.paidBackUnits]]}
      rows={of.lines.map((line) => [
        <a href={to(`products/${line.product_id}`)}>{line.name}</a>,
        line.qty,
        line.received_qty,
        line.restocked_qty,
        line.refund_qty,
      ])}
    />
  </section>
);

function Decision({ of, put }: { of: Return; put: (next: Return) => void }) {
  const step = useRef<"approval" | "refusal">("approval");
  return (
    <Form
      class="card stack"
      send={async ({ note }) => {
        put(
          await shop(`POST /returns/{id}/${step.current}`, {
            path: { id: of.id },
            body: note === undefined ? {} : { note },
            idempotencyKey: `${step.current}-${of.id}`,
          }),
        );
        say(words.decided);
      }}
    >
      <Field name="note" label={words.answerField} rows={2} maxlength={1_000} />
      <div class="row">
        <Send class="primary" onClick={() => (step.current = "approval")}>
          {words.approve}
        </Send>
        <button class="danger" onClick={() => (step.current = "refusal")}>
          {words.refuse}
        </button>
      </div>
    </Form>
  );
}
