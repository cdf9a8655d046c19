import { useMemo, useState } from "preact/hooks";
import { shop, type Shapes } from "../kit/api";
import { FormFailure, useSending } from "../kit/form";
import { say } from "../kit/toasts";
import * as words from "../words/admin";

type Return = Shapes["Return"];
interface Came {
  qty: number;
  restocked: number;
}

/** Takes in what came back, in parts if it comes so: how much of each line, and how much of that can be sold again. */
export function ReturnReceipt({ of, put }: { of: Return; put: (next: Return) => void }) {
  const { send, failure, isSending } = useSending();
  const open = of.lines.filter(({ qty, received_qty }) => qty > received_qty);
  const usual = open.map(({ line, qty, received_qty }): [number, Came] => [
    line,
    { qty: qty - received_qty, restocked: qty - received_qty },
  ]);
  const [came, setCame] = useState<ReadonlyMap<number, Came>>(new Map(usual));
  const [refund, setRefund] = useState(true);
  const [isLast, setIsLast] = useState(false);
  // One key for what is still open: asking twice takes in once, and the next part has its own.
  const key = useMemo(() => crypto.randomUUID(), [JSON.stringify(usual)]);
  const lines = [...came].filter(([, { qty }]) => qty > 0).map(([line, counts]) => ({ line, ...counts }));
  const units = lines.reduce((sum, { qty }) => sum + qty, 0);
  const set = (line: number, next: Came) =>
    setCame((before) => new Map(before).set(line, { ...next, restocked: Math.min(next.restocked, next.qty) }));
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        void send(async () => {
          const next = await shop("POST /returns/{id}/receipt", {
            path: { id: of.id },
            body: { lines, refund, is_last: isLast },
            idempotencyKey: key,
          });
          setCame(
            new Map(
              next.lines.map(({ line, qty, received_qty }) => [
                line,
                { qty: qty - received_qty, restocked: qty - received_qty },
              ]),
            ),
          );
          put(next);
          say(words.takenIn);
        });
      }}
    >
      <h2>{words.cameBack}</h2>
      {open.map(({ line, name, qty, received_qty }) => {
        const now = came.get(line) ?? { qty: 0, restocked: 0 };
        return (
          <fieldset key={line} class="stack">
            <legend>{name}</legend>
            <Count
              value={now.qty}
              most={qty - received_qty}
              label={words.cameOf(qty - received_qty, name)}
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
      <FormFailure failure={failure} />
      <button class="primary" disabled={isSending || (units === 0 && !isLast)}>
        {units === 0 && isLast ? words.closeReturn : words.takeIn(units)}
      </button>
    </form>
  );
}

interface CountProps {
  value: number;
  most: number;
  label: string;
  onChange: (count: number) => void;
}

const Count = ({ value, most, label, onChange }: CountProps) => (
  <label class="line">
    <select value={value} onChange={({ currentTarget }) => onChange(Number(currentTarget.value))}>
      {Array.from({ length: most + 1 }, (_, count) => (
        <option key={count} value={count}>
          {count}
        </option>
      ))}
    </select>
    {label}
  </label>
);
