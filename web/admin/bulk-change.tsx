import { useState } from "preact/hooks";
import { Act } from "../kit/act";
import { Misread, shop, type Shapes } from "../kit/api";
import { Dialog } from "../kit/dialog";
import { Field, Form, Send } from "../kit/form";
import { amountIn, count, currencySign, percentIn } from "../kit/format";
import { say } from "../kit/toasts";
import * as words from "../words/admin";
import { couldBeTwoAmounts } from "../words/kit";
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
  const look = async ({ price, how, ...values }: Given) => {
    const changed = price && (how === "price_percent" ? percentIn : amountIn)(price);
    if (price && changed === undefined) throw new Misread("price", couldBeTwoAmounts(price));
    const body = { filter, change: { ...values, ...(price && { [how]: changed }) } };
    setShown({ body, answer: await shop("PATCH /admin/products", { body }) });
    return false;
  };
  const apply = async ({ body, answer }: NonNullable<typeof shown>) => {
    await shop("PATCH /admin/products", { body: { ...body, confirm: answer.confirm } });
    say(words.changedMany(answer.count));
    done();
    onClose();
  };
  return (
    <Dialog title={words.changeManyTitle} onClose={onClose}>
      <Form<Given> class="stack" onInput={() => setShown(undefined)} send={look}>
        <p class="quiet">{words.productsIn(total)}</p>
        <div class="columns">
          <label>
            {words.price}
            <select name="how">
              {Object.entries(words.priceChanges).map(([how, what]) => (
                <option key={how} value={how}>
                  {what}
                </option>
              ))}
            </select>
          </label>
          <Field name="price" label={words.percentOrAmount} hint={words.percentHint} unit={`% / ${currencySign()}`} />
          <Field name="round_to" label={words.roundTo} kind="money" />
          <Field name="category" label={words.category} />
          <Field name="tax_class" label={words.taxClass} />
          <Field name="weight_grams" label={words.weight} kind="number" />
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

type Given = Omit<Change["change"], "price"> & { price?: string } & { how: "price_percent" | "price_by" | "price" };

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
