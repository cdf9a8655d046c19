import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Act } from "../kit/act";
import { type Shown, useCall } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, Form, Send } from "../kit/form";
import { SumTable } from "../kit/sum-table";
import { Trouble } from "../kit/trouble";
import { money } from "../kit/format";
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

interface RulesProps<Rule, Body> {
  title: string;
  /** What holds where there is none. */
  none: string;
  of: Shown<readonly Rule[]>;
  row: (rule: Rule) => ComponentChildren;
  ask: (name: string) => string;
  remove: (id: number) => Promise<unknown>;
  /** What a new one is called, its fields, and how it is made. */
  newOne: string;
  children: ComponentChildren;
  add: (body: Body) => Promise<unknown>;
}

/** What is charged by place: the rules there are, and a form for another. */
const Rules = <Rule extends { id: number; name: string }, Body>(props: RulesProps<Rule, Body>) => {
  const { title, none, of, row, ask, remove, newOne, children, add } = props;
  return (
    <section class="card stack">
      <h2>{title}</h2>
      <Trouble of={of} />
      {of.data?.length === 0 && <p class="quiet">{none}</p>}
      <ul class="plain">
        {of.data?.map((rule) => (
          <li key={rule.id} class="row">
            <b>{rule.name}</b> {row(rule)}
            <Act
              verb={words.remove}
              ask={[ask(rule.name), words.remove]}
              work={async () => {
                await remove(rule.id);
                of.again();
              }}
            />
          </li>
        ))}
      </ul>
      <Form<Body>
        class="stack"
        send={async (body, form) => {
          await add(body);
          form.reset();
          of.again();
        }}
      >
        <h3>{newOne}</h3>
        <div class="columns">{children}</div>
        <Send>{words.addSynonyms}</Send>
      </Form>
    </section>
  );
};

const Methods = () => (
  <Rules
    title={words.waysOfDelivery}
    none={words.noneDeliveryIsFree}
    of={useCall("GET /shipping-methods/all")}
    row={(method) => (
      <>
        {money(method.price)}
        {method.price_per_kg > 0 && words.perKilogram(money(method.price_per_kg))}
        {method.free_from !== null && <span class="quiet">{words.freeFrom(money(method.free_from))}</span>}
        <span class="quiet">
          {[method.countries, method.states, method.pincodes].flat().filter(Boolean).join(", ")}
        </span>
        {!method.is_active && <span class="state off">{words.off}</span>}
      </>
    )}
    ask={words.offerNoLonger}
    remove={(id) => shop("DELETE /shipping-methods/{id}", { path: { id } })}
    newOne={words.newWayOfDelivery}
    add={(body: Shapes["NewShippingMethod"]) => shop("POST /shipping-methods", { body })}
  >
    <Field name="name" label={words.name} required />
    <Field name="price" label={words.price} kind="money" required />
    <Field name="price_per_kg" label={words.andForAKilogram} kind="money" />
    <Field name="free_from" label={words.freeFromLabel} kind="money" />
    <Field name="countries" kind="list" label={words.countries} hint={words.suchAsInNp} />
    <Field name="pincodes" kind="list" label={words.pincodes} hint={words.whatTheyBeginWith} />
  </Rules>
);

const Taxes = () => (
  <Rules
    title={words.taxes}
    none={words.none}
    of={useCall("GET /tax-rates")}
    row={({ percent, tax_class, country, state }) => (
      <>
        {percent} % <span class="quiet">{tax_class}</span>
        <span class="quiet">{[country, state].filter(Boolean).join(", ") || words.everywhere}</span>
      </>
    )}
    ask={words.chargeNoLonger}
    remove={(id) => shop("DELETE /tax-rates/{id}", { path: { id } })}
    newOne={words.newTax}
    add={(body: Shapes["NewTaxRate"]) => shop("POST /tax-rates", { body })}
  >
    <Field name="name" label={words.name} required />
    <Field name="percent" label={words.percent} kind="percent" required />
    <Field name="tax_class" label={words.classWord} hint={words.standardWhereEmpty} />
    <Field name="country" label={words.country} hint={words.suchAsIn} />
    <Field name="state" label={words.state} />
  </Rules>
);

/** What some goods would come to at a place: the ways that go there, what they cost, and the taxes. */
function Trial() {
  const [quote, setQuote] = useState<Shapes["OrderQuote"]>();
  return (
    <section class="card stack">
      <h2>{words.tryIt}</h2>
      <Form
        class="stack"
        onInput={() => setQuote(undefined)}
        send={async ({ product = "", qty = "1", ...place }) => {
          const query = { lines: `${product}:${qty}`, ...place };
          setQuote(await shop("GET /orders/quote", { query }));
        }}
      >
        <div class="columns">
          <Field name="product" label={words.productId} kind="number" required />
          <Field name="qty" label={words.units} kind="number" value="1" required />
          <Field name="country" label={words.country} hint={words.suchAsIn} />
          <Field name="state" label={words.stateOfCountry} />
          <Field name="pincode" label={words.pincode} />
          <Field name="coupon_code" label={words.couponCode} />
        </div>
        <Send>{words.preview}</Send>
      </Form>
      {quote && (
        <SumTable
          of={[
            [words.goods, quote.subtotal],
            [words.discount, -quote.discount],
            ...quote.shipping_methods.map(({ name, price }) => [words.offered(name), price] as const),
            ...quote.taxes.map(({ name, tax }) => [name, tax] as const),
          ]}
          total={[words.total, quote.total]}
          currency={quote.currency}
        />
      )}
    </section>
  );
}
