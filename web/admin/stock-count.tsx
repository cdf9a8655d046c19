import { useMemo, useState } from "preact/hooks";
import { go, to } from "../kit/address";
import { shop, type Shapes } from "../kit/api";
import { Act } from "../kit/act";
import { Choice } from "../kit/choice";
import { Field, Form, Send } from "../kit/form";
import { count } from "../kit/format";
import { sayUndoable } from "../kit/toasts";
import { settle } from "../kit/typed";
import * as words from "../words/admin";
import { Table } from "./table";

type Changed = Shapes["ShelfChanged"];
type Changes = Shapes["ShelfChanges"];

/** A delivery or a stocktake: typed, scanned or pasted, looked at, and then written down whole or not at all. */
export function StockCount() {
  const [isCounted, setCounted] = useState(false);
  const [shown, setShown] = useState<{ body: Changes; preview: Changed }>();
  const key = useMemo(() => crypto.randomUUID(), [shown]);
  const look = async ({ lines = "", reason }: Record<string, string>) => {
    const usual = isCounted ? words.stocktake : words.delivery;
    const body = {
      lines: lines
        .split("\n")
        .filter(isFilled)
        .map((text) => lineOf(text, isCounted)),
      reason: reason ?? usual,
    };
    setShown({ body, preview: await shop("POST /admin/stock/changes", { body: { ...body, dry_run: true } }) });
    return false;
  };
  const write = async ({ body }: { body: Changes }) => {
    const { lines } = await shop("POST /admin/stock/changes", { body, idempotencyKey: key });
    settle();
    sayUndoable(words.writtenDown(lines.length), () =>
      shop("POST /admin/stock/changes", {
        body: {
          reason: words.takenBack,
          lines: lines
            .filter(({ before, after }) => before !== after)
            .map(({ product_id, before, after }) => ({ product: String(product_id), delta: before - after })),
        },
        idempotencyKey: crypto.randomUUID(),
      }),
    );
    go(to("stock"));
  };
  return (
    <>
      <a href={to("stock")}>{words.allStock}</a>
      <Form class="card stack" onInput={() => setShown(undefined)} send={look}>
        <Choice
          label={words.kind}
          of={[
            [false, words.cameMode],
            [true, words.countedMode],
          ]}
          chosen={isCounted}
          choose={(value) => {
            setCounted(value);
            setShown(undefined);
          }}
        />
        <Field name="lines" label={words.countLabel} hint={words.countHint} rows={8} required />
        <Field name="reason" label={words.why} maxlength={500} />
        <Send class={shown ? "" : "primary"}>{words.preview}</Send>
      </Form>
      {shown && (
        <section class="card stack" aria-label={words.preview}>
          <PreviewTable of={shown.preview} />
          <Act verb={words.writeDown(shown.preview.lines.length)} class="primary" work={() => write(shown)} />
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
