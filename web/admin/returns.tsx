import { useState } from "preact/hooks";
import { asked, askedNumber, go, to, withQuery } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, FormFailure, useSending, valuesOf } from "../kit/form";
import { ago, day, moment } from "../kit/format";
import { List } from "../kit/list";
import { say } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import * as words from "../words/admin";
import { State } from "../kit/state";
import { ReturnReceipt } from "./return-receipt";
import { Table } from "./table";

type Return = Shapes["Return"];
const SIZE = 20;
const STATUSES = ["requested", "approved", "received", "refused"] as const;

export function Returns() {
  const page = askedNumber("page") ?? 1;
  const status = STATUSES.find((one) => one === asked("status"));
  const list = useAnswer<{ rows: readonly Return[]; total: number }>(
    async (signal) => {
      const query = { page, size: SIZE, ...(status && { status }) };
      const { answer, headers } = await shop.full("GET /returns", { query, signal });
      return { rows: answer, total: Number(headers.get("x-total-count")) };
    },
    [page, status],
  );
  return (
    <>
      <div class="choice" role="group" aria-label={words.state}>
        {[undefined, ...STATUSES].map((value) => (
          <button
            key={value ?? ""}
            type="button"
            aria-pressed={value === status}
            onClick={() => go(withQuery({ status: value ?? null }))}
          >
            {value ?? words.all}
          </button>
        ))}
      </div>
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
          {
            name: words.asked,
            cell: ({ requested_at }) => <time title={moment(requested_at)}>{ago(requested_at)}</time>,
          },
          { name: words.state, cell: ({ status: now }) => <State of={now} /> },
        ]}
        page={page}
        size={SIZE}
        empty={
          <p>
            {words.noReturns} {status && <a href={to("returns")}>{words.showAll}</a>}
          </p>
        }
      />
    </>
  );
}

export function ReturnPage({ id }: { id: number }) {
  const answer = useAnswer((signal) => shop("GET /returns/{id}", { path: { id }, signal }), [id]);
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
      head={[words.product, [words.announced], [words.came], [words.sellable]]}
      rows={of.lines.map((line) => [
        <a href={to(`products/${line.product_id}`)}>{line.name}</a>,
        line.qty,
        line.received_qty,
        line.restocked_qty,
      ])}
    />
  </section>
);

function Decision({ of, put }: { of: Return; put: (next: Return) => void }) {
  const { send, failure, isSending } = useSending();
  const [form, setForm] = useState<HTMLFormElement | null>(null);
  const decide = (step: "approval" | "refusal") => {
    const note = form ? valuesOf(form)["note"] : undefined;
    void send(async () => {
      put(
        await shop(`POST /returns/{id}/${step}`, {
          path: { id: of.id },
          body: note === undefined ? {} : { note },
          idempotencyKey: `${step}-${of.id}`,
        }),
      );
      say(words.decided);
    });
  };
  return (
    <form
      class="card stack"
      ref={setForm}
      onSubmit={(event) => {
        event.preventDefault();
        decide("approval");
      }}
    >
      <Field name="note" label={words.answerField} rows={2} failure={failure} maxlength={1_000} />
      <FormFailure failure={failure} />
      <div class="row">
        <button class="primary" disabled={isSending}>
          {words.approve}
        </button>
        <button type="button" class="danger" disabled={isSending} onClick={() => decide("refusal")}>
          {words.refuse}
        </button>
      </div>
    </form>
  );
}
