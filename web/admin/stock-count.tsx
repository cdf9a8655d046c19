import { useMemo, useState } from "preact/hooks";
import { go, to } from "../kit/address";
import { shop, type Shapes } from "../kit/api";
import { Field, FormFailure, useSending, useUnsaved, valuesOf } from "../kit/form";
import { count } from "../kit/format";
import { say } from "../kit/toasts";
import * as words from "../words/admin";
import { Table } from "./table";

type Changed = Shapes["ShelfChanged"];
type Changes = Shapes["ShelfChanges"];

/** A delivery or a stocktake: typed, scanned or pasted, looked at, and then written down whole or not at all. */
export function StockCount() {
  const { send, failure, isSending } = useSending();
  const [isTouched, setTouched] = useState(false);
  const [isCounted, setCounted] = useState(false);
  const [shown, setShown] = useState<{ body: Changes; preview: Changed }>();
  const key = useMemo(() => crypto.randomUUID(), [shown]);
  useUnsaved(isTouched);
  const look = (form: HTMLFormElement) => {
    const { lines = "", reason } = valuesOf(form);
    void send(async () => {
      const usual = isCounted ? words.stocktake : words.delivery;
      const body = {
        lines: lines
          .split("\n")
          .filter(isFilled)
          .map((text) => lineOf(text, isCounted)),
        reason: reason ?? usual,
      };
      setShown({ body, preview: await shop("POST /admin/stock/changes", { body: { ...body, dry_run: true } }) });
    });
  };
  const write = ({ body }: { body: Changes }) =>
    void send(async () => {
      const { lines } = await shop("POST /admin/stock/changes", { body, idempotencyKey: key });
      setTouched(false);
      say(words.writtenDown(lines.length));
      go(to("stock"), { isSaved: true });
    });
  return (
    <>
      <a href={to("stock")}>{words.allStock}</a>
      <form
        class="card stack"
        onInput={() => {
          setTouched(true);
          setShown(undefined);
        }}
        onSubmit={(event) => {
          event.preventDefault();
          look(event.currentTarget);
        }}
      >
        <div class="choice" role="group" aria-label={words.kind}>
          {[false, true].map((value) => (
            <button
              key={String(value)}
              type="button"
              aria-pressed={isCounted === value}
              onClick={() => {
                setCounted(value);
                setShown(undefined);
              }}
            >
              {value ? words.countedMode : words.cameMode}
            </button>
          ))}
        </div>
        <Field name="lines" label={words.countLabel} hint={words.countHint} rows={8} failure={failure} required />
        <Field name="reason" label={words.why} failure={failure} maxlength={500} />
        <FormFailure failure={failure} />
        <button class={shown ? "" : "primary"} disabled={isSending}>
          {words.preview}
        </button>
      </form>
      {shown && (
        <section class="card stack" aria-label={words.preview}>
          <PreviewTable of={shown.preview} />
          <button type="button" class="primary" disabled={isSending} onClick={() => write(shown)}>
            {words.writeDown(shown.preview.lines.length)}
          </button>
        </section>
      )}
    </>
  );
}

const isFilled = (text: string) => text.trim() !== "";

function lineOf(text: string, isCounted: boolean): Changes["lines"][number] {
  const [, product, units] = /^\s*(\S.*?)[\s,;:=]+(-?\d{1,9})\s*$/.exec(text) ?? [];
  if (product === undefined) throw new Error(words.noSuchLine(text.trim()));
  return { product, ...(isCounted ? { counted: Number(units) } : { delta: Number(units) }) };
}

const PreviewTable = ({ of }: { of: Changed }) => (
  <Table
    head={[words.product, [words.before], [words.after], [words.difference]]}
    rows={of.lines.map(({ name, before, after }) => [
      name,
      count(before),
      count(after),
      after > before ? `+${count(after - before)}` : count(after - before),
    ])}
  />
);
