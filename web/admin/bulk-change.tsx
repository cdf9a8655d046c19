import { useState } from "preact/hooks";
import { Act } from "../kit/act";
import { shop, type Shapes } from "../kit/api";
import { Dialog } from "../kit/dialog";
import { Field, Form, Send } from "../kit/form";
import { amountIn, count, percentIn } from "../kit/format";
import { say } from "../kit/toasts";
import * as words from "../words/admin";
import { Table } from "./table";

type Change = Shapes["BulkChange"];

interface Props {
  /** Which products are meant. */
  filter: Change["filter"];
  total: number;
  onClose: () => void;
  done: () => void;
}

/** Changes many products: what each was and would be is looked at first, and then all of it is done, or nothing. */
export function BulkChangeDialog({ filter, total, onClose, done }: Props) {
  const [shown, setShown] = useState<{ body: Change; answer: Shapes["BulkAnswer"] }>();
  const look = async (values: Record<string, string>) => {
    const body = { filter, change: changeIn(values) };
    setShown({ body, answer: await shop("PATCH /admin/products", { body }) });
  };
  const apply = async ({ body, answer }: NonNullable<typeof shown>) => {
    await shop("PATCH /admin/products", { body: { ...body, confirm: answer.confirm } });
    say(words.changedMany(answer.count));
    done();
    onClose();
  };
  return (
    <Dialog title={words.changeManyTitle} onClose={onClose}>
      <Form class="stack" onInput={() => setShown(undefined)} send={look}>
        <p class="quiet">{words.productsIn(total)}</p>
        <div class="columns">
          <Field name="percent" label={words.percentDearer} hint={words.percentHint} />
          <Field name="round" label={words.roundTo} inputmode="decimal" />
          <Field name="category" label={words.category} />
          <Field name="tax_class" label={words.taxClass} />
          <Field name="weight" label={words.weight} inputmode="numeric" />
        </div>
        <Send class={shown ? "" : "primary"}>{words.preview}</Send>
      </Form>
      {shown && (
        <div class="stack">
          <p role="status">
            {words.wouldChange(shown.answer.count)}{" "}
            {shown.answer.count > shown.answer.changes.length && words.firstOnly}
          </p>
          <Preview of={shown.answer} />
          {shown.answer.count > 0 && (
            <Act verb={words.changeNow(shown.answer.count)} class="primary" work={() => apply(shown)} />
          )}
        </div>
      )}
    </Dialog>
  );
}

function changeIn({ percent, round, category, tax_class, weight }: Record<string, string>): Change["change"] {
  const asPercent = percent === undefined ? undefined : percentIn(percent);
  if (percent !== undefined && asPercent === undefined) throw new Error(words.noPercent);
  return {
    ...(asPercent !== undefined && { price_percent: asPercent }),
    ...(round && { round_to: amountIn(round) ?? Number.NaN }),
    ...(category && { category }),
    ...(tax_class && { tax_class }),
    ...(weight && { weight_grams: Number(weight) }),
  };
}

const shownValue = (value: unknown) =>
  value === null || value === undefined
    ? words.empty
    : typeof value === "number"
      ? count(value)
      : typeof value === "string"
        ? value
        : JSON.stringify(value);

const Preview = ({ of }: { of: Shapes["BulkAnswer"] }) => (
  <Table
    isLong
    head={[words.product, words.before, words.after]}
    rows={of.changes.map(({ name, before, after }) => [
      name,
      Object.entries(before).map(([field, value]) => <div key={field}>{shownValue(value)}</div>),
      Object.entries(after).map(([field, value]) => (
        <div key={field}>
          <b>{shownValue(value)}</b>
        </div>
      )),
    ])}
  />
);
