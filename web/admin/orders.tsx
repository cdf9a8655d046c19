import { useState } from "preact/hooks";
import { asked, askedNumber, go, pageAsked, to, withQuery } from "../kit/address";
import { Ago } from "../kit/ago";
import { usePage } from "../kit/answer";
import { failureOf, shop, type Shapes } from "../kit/api";
import { anyOf, Choice, Filter } from "../kit/choice";
import { Download } from "../kit/file";
import { money } from "../kit/format";
import { List, useChoice } from "../kit/list";
import { useLive } from "../kit/live";
import { SearchField } from "../kit/search-field";
import { say } from "../kit/toasts";
import { Views } from "../kit/views";
import * as words from "../words/admin";
import { State } from "../kit/state";
import { stateWord } from "../words/kit";
import { NEXT_STEPS, sayTaken, STATUSES, take } from "./order-steps";
import { OrderBulk } from "./orders-bulk";

type Order = Shapes["Order"];

const SIZE = 20;
const PAYMENTS = ["pending", "paid", "failed", "partially_refunded", "refunded"] as const;
const WAITS = ["packing", "payment", "refund", "look"] as const;
const NO_ORDERS: ReadonlyMap<number, Order> = new Map();

export function Orders() {
  const status = STATUSES.find((one) => one === asked("status"));
  const page = pageAsked();
  const customer = askedNumber("user_id");
  const q = asked("q");
  const payment = PAYMENTS.find((one) => one === asked("payment_status"));
  const waits = WAITS.find((one) => one === asked("waits_for"));
  const filter = {
    q,
    status,
    payment_status: payment,
    user_id: customer,
    // What waits for a person is flagged.
    ...(waits === "look" ? { flagged: true } : { waits_for: waits }),
  };
  const about = [filter, page];
  const list = usePage("GET /orders/all", { query: { page, size: SIZE, ...filter } });
  const [chosen, setChosen] = useChoice(about, NO_ORDERS);
  const [news, setNews] = useState(0);
  useLive("/admin/events", (types) => {
    setNews((before) => before + types.filter((type) => type === "order.placed").length);
    // What came meanwhile can't be told any more.
    if (types.includes("reset")) list.again();
  });

  const { rows = [], total = 0 } = list.data ?? {};
  const replace = (changed: Order) =>
    list.change((now) => ({ ...now, rows: now.rows.map((order) => (order.id === changed.id ? changed : order)) }));

  /** Shown at once, and taken back with the shop's words where it refuses. */
  async function step(order: Order) {
    const next = NEXT_STEPS[order.status];
    if (!next) return;
    replace({ ...order, status: next.to });
    try {
      replace(await take(order, next));
      sayTaken(words.orderIs(order.id, next.to), next, [order], replace);
    } catch (error) {
      replace(order);
      say(words.orderSays(order.id, failureOf(error).detail), { isBad: true });
      list.again();
    }
  }

  return (
    <>
      <div class="row">
        <SearchField label={words.searchOrders} hint={words.searchOrdersHint} />
        <Filter name="payment_status" label={words.payment} of={anyOf(words.paidOrNot, PAYMENTS)} />
        <Filter
          name="waits_for"
          label={words.waitsFor}
          of={[["", words.waitsOrNot], ...WAITS.map((one) => [one, words.waits[one]] as const)]}
        />
        <Download name="orders.csv" load={() => shop("GET /admin/orders/export")} />
      </div>
      <Choice
        label={words.status}
        of={anyOf(words.all, STATUSES)}
        chosen={status ?? ""}
        choose={(next) => go(withQuery({ status: next }))}
      />
      {news > 0 && (
        <button
          type="button"
          onClick={() => {
            setNews(0);
            list.again();
          }}
        >
          {words.newOrders(news)}
        </button>
      )}
      <Views />
      <List
        what={words.ordersWhat}
        of={list}
        idOf={({ id }) => id}
        nameColumn={words.order}
        nameOf={({ id }) => id}
        hrefOf={({ id }) => to(`orders/${id}`)}
        columns={[
          { name: words.placed, cell: ({ placed_at }) => <Ago at={placed_at} /> },
          {
            name: words.customer,
            cell: ({ user_id, address, email }) => (
              <a href={to(`customers/${user_id}`)}>{address?.full_name ?? email ?? user_id}</a>
            ),
            isExtra: true,
          },
          { name: words.status, cell: ({ status: now }) => <State of={now} /> },
          { name: words.payment, cell: ({ payment_status }) => stateWord(payment_status) },
          { name: words.total, cell: ({ total_amount, currency }) => money(total_amount, currency), isNumber: true },
          {
            name: words.nextStep,
            cell: (order) =>
              NEXT_STEPS[order.status] && (
                <button type="button" onClick={() => void step(order)}>
                  {NEXT_STEPS[order.status]?.verb}
                </button>
              ),
          },
        ]}
        size={SIZE}
        choice={{
          chosen: new Set(chosen.keys()),
          choose: (ids) => setChosen(new Map(rows.filter(({ id }) => ids.has(id)).map((order) => [order.id, order]))),
        }}
        empty={words.noOrdersHere}
      />
      <OrderBulk
        chosen={chosen}
        choose={setChosen}
        filter={filter}
        total={total}
        isWholePage={chosen.size === rows.length}
        done={list.again}
      />
    </>
  );
}
