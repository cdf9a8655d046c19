import type { Answer } from "../kit/answer";
import type { Shapes } from "../kit/api";
import { Field, valuesOf } from "../kit/form";
import { money } from "../kit/format";
import { Trouble } from "../kit/trouble";
import * as words from "../words/shop";
import { coupon } from "./cart-state";

type Quote = Shapes["CartQuote"];

/** A coupon is kept from the cart to the checkout; what it takes off, or why it does not, stands in the sums. */
export const CouponForm = () => (
  <form
    class="card row"
    onSubmit={(event) => {
      event.preventDefault();
      coupon.value = valuesOf(event.currentTarget)["code"] ?? "";
    }}
  >
    <Field name="code" label={words.coupon} value={coupon.value} maxlength={40} />
    <button>{words.use}</button>
  </form>
);

/** What it comes to, line by line: all of it is seen before anything is ordered. */
export function Sums({ of }: { of: Omit<Answer<Quote | undefined>, "put" | "change"> }) {
  const quote = of.data;
  const rows: [string, number][] = quote
    ? [
        [words.goods, quote.subtotal],
        ...(quote.discount > 0 ? [[words.discount, -quote.discount] as [string, number]] : []),
        [words.delivery, quote.shipping],
        ...quote.taxes.map(({ name, tax }) => [name, tax] as [string, number]),
      ]
    : [];
  return (
    <section class="card" aria-busy={of.isLoading}>
      <h2>{words.whatItComesTo}</h2>
      <Trouble of={of} />
      {quote && (
        <table>
          <tbody>
            {rows.map(([name, amount]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="number">{money(amount)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">
                {words.total}
                {quote.tax_included > 0 && <small class="quiet"> {words.withTax}</small>}
              </th>
              <td class="number">{money(quote.total)}</td>
            </tr>
          </tfoot>
        </table>
      )}
    </section>
  );
}
