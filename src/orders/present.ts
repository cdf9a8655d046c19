import { currencyOf } from "../base/currency";
import { toMajor } from "../base/money";
import type { OrderDetails, OrderRecord } from "./queries";
import type { Order, Receipt } from "./schema";

/** An order as the API gives it, in major units of its own currency, whatever the shop sells in by now. */
export function presentOrder(order: OrderDetails): Order {
  const { subtotal_minor, discount_minor, total_minor, lines, history, ...row } = order;
  const currency = currencyOf(row.currency);
  return {
    ...row,
    subtotal: toMajor(subtotal_minor, currency),
    discount: toMajor(discount_minor, currency),
    total_amount: toMajor(total_minor, currency),
    items: lines.map(({ product_id, qty, price_minor }) => ({
      product_id,
      qty,
      price_at_purchase: toMajor(price_minor, currency),
    })),
    history,
  };
}

/** What a checkout answers. Where it is paid is known only after the commit. */
export function presentReceipt(id: number, order: OrderRecord): Receipt {
  return {
    order_id: id,
    status: order.status,
    total_amount: toMajor(order.price.total_minor, currencyOf(order.currency)),
    payment_url: null,
    placed_at: order.placed_at,
    delivery_eta: order.delivery_eta,
  };
}
