import { useState } from "preact/hooks";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, FormFailure, useSending, valuesOf } from "../kit/form";
import { sure } from "../kit/sure";
import { attempt } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import { amountIn, money } from "../kit/format";
import * as words from "../words/admin";

export function Delivery() {
  return (
    <>
      <Methods />
      <Taxes />
      <Trial />
    </>
  );
}

const namesIn = (list: string | undefined): string[] | null => (list ? list.split(",").map((one) => one.trim()) : null);

function Methods() {
  const list = useAnswer((signal) => shop("GET /shipping-methods/all", { signal }), []);
  const { send, failure, isSending } = useSending();
  const remove = async ({ id, name }: Shapes["ShippingMethod"]) => {
    if (!(await sure(words.offerNoLonger(name), words.remove))) return;
    await attempt(async () => {
      await shop("DELETE /shipping-methods/{id}", { path: { id } });
      list.again();
    });
  };
  return (
    <section class="card stack">
      <h2>{words.waysOfDelivery}</h2>
      <Trouble of={list} />
      {list.data?.length === 0 && <p class="quiet">{words.noneDeliveryIsFree}</p>}
      <ul class="plain">
        {list.data?.map((method) => (
          <li key={method.id} class="row">
            <b>{method.name}</b> {money(method.price)}
            {method.price_per_kg > 0 && ` + ${money(method.price_per_kg)} a kilogram`}
            {method.free_from !== null && <span class="quiet">{words.freeFrom(money(method.free_from))}</span>}
            <span class="quiet">
              {[method.countries, method.states, method.pincodes].flat().filter(Boolean).join(", ")}
            </span>
            {!method.is_active && <span class="state off">{words.off}</span>}
            <button type="button" onClick={() => void remove(method)}>
              {words.remove}
            </button>
          </li>
        ))}
      </ul>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          const { name = "", price = "", per_kg, free_from, countries, pincodes } = valuesOf(form);
          const body = {
            name,
            price: amountIn(price) ?? Number.NaN,
            ...(per_kg && { price_per_kg: amountIn(per_kg) ?? Number.NaN }),
            ...(free_from && { free_from: amountIn(free_from) ?? Number.NaN }),
            countries: namesIn(countries),
            pincodes: namesIn(pincodes),
          };
          void send(async () => {
            await shop("POST /shipping-methods", { body });
            form.reset();
            list.again();
          });
        }}
      >
        <h3>{words.newWayOfDelivery}</h3>
        <div class="columns">
          <Field name="name" label={words.name} failure={failure} required />
          <Field name="price" label={words.price} inputmode="decimal" failure={failure} required />
          <Field name="per_kg" label={words.andForAKilogram} inputmode="decimal" failure={failure} />
          <Field name="free_from" label={words.freeFromLabel} inputmode="decimal" failure={failure} />
          <Field name="countries" label={words.countries} failure={failure} hint={words.suchAsInNp} />
          <Field name="pincodes" label={words.pincodes} failure={failure} hint={words.whatTheyBeginWith} />
        </div>
        <FormFailure failure={failure} />
        <button disabled={isSending}>{words.addSynonyms}</button>
      </form>
    </section>
  );
}

function Taxes() {
  const list = useAnswer((signal) => shop("GET /tax-rates", { signal }), []);
  const { send, failure, isSending } = useSending();
  const remove = async ({ id, name }: Shapes["TaxRate"]) => {
    if (!(await sure(words.chargeNoLonger(name), words.remove))) return;
    await attempt(async () => {
      await shop("DELETE /tax-rates/{id}", { path: { id } });
      list.again();
    });
  };
  return (
    <section class="card stack">
      <h2>{words.taxes}</h2>
      <Trouble of={list} />
      {list.data?.length === 0 && <p class="quiet">{words.none}</p>}
      <ul class="plain">
        {list.data?.map((rate) => (
          <li key={rate.id} class="row">
            <b>{rate.name}</b> {rate.percent} % <span class="quiet">{rate.tax_class}</span>
            <span class="quiet">{[rate.country, rate.state].filter(Boolean).join(", ") || "everywhere"}</span>
            <button type="button" onClick={() => void remove(rate)}>
              {words.remove}
            </button>
          </li>
        ))}
      </ul>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          const { name = "", percent = "", tax_class, country, state } = valuesOf(form);
          const body = {
            name,
            percent: amountIn(percent) ?? Number(percent),
            ...(tax_class && { tax_class }),
            ...(country && { country }),
            ...(state && { state }),
          };
          void send(async () => {
            await shop("POST /tax-rates", { body });
            form.reset();
            list.again();
          });
        }}
      >
        <h3>{words.newTax}</h3>
        <div class="columns">
          <Field name="name" label={words.name} failure={failure} required />
          <Field name="percent" label={words.percent} inputmode="decimal" failure={failure} required />
          <Field name="tax_class" label={words.classWord} failure={failure} hint={words.standardWhereEmpty} />
          <Field name="country" label={words.country} failure={failure} hint={words.suchAsIn} />
          <Field name="state" label={words.state} failure={failure} />
        </div>
        <FormFailure failure={failure} />
        <button disabled={isSending}>{words.addSynonyms}</button>
      </form>
    </section>
  );
}

/** What some goods would come to at a place: the ways that go there, what they cost, and the taxes. */
function Trial() {
  const { send, failure, isSending } = useSending();
  const [quote, setQuote] = useState<Shapes["OrderQuote"]>();
  return (
    <section class="card stack">
      <h2>{words.tryIt}</h2>
      <form
        class="stack"
        onInput={() => setQuote(undefined)}
        onSubmit={(event) => {
          event.preventDefault();
          const { product = "", qty = "1", ...place } = valuesOf(event.currentTarget);
          void send(async () => {
            const query = { lines: `${product}:${qty}`, ...place };
            setQuote(await shop("GET /orders/quote", { query }));
          });
        }}
      >
        <div class="columns">
          <Field name="product" label={words.productId} inputmode="numeric" failure={failure} required />
          <Field name="qty" label={words.units} inputmode="numeric" value="1" failure={failure} required />
          <Field name="country" label={words.country} failure={failure} hint={words.suchAsIn} />
          <Field name="state" label={words.stateOfCountry} failure={failure} />
          <Field name="pincode" label={words.pincode} failure={failure} />
          <Field name="coupon_code" label={words.couponCode} failure={failure} />
        </div>
        <FormFailure failure={failure} />
        <button disabled={isSending}>{words.preview}</button>
      </form>
      {quote && (
        <table>
          <tbody>
            {[
              [words.goods, quote.subtotal] as const,
              [words.discount, -quote.discount] as const,
              ...quote.shipping_methods.map(({ name, price }) => [words.offered(name), price] as const),
              ...quote.taxes.map(({ name, tax }) => [name, tax] as const),
            ].map(([name, amount]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="number">{money(amount, quote.currency)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{words.total}</th>
              <td class="number">{money(quote.total, quote.currency)}</td>
            </tr>
          </tfoot>
        </table>
      )}
    </section>
  );
}
