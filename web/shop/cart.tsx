import { useEffect } from "preact/hooks";
import { to } from "../kit/address";
import { Picture } from "../kit/picture";
import { money } from "../kit/format";
import { cart, loadCart, setQuantity } from "./cart-state";

export function CartPage() {
  useEffect(() => void loadCart().catch(() => {}), []);
  const { items = [], total = 0, notices = [] } = cart.value ?? {};
  if (items.length === 0) {
    return (
      <p class="empty">
        Your cart is empty. <a href={to("")}>Look around</a>
      </p>
    );
  }
  return (
    <>
      <h1>Your cart</h1>
      {notices.map(({ product_id, name, kind, price_before, price }) => (
        <p key={product_id} class="trouble" role="status">
          {kind === "gone"
            ? `${name} is no longer sold, and is not in your cart any more.`
            : `${name} costs ${money(price ?? 0)} now, before ${money(price_before ?? 0)}.`}
        </p>
      ))}
      <section class="card">
        <table>
          <thead>
            <tr>
              <th scope="col">Product</th>
              <th scope="col">Units</th>
              <th scope="col" class="number">
                Sum
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.product_id}>
                <th scope="row">
                  <Picture url={item.image_url} width={40} />{" "}
                  <a href={to(`products/${item.parent_id ?? item.product_id}`)}>{item.name}</a>
                  {item.qty > item.stock && <small class="wrong"> only {item.stock} left</small>}
                </th>
                <td>
                  <div class="row">
                    <button
                      type="button"
                      aria-label={`One less of ${item.name}`}
                      onClick={() => void setQuantity(item.product_id, item.qty - 1)}
                    >
                      −
                    </button>
                    <span aria-live="polite">{item.qty}</span>
                    <button
                      type="button"
                      aria-label={`One more of ${item.name}`}
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
          <tfoot>
            <tr>
              <th scope="row" colSpan={2}>
                Goods
              </th>
              <td class="number">{money(total)}</td>
            </tr>
          </tfoot>
        </table>
      </section>
      <a class="button primary" href={to("checkout")}>
        Check out
      </a>
    </>
  );
}
