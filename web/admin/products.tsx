import { useState } from "preact/hooks";
import { asked, pageAsked, to } from "../kit/address";
import { type Page, useAnswer } from "../kit/answer";
import { failureOf, shop, type Shapes } from "../kit/api";
import { Filter, optionAsked } from "../kit/choice";
import { List, useChoice } from "../kit/list";
import { Picture } from "../kit/picture";
import { SearchField } from "../kit/search-field";
import { say } from "../kit/toasts";
import { Views } from "../kit/views";
import { amountIn, count } from "../kit/format";
import * as words from "../words/admin";
import { BulkChangeDialog } from "./bulk-change";

type Product = Shapes["FoundProduct"];
const SIZE = 20;
const NO_PRODUCTS: ReadonlySet<number> = new Set();
const STOCKS = [
  ["", words.inStockOrNot],
  ["true", words.inStock],
  ["false", words.soldOutOnly],
] as const;
const SORTS = [
  ["", words.byRelevance],
  ["newest", words.newest],
  ["name", words.byName],
  ["popular", words.bestSellers],
  ["price_asc", words.cheapest],
] as const;

export function Products() {
  const [page, q, category, sort] = [pageAsked(), asked("q"), asked("category"), optionAsked("sort", SORTS)];
  const inStock = asked("in_stock");
  const about = [page, q, category, sort, inStock];
  const list = useAnswer<Page<Product>>(async (signal) => {
    const query = {
      page,
      size: SIZE,
      ...(q && { q }),
      ...(category && { category }),
      ...(sort && { sort }),
      ...(inStock !== "" && { in_stock: inStock === "true" }),
    };
    const { items, total } = await shop("GET /products", { query, signal });
    return { rows: items, total };
  }, about);
  const categories = useAnswer((signal) => shop("GET /categories", { signal }), []);
  const [chosen, setChosen] = useChoice(about, NO_PRODUCTS);
  const [areAll, setAll] = useChoice(about, false);
  const [isChanging, setChanging] = useState(false);
  const total = list.data?.total ?? 0;
  const rows = list.data?.rows ?? [];
  return (
    <>
      <div class="row">
        <SearchField label={words.searchProducts} hint={words.nameWordOrCode} />
        <Filter
          name="category"
          label={words.category}
          of={[
            ["", words.allCategories],
            ...(categories.data ?? []).map(
              ({ category: name, count: products }) => [name, `${name} (${count(products)})`] as const,
            ),
          ]}
        />
        <Filter name="in_stock" label={words.stock} of={STOCKS} />
        <Filter name="sort" label={words.order} of={SORTS} />
        <a class="button" href={to("products/import")}>
          {words.importTitle}
        </a>
        <a class="button primary" href={to("products/new")}>
          {words.newProduct}
        </a>
      </div>
      <Views />
      <List
        what={words.productsWhat}
        of={list}
        idOf={({ id }) => id}
        nameColumn={words.product}
        nameOf={({ name, image_url }) => (
          <>
            <Picture url={image_url} width={32} /> {name}
          </>
        )}
        hrefOf={({ id }) => to(`products/${id}`)}
        columns={[
          { name: words.category, cell: ({ category: name }) => name, isExtra: true },
          { name: words.price, cell: (product) => <PriceCell product={product} />, isNumber: true },
          { name: words.stock, cell: (product) => <StockCell product={product} />, isNumber: true },
        ]}
        size={SIZE}
        choice={{
          chosen,
          choose: (next) => {
            setChosen(next);
            setAll(false);
          },
        }}
        empty={words.nothingHere}
      />
      {chosen.size > 0 && (
        <div class="bulk" role="region" aria-label={words.chosen(chosen.size)}>
          <b>{words.chosen(areAll ? total : chosen.size)}</b>
          {/* A search has no end that could be changed as a whole: only what is narrowed by filters. */}
          {!areAll && q === "" && chosen.size === rows.length && total > rows.length && (
            <button type="button" onClick={() => setAll(true)}>
              {words.chooseAll(total)}
            </button>
          )}
          <button type="button" class="primary" onClick={() => setChanging(true)}>
            {words.changeMany(areAll ? total : chosen.size)}
          </button>
          <button type="button" onClick={() => setChosen(NO_PRODUCTS)}>
            {words.chooseNone}
          </button>
        </div>
      )}
      {isChanging && (
        <BulkChangeDialog
          filter={
            areAll
              ? { ...(category && { category }), ...(inStock !== "" && { in_stock: inStock === "true" }) }
              : { ids: [...chosen] }
          }
          total={areAll ? total : chosen.size}
          onClose={() => setChanging(false)}
          done={() => {
            setChosen(NO_PRODUCTS);
            list.again();
          }}
        />
      )}
    </>
  );
}

/** Whether a product has variants: then its price and stock are what those make of it. */
const isParent = ({ option_names }: Product) => option_names.length > 0;

/** A price that is changed where it stands: saved when the field is left, with an undo. */
function PriceCell({ product }: { product: Product }) {
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
        if (next === undefined) throw new Error(words.couldBeTwoAmounts(typed));
        const before = price;
        await save(next);
        say(words.costsNow(product.name, next), { undo: () => void save(before) });
      }}
    />
  );
}

/** Stock is changed by difference, so what sells meanwhile is not undone. */
function StockCell({ product }: { product: Product }) {
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
        say(`${product.name}: ${delta > 0 ? "+" : ""}${delta}.`, { undo: () => void adjust(-delta) });
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
