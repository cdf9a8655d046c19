import { useMemo, useState } from "preact/hooks";
import { shop, type Shapes } from "../kit/api";
import { Form, Send } from "../kit/form";
import { say } from "../kit/toasts";
import { Count } from "../kit/units";
import * as words from "../words/admin";

type Return = Shapes["Return"];
interface Came {
  qty: number;
  restocked: number;
}

/** Takes in what came back, in parts if it comes so: how much of each line, and how much of that can be sold again. */
export function ReturnReceipt({ of, put }: { of: Return; put: (next: Return) => void }) {
  const [came, setCame] = useState(allOf(of));
  const [refund, setRefund] = useState(true);
  const [isLast, setIsLast] = useState(false);
  // One key for what is still open: asking twice takes in once, and the next part has its own.
  const key = useMemo(() => crypto.randomUUID(), [JSON.stringify([...allOf(of)])]);
  const lines = [...came].filter(([, { qty }]) => qty > 0).map(([line, counts]) => ({ line, ...counts }));
  const units = lines.reduce((sum, { qty }) => sum + qty, 0);
  const set = (line: number, next: Came) =>
    setCame((before) => new Map(before).set(line, { ...next, restocked: Math.min(next.restocked, next.qty) }));
  return (
    <Form
      class="card stack"
      send={async () => {
        const next = await shop("POST /returns/{id}/receipt", {
          path: { id: of.id },
          body: { lines, refund, is_last: isLast },
          idempotencyKey: key,
        });
        setCame(allOf(next));
        put(next);
        say(words.takenIn);
      }}
    >
      <h2>{words.cameBack}</h2>
      {of.lines.map(({ line, name, qty, received_qty }) => {
        const now = came.get(line) ?? { qty: 0, restocked: 0 };
        const most = qty - received_qty;
        if (most === 0) return null;
        return (
          <fieldset key={line} class="stack">
            <legend>{name}</legend>
            <Count
              value={now.qty}
              most={most}
              label={words.cameOf(most, name)}
              onChange={(next) => set(line, { qty: next, restocked: next })}
            />
            <Count
              value={now.restocked}
              most={now.qty}
              label={words.sellableOf(name)}
              onChange={(restocked) => set(line, { ...now, restocked })}
            />
          </fieldset>
        );
      })}
      <label class="line">
        <input type="checkbox" checked={refund} onChange={({ currentTarget }) => setRefund(currentTarget.checked)} />{" "}
        {words.payBackToo}
      </label>
      <label class="line">
        <input type="checkbox" checked={isLast} onChange={({ currentTarget }) => setIsLast(currentTarget.checked)} />{" "}
        {words.nothingMoreComes}
      </label>
      <Send class="primary" disabled={units === 0 && !isLast}>
        {units === 0 && isLast ? words.closeReturn : words.takeIn(units)}
      </Send>
    </Form>
  );
}

/** All that is still open, whole and fit to be sold again. */
const allOf = ({ lines }: Return): ReadonlyMap<number, Came> =>
  new Map(
    lines.map(({ line, qty, received_qty }) => [line, { qty: qty - received_qty, restocked: qty - received_qty }]),
  );
