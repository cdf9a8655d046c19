import { useState } from "preact/hooks";
import { Act } from "../kit/act";
import { go, pageAsked, to } from "../kit/address";
import { Ago } from "../kit/ago";
import { useCall, usePage } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, Form, Send } from "../kit/form";
import { say, sayUndoable } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import * as words from "../words/admin";
import { State } from "../kit/state";
import { DeliveryList } from "./deliveries";
import { Secret } from "./secret";
import { Table } from "./table";

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
  const list = useCall("GET /webhooks");
  const [secret, setSecret] = useState("");
  return (
    <>
      <Trouble of={list} />
      {list.data?.length === 0 && <p class="empty">{words.noWebhooks}</p>}
      {list.data && list.data.length > 0 && (
        <section class="card">
          <Table
            head={[words.webhookAddress, words.state, words.since]}
            rows={list.data.map(({ id, url, types, state, created_at }) => [
              <>
                <a href={to(`webhooks/${id}`)}>{url}</a>
                <div class="quiet">{types.join(", ")}</div>
              </>,
              <State of={state} />,
              <Ago at={created_at} />,
            ])}
          />
        </section>
      )}
      <Secret says={words.secretOnce} of={secret} />
      <WebhookForm
        done={(made) => {
          setSecret(made.secret);
          list.again();
        }}
      />
    </>
  );
}

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
  return (
    <Form
      class="card stack"
      send={async ({ url = "" }, form) => {
        done(await shop("POST /webhooks", { body: { url, types: typesIn(form) } }));
        form.reset();
      }}
    >
      <h2>{words.newWebhook}</h2>
      <Field name="url" label={words.webhookAddress} required hint={words.https} />
      <TypeChoice />
      <Send class="primary">{words.addWebhook}</Send>
    </Form>
  );
}

export function WebhookPage({ id }: { id: number }) {
  const path = { id };
  const answer = useCall("GET /webhooks/{id}", { path });
  const [secret, setSecret] = useState("");
  const page = pageAsked();
  const sent = usePage("GET /webhooks/{id}/deliveries", { path, query: { page, size: 20 } });
  const known = answer.data;
  const change = async (body: Shapes["WebhookChange"], before: Shapes["WebhookChange"]) => {
    answer.put(await shop("PATCH /webhooks/{id}", { path, body }));
    sayUndoable(words.saved, () => change(before, body));
  };
  return (
    <>
      <a href={to("webhooks")}>{words.allWebhooks}</a>
      <Trouble of={answer} />
      {known && (
        <Form class="card stack" send={(_, form) => change({ types: typesIn(form) }, { types: known.types })}>
          <h2>{known.url}</h2>
          <p>
            <State of={known.state} />
          </p>
          <TypeChoice key={known.types.join()} chosen={known.types} />
          <div class="row">
            <Send class="primary">{words.save}</Send>
            <Act
              verb={words.sendTest}
              work={async () => {
                await shop("POST /webhooks/{id}/test", { path });
                say(words.testSent);
                sent.again();
              }}
            />
            <Act
              verb={known.state === "active" ? words.pause : words.resume}
              work={() =>
                change(
                  { state: known.state === "active" ? "paused" : "active" },
                  { state: known.state === "active" ? "active" : "paused" },
                )
              }
            />
            <Act
              verb={words.newSecret}
              ask={[words.newSecretAsk(known.url), words.newSecret]}
              work={async () => setSecret((await shop("POST /webhooks/{id}/rotation", { path })).secret)}
            />
            <Act
              verb={words.remove}
              ask={[words.removeWebhook(known.url), words.remove]}
              class="danger"
              work={async () => {
                await shop("DELETE /webhooks/{id}", { path });
                say(words.removed);
                go(to("webhooks"));
              }}
            />
          </div>
        </Form>
      )}
      <Secret says={words.secretOnce} of={secret} />
      <h2>{words.sentToIt}</h2>
      <DeliveryList of={sent} />
    </>
  );
}
