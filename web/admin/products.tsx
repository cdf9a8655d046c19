import { useState } from "preact/hooks";
import { asked, pageAsked, to } from "../kit/address";
import { type Page, useAnswer, useCall } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Filter, optionAsked } from "../kit/choice";
import { List, useChoice } from "../kit/list";
import { Picture } from "../kit/picture";
import { SearchField } from "../kit/search-field";
import { Views } from "../kit/views";
import { count, currencySign } from "../kit/format";
import * as words from "../words/admin";
import { BulkChangeDialog } from "./bulk-change";
import { PriceCell, StockCell } from "./product-cells";

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
  const categories = useCall("GET /categories");
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
          {
            name: `${words.price} ${currencySign()}`,
            cell: (product) => <PriceCell product={product} />,
            isNumber: true,
          },
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
