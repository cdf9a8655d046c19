import { useMemo, useState } from "preact/hooks";
import { shop, type Shapes } from "../kit/api";
import { Dialog, Field, FormFailure, useSending, valuesOf } from "../kit/form";
import { say } from "../kit/toasts";
import * as words from "../words/admin";

type Order = Shapes["Order"];

interface Props {
  order: Order;
  put: (order: Order) => void;
  onClose: () => void;
}

/** Sends an order, or a part of it, with the number that its carrier gave it. */
export function ShipDialog({ order, put, onClose }: Props) {
  const { send, failure, isSending } = useSending();
  const key = useMemo(() => crypto.randomUUID(), []);
  const open = order.items.filter((item) => item.qty > item.cancelled_qty + item.shipped_qty);
  const [units, setUnits] = useState<ReadonlyMap<number, number>>(
    new Map(open.map((item) => [item.line, leftOf(item)])),
  );
  const isPart = open.some((item) => units.get(item.line) !== leftOf(item));
  const count = [...units.values()].reduce((sum, qty) => sum + qty, 0);
  return (
    <Dialog title={words.shipOrder(order.id)} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const { tracking_number, carrier } = valuesOf(event.currentTarget);
          const lines = [...units].filter(([, qty]) => qty > 0).map(([line, qty]) => ({ line, qty }));
          const body = {
            ...(isPart && { lines }),
            ...(tracking_number !== undefined && { tracking_number }),
            ...(carrier !== undefined && { carrier }),
          };
          void send(async () => {
            put(await shop("POST /orders/{id}/shipment", { path: { id: order.id }, body, idempotencyKey: key }));
            say(words.sent(count));
            onClose();
          });
        }}
      >
        {open.map((item) => (
          <label key={item.line} class="line">
            <select
              value={units.get(item.line) ?? 0}
              onChange={({ currentTarget }) =>
                setUnits((before) => new Map(before).set(item.line, Number(currentTarget.value)))
              }
            >
              {Array.from({ length: leftOf(item) + 1 }, (_, qty) => (
                <option key={qty} value={qty}>
                  {qty}
                </option>
              ))}
            </select>
            {words.ofMost(leftOf(item), item.name)}
          </label>
        ))}
        <div class="columns">
          <Field name="tracking_number" label={words.trackingNumber} failure={failure} maxlength={100} />
          <Field name="carrier" label={words.carrier} failure={failure} maxlength={100} />
        </div>
        <FormFailure failure={failure} />
        <button class="primary" disabled={isSending || count === 0}>
          {words.shipUnits(count)}
        </button>
      </form>
    </Dialog>
  );
}

const leftOf = (item: Order["items"][number]) => item.qty - item.cancelled_qty - item.shipped_qty;
