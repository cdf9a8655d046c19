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
            ...quote.taxes.map(({ name, tax }) => [name, tax] as const),
          ]}
          total={[
            <>
              {words.total}
              {quote.tax_included > 0 && <small class="quiet"> {words.withTax}</small>}
            </>,
            quote.total,
          ]}
          currency={quote.currency}
        />
      )}
    </section>
  );
}
