import { useState } from "preact/hooks";
import { shop, type Shapes } from "../kit/api";
import { Dialog, Field, FormFailure, useSending, valuesOf } from "../kit/form";
import { amountIn, count } from "../kit/format";
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
  const { send, failure, isSending } = useSending();
  const [shown, setShown] = useState<{ body: Change; answer: Shapes["BulkAnswer"] }>();
  const look = (form: HTMLFormElement) =>
    void send(async () => {
      const body = { filter, change: changeIn(valuesOf(form)) };
      setShown({ body, answer: await shop("PATCH /admin/products", { body }) });
    });
  const apply = ({ body, answer }: NonNullable<typeof shown>) =>
    void send(async () => {
      await shop("PATCH /admin/products", { body: { ...body, confirm: answer.confirm } });
      say(words.changedMany(answer.count));
      done();
      onClose();
    });
  return (
    <Dialog title={words.changeManyTitle} onClose={onClose}>
      <form
        class="stack"
        onInput={() => setShown(undefined)}
        onSubmit={(event) => {
          event.preventDefault();
          look(event.currentTarget);
        }}
      >
        <p class="quiet">{words.productsIn(total)}</p>
        <div class="columns">
          <Field name="percent" label={words.percentDearer} hint={words.percentHint} failure={failure} />
          <Field name="round" label={words.roundTo} inputmode="decimal" failure={failure} />
          <Field name="category" label={words.category} failure={failure} />
          <Field name="tax_class" label={words.taxClass} failure={failure} />
          <Field name="weight" label={words.weight} inputmode="numeric" failure={failure} />
        </div>
        <FormFailure failure={failure} />
        <button class={shown ? "" : "primary"} disabled={isSending}>
          {words.preview}
        </button>
      </form>
      {shown && (
        <div class="stack">
          <p role="status">
            {words.wouldChange(shown.answer.count)}{" "}
            {shown.answer.count > shown.answer.changes.length && words.firstOnly}
          </p>
          <Preview of={shown.answer} />
          {shown.answer.count > 0 && (
            <button type="button" class="primary" disabled={isSending} onClick={() => apply(shown)}>
              {words.changeNow(shown.answer.count)}
            </button>
          )}
        </div>
      )}
    </Dialog>
  );
}

function changeIn({ percent, round, category, tax_class, weight }: Record<string, string>): Change["change"] {
  const asPercent = percent === undefined ? undefined : Number(percent.replace(",", ".").replace(/\s*%$/, ""));
  if (asPercent !== undefined && Number.isNaN(asPercent)) throw new Error(words.noPercent);
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
