import { to } from "../kit/address";
import type { Shapes } from "../kit/api";
import { Picture } from "../kit/picture";
import { money } from "../kit/format";
import * as words from "../words/shop";
import { addToCart } from "./cart-state";

export interface Shown {
  product: Pick<
    Shapes["FoundProduct"],
    "id" | "name" | "image_url" | "price" | "highest_price" | "compare_at_price" | "stock" | "option_names"
  >;
  /** Why it is here. */
  reason?: string;
}

/** Products beside each other. Nothing is shown where there are none. */
export function Shelf({ title, of }: { title: string; of: readonly Shown[] }) {
  if (of.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul class="shelf">
        {of.map(({ product, reason }) => (
          <li key={product.id} class="card">
            <a href={to(`products/${product.id}`)}>
              <Picture url={product.image_url} />
              <span>{product.name}</span>
            </a>
            {reason && <small class="quiet">{reason}</small>}
            <div class="row">
              <b>
                {product.highest_price > product.price && <span class="quiet">{words.from} </span>}
                {money(product.price)}
                <Before price={product.price} was={product.compare_at_price} />
              </b>
              <Buy product={product} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What it cost before a sale, crossed out. */
export function Before({ price, was }: { price: number; was: number | null }) {
  if (was === null || was <= price) return null;
  return (
    <>
      {" "}
      <s class="quiet" aria-label={words.costBefore(money(was))}>
        {money(was)}
      </s>
    </>
  );
}

function Buy({ product }: { product: Shown["product"] }) {
  if (product.stock === 0) return <small class="quiet">{words.soldOut}</small>;
  if (product.option_names.length > 0)
    return (
      <a class="button" href={to(`products/${product.id}`)}>
        {words.choose}
      </a>
    );
  return (
    <button
      type="button"
      aria-label={words.addToTheCart(product.name)}
      onClick={() => void addToCart(product.id, product.name)}
    >
      {words.add}
    </button>
  );
}
