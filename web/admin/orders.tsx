import { useEffect, useState } from "preact/hooks";
import { asked, askedNumber, go, to, withQuery } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { failureOf, shop, type Shapes } from "../kit/api";
import { List } from "../kit/list";
import { SearchField } from "../kit/search-field";
import { say } from "../kit/toasts";
import { ago, moment, money } from "../kit/format";
import { NEXT_STEPS, STATUSES, take } from "./order-steps";

type Order = Shapes["Order"];

const SIZE = 20;
const PAYMENTS = ["pending", "paid", "failed", "partially_refunded", "refunded"] as const;
const NO_ORDERS: ReadonlySet<number> = new Set();

export function Orders() {
  const status = STATUSES.find((one) => one === asked("status"));
  const page = askedNumber("page") ?? 1;
  const customer = askedNumber("user_id");
  const q = asked("q");
  const payment = PAYMENTS.find((one) => one === asked("payment_status"));
  const list = useAnswer<{ rows: readonly Order[]; total: number }>(
    async (signal) => {
      const query = {
        page,
        size: SIZE,
        ...(q && { q }),
        ...(status && { status }),
        ...(payment && { payment_status: payment }),
        ...(customer && { user_id: customer }),
      };
      const { answer, headers } = await shop.full("GET /orders/all", { query, signal });
      return { rows: answer, total: Number(headers.get("x-total-count")) };
    },
    [q, status, payment, page, customer],
  );
  const [chosen, setChosen] = useState(NO_ORDERS);
  // What can't be seen is not chosen: a step would take what nobody looks at.
  useEffect(() => setChosen(NO_ORDERS), [q, status, payment, page, customer]);

  const { rows = [], total = 0 } = list.data ?? {};
  const replace = (changed: Order) =>
    list.put({ total, rows: rows.map((order) => (order.id === changed.id ? changed : order)) });

  /** Shown at once, and taken back with the shop's words where it refuses. */
  async function step(order: Order) {
    const next = NEXT_STEPS[order.status];
    if (!next) return;
    replace({ ...order, status: next.to });
    try {
      replace(await take(order.id, next));
      say(`Order ${order.id} is ${next.to}.`);
    } catch (error) {
      replace(order);
      say(`Order ${order.id}: ${failureOf(error).detail}`, { isBad: true });
      list.again();
    }
  }

  async function stepAll() {
    const failed: number[] = [];
    const all = rows.filter(({ id, status }) => chosen.has(id) && NEXT_STEPS[status]);
    for (const order of all) {
      const next = NEXT_STEPS[order.status];
      await (next ? take(order.id, next) : Promise.reject(new Error("There is no next step."))).catch((error) => {
        failed.push(order.id);
        say(`Order ${order.id}: ${failureOf(error).detail}`, { isBad: true });
      });
    }
    say(`${all.length - failed.length} of ${all.length} orders are a step on.`);
    // Those that stayed as they are stay chosen.
    setChosen(new Set(failed));
    list.again();
  }

  return (
    <>
      <SearchField label="Search orders" hint="Number, name, e-mail, phone, product or code" />
      <div class="choice" role="group" aria-label="Status">
        {[undefined, ...STATUSES].map((value) => (
          <button
            key={value ?? "all"}
            type="button"
            aria-pressed={value === status}
            onClick={() => go(withQuery({ status: value ?? null }))}
          >
            {value ?? "All"}
          </button>
        ))}
      </div>
      <List
        what="orders"
        of={list}
        idOf={({ id }) => id}
        nameColumn="Order"
        nameOf={({ id }) => id}
        hrefOf={({ id }) => to(`orders/${id}`)}
        columns={[
          {
            name: "Placed",
            cell: ({ placed_at }) => (
              <time dateTime={placed_at} title={moment(placed_at)}>
                {ago(placed_at)}
              </time>
            ),
          },
          {
            name: "Customer",
            cell: ({ user_id, address, email }) => (
              <a href={to(`customers/${user_id}`)}>{address?.full_name ?? email ?? user_id}</a>
            ),
            isExtra: true,
          },
          { name: "Status", cell: ({ status }) => <span class={`state ${status}`}>{status}</span> },
          { name: "Payment", cell: ({ payment_status }) => payment_status.replaceAll("_", " ") },
          {
            name: "Total",
            cell: ({ total_amount, currency }) => money(total_amount, currency),
            isNumber: true,
          },
          {
            name: "Next step",
            cell: (order) =>
              NEXT_STEPS[order.status] && (
                <button type="button" onClick={() => void step(order)}>
                  {NEXT_STEPS[order.status]?.verb}
                </button>
              ),
          },
        ]}
        page={page}
        size={SIZE}
        choice={{ chosen, choose: setChosen }}
        empty={
          <p>No orders here. {(q || status || payment || customer) && <a href={to("orders")}>Show all orders</a>}</p>
        }
      />
      {chosen.size > 0 && (
        <div class="bulk" role="region" aria-label="Chosen orders">
          <b>{chosen.size} chosen</b>
          <button type="button" class="primary" onClick={() => void stepAll()}>
            Take {chosen.size === 1 ? "it" : "them"} a step on
          </button>
          <a class="button" href={to(`slips?ids=${[...chosen].join(",")}`)}>
            Packing slips
          </a>
          <button type="button" onClick={() => setChosen(NO_ORDERS)}>
            Choose none
          </button>
        </div>
      )}
    </>
  );
}
