import { useState } from "preact/hooks";
import { asked, askedNumber, go, to, withQuery } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, FormFailure, useSending, valuesOf } from "../kit/form";
import { List } from "../kit/list";
import { attempt, say } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import { ago } from "../kit/words";

type Delivery = Shapes["Delivery"];
const SIZE = 20;
const STATES = ["waiting", "sent", "given_up", "dropped"] as const;

/** Mails and webhooks: what left the shop, what did not, and who hears of what. */
export function Deliveries() {
  const page = askedNumber("page") ?? 1;
  const state = STATES.find((one) => one === asked("state"));
  const list = useAnswer<{ rows: readonly Delivery[]; total: number }>(
    async (signal) => {
      const { answer, headers } = await shop.full("GET /deliveries", {
        query: { page, size: SIZE, ...(state && { state }) },
        signal,
      });
      return { rows: answer, total: Number(headers.get("x-total-count")) };
    },
    [page, state],
  );
  const retry = async ({ id }: Delivery) => {
    await attempt(async () => {
      await shop("POST /deliveries/{id}/retry", { path: { id } });
      list.again();
    });
  };
  return (
    <>
      <Webhooks />
      <h2>Mails and webhooks on their way</h2>
      <div class="choice" role="group" aria-label="State">
        {[undefined, ...STATES].map((value) => (
          <button
            key={value ?? "all"}
            type="button"
            aria-pressed={value === state}
            onClick={() => go(withQuery({ state: value ?? null }))}
          >
            {value?.replaceAll("_", " ") ?? "All"}
          </button>
        ))}
      </div>
      <List
        what="deliveries"
        of={list}
        idOf={({ id }) => id}
        nameColumn="What"
        nameOf={({ type }) => type}
        hrefOf={({ order_id }) => (order_id === null ? to("deliveries") : to(`orders/${order_id}`))}
        columns={[
          { name: "To", cell: ({ channel, target }) => `${channel}: ${target}` },
          { name: "When", cell: ({ created_at }) => ago(created_at), isExtra: true },
          { name: "Tries", cell: ({ tries }) => tries, isNumber: true },
          {
            name: "State",
            cell: ({ state: now, attempts }) => (
              <span
                class={`state ${now === "sent" ? "done" : now === "given_up" ? "failed" : ""}`}
                title={attempts.at(-1)?.failure ?? ""}
              >
                {now.replaceAll("_", " ")}
              </span>
            ),
          },
          {
            name: "Again",
            cell: (delivery) =>
              delivery.state === "given_up" && (
                <button type="button" onClick={() => void retry(delivery)}>
                  Try again
                </button>
              ),
          },
        ]}
        page={page}
        size={SIZE}
        empty={<p>Nothing here.</p>}
      />
    </>
  );
}

function Webhooks() {
  const list = useAnswer((signal) => shop("GET /webhooks", { signal }), []);
  const { send, failure, isSending } = useSending();
  const [secret, setSecret] = useState("");
  const act = async (work: () => Promise<unknown>, done: string) => {
    await attempt(async () => {
      await work();
      say(done);
      list.again();
    });
  };
  return (
    <section class="card stack">
      <h2>Webhooks</h2>
      <Trouble of={list} />
      {list.data?.length === 0 && <p class="quiet">No other program hears of what happens here.</p>}
      <ul class="plain">
        {list.data?.map(({ id, url, types, state }) => (
          <li key={id} class="row">
            <b>{url}</b> <span class={`state ${state}`}>{state}</span>
            <span class="quiet">{types.join(", ")}</span>
            <button
              type="button"
              onClick={() =>
                void act(() => shop("POST /webhooks/{id}/test", { path: { id } }), "A test is on its way.")
              }
            >
              Test
            </button>
            <button
              type="button"
              class="danger"
              onClick={() =>
                confirm(`Tell ${url} nothing any more?`) &&
                void act(() => shop("DELETE /webhooks/{id}", { path: { id } }), "Removed.")
              }
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
      {secret && (
        <p role="status">
          Its secret, shown this once: <code>{secret}</code>
        </p>
      )}
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          const { url = "", types = "" } = valuesOf(form);
          const body = { url, types: types.split(",").map((one) => one.trim()) as Shapes["WebhookType"][] };
          void send(async () => {
            setSecret((await shop("POST /webhooks", { body })).secret);
            form.reset();
            list.again();
          });
        }}
      >
        <div class="columns">
          <Field name="url" label="Address" failure={failure} required hint="https://…" />
          <Field name="types" label="Hears of" value="order.placed, order.paid" failure={failure} required />
        </div>
        <FormFailure failure={failure} />
        <button disabled={isSending}>Add webhook</button>
      </form>
    </section>
  );
}
