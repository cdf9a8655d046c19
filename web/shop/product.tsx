import { useEffect, useState } from "preact/hooks";
import { to } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop } from "../kit/api";
import { accessToken } from "../kit/session";
import { Picture } from "../kit/picture";
import { Trouble } from "../kit/trouble";
import { money } from "../kit/format";
import * as words from "../words/shop";
import { stateWord } from "../words/kit";
import { addToCart } from "./cart-state";
import { Before, Shelf } from "./shelf";
import { boughtWith, type Product, similarTo } from "./shelves";

export function ProductPage({ id }: { id: number }) {
  const answer = useAnswer((signal) => shop("GET /products/{id}", { path: { id }, signal }), [id]);
  const similar = useAnswer((signal) => similarTo(id, signal), [id]);
  const together = useAnswer((signal) => boughtWith(id, signal), [id]);
  useEffect(() => void noteView(id), [id]);
  const product = answer.data;
  useEffect(() => {
    if (product) document.title = product.name;
  }, [product]);
  return (
    <>
      <Trouble of={answer} />
      {product && <Detail key={product.id} product={product} />}
      <Shelf title={words.boughtTogether} of={together.data ?? []} />
      <Shelf title={words.similar} of={similar.data ?? []} />
    </>
  );
}

/** What is looked at teaches the recommender; only of visitors who have a session anyway. */
async function noteView(id: number): Promise<void> {
  if ((await accessToken()) === undefined) return;
  await shop("POST /events", { body: { type: "view", product_id: id } }).catch(() => {});
}

const valueOf = (value: unknown) =>
  Array.isArray(value) ? value.join(", ") : typeof value === "boolean" ? words.yesNo(value) : String(value);

function Detail({ product }: { product: Product }) {
  const [chosen, choose] = useState<Record<string, string>>({});
  const { option_names: names, variants } = product;
  const variant = variants.find(({ options }) => names.every((name) => options[name] === chosen[name]));
  const shown = names.length > 0 ? variant : product;
  return (
    <article class="detail">
      <Picture url={variant?.image_url ?? product.image_url} width={480} />
      <div class="stack">
        <h1>{product.name}</h1>
        <p>
          <a href={to(`search?category=${encodeURIComponent(product.category)}`)}>{product.category}</a>
        </p>
        {names.map((name) => (
          <fieldset key={name}>
            <legend>{name}</legend>
            <div class="chips">
              {[...new Set(variants.map(({ options }) => options[name] ?? ""))].map((value) => (
                <label key={value} class="chip">
                  <input
                    type="radio"
                    name={name}
                    checked={chosen[name] === value}
                    onChange={() => choose((before) => ({ ...before, [name]: value }))}
                  />{" "}
                  {value}
                </label>
              ))}
            </div>
          </fieldset>
        ))}
        <p class="price">
          {!shown && product.highest_price > product.price && <span class="quiet">{words.from} </span>}
          {money(shown?.price ?? product.price)}
          <Before price={shown?.price ?? product.price} was={(shown ?? product).compare_at_price} />
        </p>
        <button
          type="button"
          class="primary"
          disabled={!shown || shown.stock === 0}
          onClick={() => shown && void addToCart(shown.id, product.name)}
        >
          {!shown
            ? words.chooseOf(names.filter((name) => !chosen[name]))
            : shown.stock === 0
              ? words.soldOut
              : words.addToCart}
        </button>
        {shown && shown.stock > 0 && shown.stock < 6 && <p class="wrong">{words.onlyFewLeft(shown.stock)}</p>}
        {product.description && <p>{product.description}</p>}
        <dl class="attributes">
          {Object.entries(product.attributes).map(([name, value]) => (
            <div key={name}>
              <dt class="quiet">{stateWord(name)}</dt>
              <dd>{valueOf(value)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </article>
  );
}
