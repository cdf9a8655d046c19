import { useState } from "preact/hooks";
import { askedNumber, go, to } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, FormFailure, useSending, valuesOf } from "../kit/form";
import { ago } from "../kit/format";
import { attempt, say } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import * as words from "../words/admin";
import { State } from "../kit/state";
import { sure } from "../kit/sure";
import { DeliveryList } from "./deliveries";

type Type = Shapes["WebhookType"];
const TYPES: readonly Type[] = [
  "order.placed",
  "order.paid",
  "order.packed",
  "order.unpacked",
  "order.shipped",
  "order.delivered",
  "order.cancelled",
  "order.refunded",
  "order.changed",
  "return.requested",
  "return.decided",
  "return.received",
  "invoice.issued",
  "product.changed",
  "stock.low",
  "user.registered",
  "user.erased",
];

/** Which other programs hear of what happens here. */
export function Webhooks() {
  const list = useAnswer((signal) => shop("GET /webhooks", { signal }), []);
  const [secret, setSecret] = useState("");
  return (
    <>
      <Trouble of={list} />
      {list.data?.length === 0 && <p class="empty">{words.noWebhooks}</p>}
      {list.data && list.data.length > 0 && (
        <section class="card">
          <table>
            <tbody>
              {list.data.map(({ id, url, types, state, created_at }) => (
                <tr key={id}>
                  <th scope="row">
                    <a href={to(`webhooks/${id}`)}>{url}</a>
                    <div class="quiet">{types.join(", ")}</div>
                  </th>
                  <td>
                    <State of={state} />
                  </td>
                  <td class="quiet">{ago(created_at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <Secret of={secret} />
      <WebhookForm
        done={(made) => {
          setSecret(made.secret);
          list.again();
        }}
      />
    </>
  );
}

const Secret = ({ of }: { of: string }) =>
  of === "" ? null : (
    <p class="card" role="status">
      {words.secretOnce} <code>{of}</code>
    </p>
  );

const TypeChoice = ({ chosen = [] }: { chosen?: readonly Type[] }) => (
  <fieldset>
    <legend>{words.hearsOf}</legend>
    <div class="columns tight">
      {TYPES.map((type) => (
        <label key={type} class="line">
          <input type="checkbox" name="types" value={type} defaultChecked={chosen.includes(type)} /> {type}
        </label>
      ))}
    </div>
  </fieldset>
);

const typesIn = (form: HTMLFormElement): Type[] => {
  const chosen = new FormData(form).getAll("types");
  return TYPES.filter((type) => chosen.includes(type));
};

function WebhookForm({ done }: { done: (made: Shapes["WebhookWithSecret"]) => void }) {
  const { send, failure, isSending } = useSending();
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const body = { url: valuesOf(form)["url"] ?? "", types: typesIn(form) };
        void send(async () => {
          done(await shop("POST /webhooks", { body }));
          form.reset();
        });
      }}
    >
      <h2>{words.newWebhook}</h2>
      <Field name="url" label={words.webhookAddress} failure={failure} required hint={words.https} />
      <TypeChoice />
      <FormFailure failure={failure} />
      <button class="primary" disabled={isSending}>
        {words.addWebhook}
      </button>
    </form>
  );
}

export function WebhookPage({ id }: { id: number }) {
  const path = { id };
  const answer = useAnswer((signal) => shop("GET /webhooks/{id}", { path, signal }), [id]);
  const [secret, setSecret] = useState("");
  const page = askedNumber("page") ?? 1;
  const sent = useAnswer(
    async (signal) => {
      const query = { page, size: 20 };
      const { answer: rows, headers } = await shop.full("GET /webhooks/{id}/deliveries", { path, query, signal });
      return { rows, total: Number(headers.get("x-total-count")) };
    },
    [id, page],
  );
  const known = answer.data;
  const change = (body: Shapes["WebhookChange"]) =>
    void attempt(async () => {
      answer.put(await shop("PATCH /webhooks/{id}", { path, body }));
      say(words.saved);
    });
  return (
    <>
      <a href={to("webhooks")}>{words.allWebhooks}</a>
      <Trouble of={answer} />
      {known && (
        <form
          class="card stack"
          onSubmit={(event) => {
            event.preventDefault();
            change({ types: typesIn(event.currentTarget) });
          }}
        >
          <h2>{known.url}</h2>
          <p>
            <State of={known.state} />
          </p>
          <TypeChoice key={known.types.join()} chosen={known.types} />
          <div class="row">
            <button class="primary">{words.save}</button>
            <Act
              name={words.sendTest}
              work={async () => {
                await shop("POST /webhooks/{id}/test", { path });
                say(words.testSent);
                sent.again();
              }}
            />
            <button type="button" onClick={() => change({ state: known.state === "active" ? "paused" : "active" })}>
              {known.state === "active" ? words.pause : words.resume}
            </button>
            <Act
              name={words.newSecret}
              ask={words.newSecretAsk(known.url)}
              work={async () => setSecret((await shop("POST /webhooks/{id}/rotation", { path })).secret)}
            />
            <Act
              name={words.remove}
              ask={words.removeWebhook(known.url)}
              isDanger
              work={async () => {
                await shop("DELETE /webhooks/{id}", { path });
                say(words.removed);
                go(to("webhooks"));
              }}
            />
          </div>
        </form>
      )}
      <Secret of={secret} />
      <h2>{words.sentToIt}</h2>
      <DeliveryList of={sent} page={page} />
    </>
  );
}

interface ActProps {
  name: string;
  ask?: string;
  isDanger?: boolean;
  work: () => Promise<void>;
}

const Act = ({ name, ask, isDanger = false, work }: ActProps) => (
  <button
    type="button"
    class={isDanger ? "danger" : ""}
    onClick={() =>
      void attempt(async () => {
        if (ask === undefined || (await sure(ask, name))) await work();
      })
    }
  >
    {name}
  </button>
);
