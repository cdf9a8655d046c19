import { asked, go, pageAsked, to, withQuery } from "../kit/address";
import { Act } from "../kit/act";
import { Ago } from "../kit/ago";
import { type Page, type Shown, usePage } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { anyOf, Choice } from "../kit/choice";
import { List } from "../kit/list";
import * as words from "../words/admin";
import { stateWord } from "../words/kit";

type Delivery = Shapes["Delivery"];
const SIZE = 20;
const STATES = ["waiting", "sent", "given_up", "dropped"] as const;

/** Mails and webhooks: what left the shop, and what did not. */
export function Deliveries() {
  const page = pageAsked();
  const state = STATES.find((one) => one === asked("state"));
  const list = usePage("GET /deliveries", { query: { page, size: SIZE, state } });
  return (
    <>
      <Choice
        label={words.state}
        of={anyOf(words.all, STATES)}
        chosen={state ?? ""}
        choose={(next) => go(withQuery({ state: next }))}
      />
      <DeliveryList of={list} />
    </>
  );
}

/** What was sent or is to be, with a button for what was given up. */
export const DeliveryList = ({ of }: { of: Shown<Page<Delivery>> }) => (
  <List
    what={words.deliveriesWhat}
    of={of}
    idOf={({ id }) => id}
    nameColumn={words.what}
    nameOf={({ type }) => type}
    hrefOf={({ order_id }) => (order_id === null ? to("deliveries") : to(`orders/${order_id}`))}
    columns={[
      { name: words.to, cell: ({ channel, target }) => `${channel}: ${target}` },
      { name: words.when, cell: ({ created_at }) => <Ago at={created_at} />, isExtra: true },
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
        cell: ({ id, state }) =>
          state === "given_up" && (
            <Act
              verb={words.tryAgain}
              work={async () => {
                await shop("POST /deliveries/{id}/retry", { path: { id } });
                of.again();
              }}
            />
          ),
      },
    ]}
    size={SIZE}
    empty={words.nothingHere}
  />
);
