import { useMemo, useState } from "preact/hooks";
import { shop, type Shapes } from "../kit/api";
import { Dialog, Field, FormFailure, useSending, valuesOf } from "../kit/form";
import { say } from "../kit/toasts";
import { amountIn, money } from "../kit/format";

type Order = Shapes["Order"];

/** Pays back units of lines, or an amount. The button says what; the shop reckons what units come to, to the paisa. */
export function RefundDialog({
  order,
  put,
  onClose,
}: {
  order: Order;
  put: (order: Order) => void;
  onClose: () => void;
}) {
  const { send, failure, isSending } = useSending();
  const [units, setUnits] = useState<ReadonlyMap<number, number>>(new Map());
  // One key for one opened dialog: asking twice pays once, and another dialog pays again.
  const key = useMemo(() => crypto.randomUUID(), []);
  const chosen = [...units].filter(([, qty]) => qty > 0).map(([line, qty]) => ({ line, qty }));
  const count = chosen.reduce((sum, { qty }) => sum + qty, 0);
  const left = order.payments.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0);
  return (
    <Dialog title={`Refund order ${order.id}`} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const { amount = "", reason, restock } = valuesOf(event.currentTarget);
          const body = {
            ...(chosen.length > 0 && { lines: chosen, restock: restock === "on" }),
            ...(chosen.length === 0 && amount !== "" && { amount: amountIn(amount) ?? Number.NaN }),
            ...(reason !== undefined && { reason }),
          };
          void send(async () => {
            put(await shop("POST /orders/{id}/refund", { path: { id: order.id }, body, idempotencyKey: key }));
            say(`Paid back for order ${order.id}.`);
            onClose();
          });
        }}
      >
        <p class="quiet">{money(left, order.currency)} of this order can be paid back.</p>
        {order.items.map((item) => {
          const most = item.qty - item.cancelled_qty - item.refunded_qty;
          if (most <= 0) return null;
          return (
            <label key={item.line} class="line">
              <select
                value={units.get(item.line) ?? 0}
                onChange={({ currentTarget }) =>
                  setUnits((before) => new Map(before).set(item.line, Number(currentTarget.value)))
                }
              >
                {Array.from({ length: most + 1 }, (_, qty) => (
                  <option key={qty} value={qty}>
                    {qty}
                  </option>
                ))}
              </select>
              of {most} × {item.name}
            </label>
          );
        })}
        {count > 0 ? (
          <label class="line">
            <input type="checkbox" name="restock" defaultChecked /> back on the shelf
          </label>
        ) : (
          <Field
            name="amount"
            label="Or an amount"
            inputmode="decimal"
            failure={failure}
            hint="Left empty, all that is left is paid back."
          />
        )}
        <Field name="reason" label="Why" failure={failure} maxlength={500} />
        <FormFailure failure={failure} />
        <button class="primary" disabled={isSending}>
          {count > 0 ? `Pay back ${count} ${count === 1 ? "unit" : "units"}` : "Pay back"}
        </button>
      </form>
    </Dialog>
  );
}
