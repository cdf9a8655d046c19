import { useMemo, useState } from "preact/hooks";
import { useAnswer } from "../kit/answer";
import { Problem, shop, type Shapes } from "../kit/api";
import { Dialog } from "../kit/dialog";
import { Field, Form, Send } from "../kit/form";
import { amountIn, money } from "../kit/format";
import { say } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import { CountLines, useUnits } from "../kit/units";
import * as words from "../words/admin";

type Order = Shapes["Order"];

interface Props {
  order: Order;
  put: (order: Order) => void;
  onClose: () => void;
}

/** Pays back units of lines, or an amount. The shop reckons what units come to, to the paisa, and the button says it. */
export function RefundDialog({ order, put, onClose }: Props) {
  const units = useUnits();
  const [withDelivery, setWithDelivery] = useState(false);
  const [typed, setTyped] = useState("");
  // One key for one opened dialog: asking twice pays once, and another dialog pays again.
  const key = useMemo(() => crypto.randomUUID(), []);
  const isByUnits = units.count > 0 || withDelivery;
  const lines = units.lines.map(({ line, qty }) => `${line}:${qty}`).join(",");
  const quote = useAnswer((signal) => quoteOf(order.id, lines, withDelivery, signal), [lines, withDelivery]);
  const left = order.payments.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0);
  const given = isByUnits || typed === "" ? quote.data?.amount : amountIn(typed);
  return (
    <Dialog title={words.refundOrder(order.id)} onClose={onClose}>
      <Form<{ amount?: number; reason?: string; restock?: string }>
        class="stack"
        send={async ({ amount, reason, restock }) => {
          const body = {
            ...(units.count > 0 && { lines: units.lines, restock: restock === "on" }),
            ...(withDelivery && { shipping: true }),
            ...(!isByUnits && amount !== undefined && { amount }),
            ...(reason !== undefined && { reason }),
          };
          put(await shop("POST /orders/{id}/refund", { path: { id: order.id }, body, idempotencyKey: key }));
          say(words.paidBackForOrder(order.id));
          onClose();
        }}
      >
        <p class="quiet">{words.ofThisOrderCan(money(left, order.currency))}</p>
        <CountLines
          of={order.items}
          mostOf={({ qty, cancelled_qty, refunded_qty }) => qty - cancelled_qty - refunded_qty}
          units={units}
        />
        {order.shipping > 0 && !order.refunds.some(({ shipping, state }) => shipping && state !== "failed") && (
          <label class="line">
            <input
              type="checkbox"
              checked={withDelivery}
              onChange={({ currentTarget }) => setWithDelivery(currentTarget.checked)}
            />{" "}
            {words.deliveryToo(money(order.shipping, order.currency))}
          </label>
        )}
        {units.count > 0 && (
          <label class="line">
            <input type="checkbox" name="restock" defaultChecked /> {words.backOnTheShelf}
          </label>
        )}
        {!isByUnits && (
          <Field name="amount" label={words.orAnAmount} kind="money" hint={words.leftEmptyAllThat} onInput={setTyped} />
        )}
        <Field name="reason" label={words.why} maxlength={500} />
        <Trouble of={quote} />
        <Send class="primary" disabled={quote.isLoading}>
          {given === undefined ? words.payBack : words.payBackAmount(money(given, order.currency))}
        </Send>
      </Form>
    </Dialog>
  );
}

/** What these units come to; nothing where there is nothing to pay back. */
async function quoteOf(id: number, lines: string, shipping: boolean, signal: AbortSignal) {
  try {
    const query = { ...(lines !== "" && { lines }), ...(shipping && { shipping }) };
    return await shop("GET /orders/{id}/refund-quote", { path: { id }, query, signal });
  } catch (error) {
    if (error instanceof Problem && error.problem.status === 409) return undefined;
    throw error;
  }
}
