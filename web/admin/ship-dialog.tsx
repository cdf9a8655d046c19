import { useMemo } from "preact/hooks";
import { shop, type Shapes } from "../kit/api";
import { Dialog } from "../kit/dialog";
import { Field, Form, Send } from "../kit/form";
import { say } from "../kit/toasts";
import { CountLines, useUnits } from "../kit/units";
import * as words from "../words/admin";

type Order = Shapes["Order"];

interface Props {
  order: Order;
  put: (order: Order) => void;
  onClose: () => void;
}

/** Sends an order, or a part of it, with the number that its carrier gave it. */
export function ShipDialog({ order, put, onClose }: Props) {
  const key = useMemo(() => crypto.randomUUID(), []);
  const units = useUnits(order.items.map((item) => [item.line, leftOf(item)]));
  const isPart = order.items.some((item) => units.of(item.line) !== leftOf(item));
  return (
    <Dialog title={words.shipOrder(order.id)} onClose={onClose}>
      <Form
        class="stack"
        send={async ({ tracking_number, carrier }) => {
          const body = {
            ...(isPart && { lines: units.lines }),
            ...(tracking_number !== undefined && { tracking_number }),
            ...(carrier !== undefined && { carrier }),
          };
          put(await shop("POST /orders/{id}/shipment", { path: { id: order.id }, body, idempotencyKey: key }));
          say(words.sent(units.count));
          onClose();
        }}
      >
        <CountLines of={order.items} mostOf={leftOf} units={units} />
        <div class="columns">
          <Field name="tracking_number" label={words.trackingNumber} maxlength={100} />
          <Field name="carrier" label={words.carrier} maxlength={100} />
        </div>
        <Send class="primary" disabled={units.count === 0}>
          {words.shipUnits(units.count)}
        </Send>
      </Form>
    </Dialog>
  );
}

const leftOf = (item: Order["items"][number]) => item.qty - item.cancelled_qty - item.shipped_qty;
