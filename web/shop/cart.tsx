import { useEffect } from "preact/hooks";
import { to } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { Picture } from "../kit/picture";
import { money } from "../kit/format";
import * as words from "../words/shop";
import { cart, coupon, quoteCart, refreshCart, setQuantity } from "./cart-state";
import { Sums, CouponForm } from "./sums";

export const NothingInCart = () => (
  <p class="empty">
    {words.yourCartIsEmpty} <a href={to("")}>{words.lookAround}</a>
  </p>
);

export function CartPage() {
  useEffect(() => void refreshCart(), []);
  const { items = [], notices = [], version = "" } = cart.value ?? {};
  const quote = useAnswer(
    async (signal) => (version === "" || items.length === 0 ? undefined : quoteCart({}, signal)),
    [version, coupon.value],
  );
  if (items.length === 0) {
    return <NothingInCart />;
  }
  return (
    <>
      <h1>{words.yourCart}</h1>
      {notices.map(({ product_id, name, kind, price_before, price }) => (
        <p key={product_id} class="trouble" role="status">
          {kind === "gone"
            ? words.goneFromCart(name)
            : words.costsOtherwise(name, money(price ?? 0), money(price_before ?? 0))}
        </p>
      ))}
      <section class="card">
        <table>
          <thead>
            <tr>
              <th scope="col">{words.product}</th>
              <th scope="col">{words.units}</th>
              <th scope="col" class="number">
                {words.sum}
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.product_id}>
                <th scope="row">
                  <Picture url={item.image_url} width={40} />{" "}
                  <a href={to(`products/${item.parent_id ?? item.product_id}`)}>{item.name}</a>
                  {item.qty > item.stock && <small class="wrong"> {words.onlyLeft(item.stock)}</small>}
                </th>
                <td>
                  <div class="row">
                    <button
                      type="button"
                      aria-label={words.oneLessOf(item.name)}
                      onClick={() => void setQuantity(item.product_id, item.qty - 1)}
                    >
                      −
                    </button>
                    <span aria-live="polite">{item.qty}</span>
                    <button
                      type="button"
                      aria-label={words.oneMoreOf(item.name)}
                      onClick={() => void setQuantity(item.product_id, item.qty + 1)}
                    >
                      +
                    </button>
                  </div>
                </td>
                <td class="number">{money(item.price * item.qty)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div class="columns">
        <CouponForm />
        <div class="stack">
          <Sums of={quote} />
          <p class="quiet">{words.sumsAbout}</p>
          <a class="button primary" href={to("checkout")}>
            {words.checkOut}
          </a>
        </div>
      </div>
    </>
  );
}
