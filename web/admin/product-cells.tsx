import { useState } from "preact/hooks";
import { failureOf, shop, type Shapes } from "../kit/api";
import { say, sayUndoable } from "../kit/toasts";
import { amountIn, count } from "../kit/format";
import * as words from "../words/admin";
import { couldBeTwoAmounts } from "../words/kit";

type Product = Shapes["FoundProduct"];

/** Whether a product has variants: then its price and stock are what those make of it. */
const isParent = ({ option_names }: Product) => option_names.length > 0;

/** A price that is changed where it stands: saved when the field is left, with an undo. */
export function PriceCell({ product }: { product: Product }) {
  const [price, setPrice] = useState(product.price);
  if (isParent(product)) return <>{price}</>;
  const save = async (next: number) => {
    await shop("PATCH /products/{id}", { path: { id: product.id }, body: { price: next } });
    setPrice(next);
  };
  return (
    <Cell
      column="price"
      label={words.priceOf(product.name)}
      value={String(price)}
      onChange={async (typed) => {
        const next = amountIn(typed);
        if (next === undefined) throw new Error(couldBeTwoAmounts(typed));
        const before = price;
        await save(next);
        sayUndoable(words.costsNow(product.name, next), () => save(before));
      }}
    />
  );
}

/** Stock is changed by difference, so what sells meanwhile is not undone. */
export function StockCell({ product }: { product: Product }) {
  const [stock, setStock] = useState(product.stock);
  if (isParent(product)) return <>{count(stock)}</>;
  const adjust = async (delta: number) => {
    const level = await shop("POST /admin/stock/{product_id}/adjustment", {
      path: { product_id: product.id },
      body: { delta, reason: words.countedHere },
      idempotencyKey: crypto.randomUUID(),
    });
    setStock(level.stock);
  };
  return (
    <Cell
      column="stock"
      label={words.stockOf(product.name)}
      value={String(stock)}
      onChange={async (typed) => {
        if (!/^\d{1,7}$/.test(typed.trim())) throw new Error(words.stockIsAWhole);
        const delta = Number(typed) - stock;
        if (delta === 0) return;
        await adjust(delta);
        sayUndoable(`${product.name}: ${delta > 0 ? "+" : ""}${delta}.`, () => adjust(-delta));
      }}
    />
  );
}

interface CellProps {
  column: "price" | "stock";
  label: string;
  value: string;
  onChange: (typed: string) => Promise<void>;
}

/**
 * A cell one can write in: Enter or leaving it saves, Escape takes back, the arrows go up and down the column, and a column that
 * is pasted goes into the cells below.
 */
function Cell({ column, label, value, onChange }: CellProps) {
  const save = async (field: HTMLInputElement) => {
    if (field.value === value) return;
    try {
      await onChange(field.value);
    } catch (error) {
      say(`${label}: ${failureOf(error).detail}`, { isBad: true });
      field.value = value;
    }
  };
  return (
    <input
      key={value}
      class="cell number"
      data-column={column}
      aria-label={label}
      inputmode="decimal"
      defaultValue={value}
      onKeyDown={(event) => {
        const field = event.currentTarget;
        if (event.key === "Escape") field.value = value;
        if (event.key === "Enter" || event.key === "Escape") field.blur();
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        const fields = cellsOf(column);
        fields[fields.indexOf(field) + step]?.focus();
      }}
      onPaste={(event) => {
        const lines = (event.clipboardData?.getData("text") ?? "").trim().split(/\r?\n/);
        if (lines.length < 2) return;
        event.preventDefault();
        const fields = cellsOf(column);
        const first = fields.indexOf(event.currentTarget);
        for (const [at, line] of lines.entries()) {
          const field = fields[first + at];
          if (!field) break;
          field.value = line.trim();
          // Each cell saves what was put into it, as when it is left.
          field.dispatchEvent(new Event("paste-in"));
        }
      }}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={({ currentTarget }) => void save(currentTarget)}
      {...{ "onpaste-in": ({ currentTarget }: { currentTarget: HTMLInputElement }) => void save(currentTarget) }}
    />
  );
}

const cellsOf = (column: string) => [
  ...document.querySelectorAll<HTMLInputElement>(`input.cell[data-column=${column}]`),
];
