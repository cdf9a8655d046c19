import { asked, askedNumber, go, to, withQuery } from "../kit/address";
import { type Answer, useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { List } from "../kit/list";
import { attempt } from "../kit/toasts";
import { ago } from "../kit/format";
import * as words from "../words/admin";
import { stateWord } from "../words/kit";

type Delivery = Shapes["Delivery"];
const SIZE = 20;
const STATES = ["waiting", "sent", "given_up", "dropped"] as const;

/** Mails and webhooks: what left the shop, and what did not. */
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
  return (
    <>
      <div class="choice" role="group" aria-label={words.state}>
        {[undefined, ...STATES].map((value) => (
          <button
            key={value ?? "all"}
            type="button"
            aria-pressed={value === state}
            onClick={() => go(withQuery({ state: value ?? null }))}
          >
            {value === undefined ? words.all : stateWord(value)}
          </button>
        ))}
      </div>
      <DeliveryList of={list} page={page} />
    </>
  );
}

/** What was sent or is to be, with a button for what was given up. */
export function DeliveryList({
  of,
  page,
}: {
  of: Omit<Answer<{ rows: readonly Delivery[]; total: number }>, "put" | "change">;
  page: number;
}) {
  const retry = async ({ id }: Delivery) => {
    await attempt(async () => {
      await shop("POST /deliveries/{id}/retry", { path: { id } });
      of.again();
    });
  };
  return (
    <List
      what={words.deliveriesWhat}
      of={of}
      idOf={({ id }) => id}
      nameColumn={words.what}
      nameOf={({ type }) => type}
      hrefOf={({ order_id }) => (order_id === null ? to("deliveries") : to(`orders/${order_id}`))}
      columns={[
        { name: words.to, cell: ({ channel, target }) => `${channel}: ${target}` },
        { name: words.when, cell: ({ created_at }) => ago(created_at), isExtra: true },
        { name: words.tries, cell: ({ tries }) => tries, isNumber: true },
        {
          name: words.state,
          cell: ({ state: now, attempts }) => (
            <span
              class={`state ${now === "sent" ? "done" : now === "given_up" ? "failed" : ""}`}
              title={attempts.at(-1)?.failure ?? ""}
            >
              {stateWord(now)}
            </span>
          ),
        },
        {
          name: words.again,
          cell: (delivery) =>
            delivery.state === "given_up" && (
              <button type="button" onClick={() => void retry(delivery)}>
                {words.tryAgain}
              </button>
            ),
        },
      ]}
      page={page}
      size={SIZE}
      empty={<p>{words.nothingHere}</p>}
    />
  );
}
