import { useState } from "preact/hooks";
import { to } from "../kit/address";
import { failureOf, shop, type Shapes } from "../kit/api";
import { attempt, say } from "../kit/toasts";
import * as words from "../words/admin";
import { NEXT_STEPS, sayTaken, type Step, take } from "./order-steps";

type Order = Shapes["Order"];
type Chosen = ReadonlyMap<number, Order>;

interface Props {
  chosen: Chosen;
  choose: (chosen: Chosen) => void;
  /** What the list is narrowed to, and how many that are. */
  filter: object;
  total: number;
  isWholePage: boolean;
  done: () => void;
}

/** More at once is no work that a person watches to its end. */
const ORDERS_MOST = 500;
const A_TIME = 100;

/** What can be done with the orders that are chosen: each button says what, and with how many. */
export function OrderBulk({ chosen, choose, filter, total, isWholePage, done }: Props) {
  const [progress, setProgress] = useState<string>();
  if (chosen.size === 0) return null;
  const bySteps = Map.groupBy(chosen.values(), ({ status }) => NEXT_STEPS[status]);

  async function takeAll(step: Step, orders: readonly Order[]) {
    const failed = new Map<number, Order>();
    for (const [at, order] of orders.entries()) {
      setProgress(words.ofAll(at + 1, orders.length));
      try {
        await take(order, step);
      } catch (error) {
        failed.set(order.id, order);
        say(words.orderSays(order.id, failureOf(error).detail), { isBad: true });
      }
    }
    setProgress(undefined);
    const taken = orders.filter(({ id }) => !failed.has(id));
    sayTaken(words.ordersAre(taken.length, orders.length, step.to), step, taken, done);
    // Those that stayed as they were stay chosen.
    choose(failed);
    done();
  }

  const chooseAll = () =>
    void attempt(async () => {
      const all = new Map<number, Order>();
      for (let page = 1; all.size < Math.min(total, ORDERS_MOST); page++) {
        const orders = await shop("GET /orders/all", { query: { ...filter, page, size: A_TIME } });
        for (const order of orders) all.set(order.id, order);
        if (orders.length < A_TIME) break;
      }
      choose(all);
    });

  return (
    <div class="bulk" role="region" aria-label={words.chosenOrders}>
      <b>{progress ?? words.chosen(chosen.size)}</b>
      {isWholePage && total > chosen.size && (
        <button type="button" onClick={chooseAll}>
          {total > ORDERS_MOST ? words.chooseFirst(ORDERS_MOST) : words.chooseAll(total)}
        </button>
      )}
      {[...bySteps].map(
        ([step, orders]) =>
          step && (
            <button
              key={step.noun}
              type="button"
              class="primary"
              disabled={progress !== undefined}
              onClick={() => void takeAll(step, orders)}
            >
              {words.stepOrders(step.verb, orders.length)}
            </button>
          ),
      )}
      <a class="button" href={to(`slips?ids=${[...chosen.keys()].join(",")}`)}>
        {words.packingSlips}
      </a>
      <button type="button" onClick={() => choose(new Map())}>
        {words.chooseNone}
      </button>
    </div>
  );
}
