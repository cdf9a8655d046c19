import type { Shown } from "../kit/answer";
import type { Shapes } from "../kit/api";
import { Field, Form } from "../kit/form";
import { SumTable } from "../kit/sum-table";
import { Trouble } from "../kit/trouble";
import * as words from "../words/shop";
import { coupon, couponRefusal, takeCoupon } from "./cart-state";

type Quote = Shapes["CartQuote"];

/** A coupon is kept from the cart to the checkout; what it takes off stands in the sums, and here why it does not. */
export const CouponForm = () => (
  <Form
    class="card row"
    send={({ code = "" }) => {
      takeCoupon(code);
    }}
  >
    <Field name="code" label={words.coupon} value={coupon.value} maxlength={60} />
    <button>{words.use}</button>
    {couponRefusal.value && (
      <p class="wrong" role="alert">
        {couponRefusal.value}
      </p>
    )}
  </Form>
);

/** Each tax with its rate; part of the prices, or added to them. */
export const taxesOf = ({ taxes, tax: added }: Pick<Quote, "taxes" | "tax">) =>
  taxes.map(({ name, percent, tax }) => {
    const rate = `${name} ${percent} %`;
    return [added > 0 ? rate : words.ofItTax(rate), tax] as const;
  });

/** What it comes to, line by line: all of it is seen before anything is ordered. */
export function Sums({ of }: { of: Shown<Quote | undefined> }) {
  const quote = of.data;
  return (
    <section class="card" aria-busy={of.isLoading}>
      <h2>{words.whatItComesTo}</h2>
      <Trouble of={of} />
      {quote && (
        <SumTable
          of={[
            [words.goods, quote.subtotal],
            ...(quote.discount > 0 ? [[words.discount, -quote.discount] as const] : []),
            [words.delivery, quote.shipping],
            ...(quote.tax > 0 ? taxesOf(quote) : []),
          ]}
          total={[words.total, quote.total]}
          within={quote.tax > 0 ? [] : taxesOf(quote)}
          currency={quote.currency}
        />
      )}
    </section>
  );
}
