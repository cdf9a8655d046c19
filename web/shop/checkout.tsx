import { useEffect, useMemo, useState } from "preact/hooks";
import { go, to } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { Problem, shop, type Shapes } from "../kit/api";
import { Field, Form, Send } from "../kit/form";
import { Trouble } from "../kit/trouble";
import { about, countries, countryName, money } from "../kit/format";
import * as words from "../words/shop";
import { cart, comeIn, coupon, loadCart, quoteCart, takeCoupon } from "./cart-state";
import { NothingInCart } from "./cart";
import { CouponForm, Sums } from "./sums";

type Quote = Shapes["CartQuote"];
type Address = Shapes["Address"];

/** Where it goes, how, and what it comes to: all of it seen before anything is ordered. */
export function Checkout() {
  const ready = useAnswer(async () => {
    await comeIn();
    await loadCart();
    return { addresses: await shop("GET /users/me/addresses"), user: await shop("GET /users/me") };
  }, []);
  if (!ready.data) return <Trouble of={ready} />;
  if (cart.value?.items.length === 0) return <NothingInCart />;
  return <CheckoutForm known={ready.data} again={ready.again} />;
}

function CheckoutForm({
  known,
  again,
}: {
  known: { addresses: readonly Address[]; user: Shapes["User"] };
  again: () => void;
}) {
  const { addresses, user } = known;
  const [addressId, setAddressId] = useState(addresses.at(-1)?.id);
  const [methodId, setMethodId] = useState<number>();
  const keep = async <T,>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!user.is_guest || !(error instanceof Problem) || error.problem.status !== 401) throw error;
      await comeIn();
      const address = addresses.find(({ id }) => id === addressId);
      if (address) setAddressId((await shop("POST /users/me/addresses", { body: bodyOf(address) })).id);
      again();
      throw new Error(words.cameBack, { cause: error });
    }
  };
  const quote = useAnswer(
    (signal) =>
      keep(() =>
        quoteCart(
          {
            ...(addressId !== undefined && { address_id: addressId }),
            ...(methodId !== undefined && { shipping_method_id: methodId }),
          },
          signal,
        ),
      ),
    [addressId, methodId, coupon.value, cart.value?.version],
  );
  // The newest address is the one that was just written.
  const newest = addresses.at(-1)?.id;
  useEffect(() => setAddressId(newest), [newest]);
  return (
    <>
      <h1>{words.checkOut}</h1>
      <div class="columns">
        <div class="stack">
          <Addresses addresses={addresses} chosen={addressId} choose={setAddressId} again={again} keep={keep} />
          {quote.data && <Methods quote={quote.data} choose={setMethodId} />}
          <CouponForm />
        </div>
        <div class="stack">
          <Sums of={quote} />
          {addressId !== undefined && quote.data && (
            <Order quote={quote.data} addressId={addressId} user={user} keep={keep} />
          )}
        </div>
      </div>
    </>
  );
}

/** Does the work; a guest whose visit has ended begins another one first, with their cart and address, and is told to look again. */
type Keep = <T>(work: () => Promise<T>) => Promise<T>;

const bodyOf = ({ id: _, user_id: _owner, ...body }: Address): Shapes["NewAddress"] => body;

interface AddressesProps {
  addresses: readonly Address[];
  chosen: number | undefined;
  choose: (id: number) => void;
  again: () => void;
  keep: Keep;
}

function Addresses({ addresses, chosen, choose, again, keep }: AddressesProps) {
  const [isNew, setNew] = useState(addresses.length === 0);
  return (
    <section class="card stack">
      <h2>{words.whereTo}</h2>
      {addresses.map((address) => (
        <label key={address.id} class="line">
          <input type="radio" name="address" checked={address.id === chosen} onChange={() => choose(address.id)} />
          {address.address_line}, {address.pincode} {address.city}
          {address.country !== null && address.country !== about.value.country && `, ${countryName(address.country)}`}
        </label>
      ))}
      {!isNew && (
        <button type="button" onClick={() => setNew(true)}>
          {words.anotherAddress}
        </button>
      )}
      {isNew && (
        <Form
          class="stack"
          send={async (values) => {
            const body = {
              label: words.home,
              full_name: values["full_name"] ?? null,
              address_line: values["address_line"] ?? "",
              city: values["city"] ?? "",
              pincode: values["pincode"] ?? "",
              phone: values["phone"] ?? null,
              ...(values["state"] && { state: values["state"] }),
              ...(values["country"] && { country: values["country"] }),
            };
            await keep(() => shop("POST /users/me/addresses", { body }));
            setNew(false);
            again();
          }}
        >
          <Field name="full_name" label={words.fullName} required autocomplete="name" />
          <Field name="address_line" label={words.streetAndHouse} required autocomplete="street-address" />
          <Field name="pincode" label={words.pincode} required autocomplete="postal-code" />
          <Field name="city" label={words.city} required autocomplete="address-level2" />
          <Field name="state" label={words.state} autocomplete="address-level1" />
          <label>
            {words.country}
            <select name="country" autocomplete="country">
              {countries().map(([code, name]) => (
                <option key={code} value={code} selected={code === about.value.country}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <Field name="phone" label={words.phone} type="tel" autocomplete="tel" />
          <Send>{words.deliverThere}</Send>
        </Form>
      )}
    </section>
  );
}

function Methods({ quote, choose }: { quote: Quote; choose: (id: number) => void }) {
  if (quote.shipping_methods.length === 0) return null;
  return (
    <section class="card stack">
      <h2>{words.how}</h2>
      {quote.shipping_methods.map(({ id, name, price }) => (
        <label key={id} class="line">
          <input type="radio" name="method" checked={id === quote.shipping_method_id} onChange={() => choose(id)} />
          {name}, {price === 0 ? words.free : money(price)}
        </label>
      ))}
    </section>
  );
}

const PAYMENTS: Record<string, string> = {
  cod: words.cashOnDelivery,
  mock: words.payOnlineMock,
  stripe: words.payOnline,
};

interface OrderProps {
  quote: Quote;
  addressId: number;
  user: Shapes["User"];
  keep: Keep;
}

function Order({ quote, addressId, user, keep }: OrderProps) {
  // One key for one checkout: after a lost answer, or a double click, there is one order.
  const key = useMemo(() => crypto.randomUUID(), [quote.total, addressId, coupon.value]);
  const methods = about.value.payment_methods ?? ["cod", "mock"];
  return (
    <Form
      class="card stack"
      send={async ({ payment = "cod", email, note }) => {
        const body = {
          payment_method: payment,
          address_id: addressId,
          expected_total: quote.total,
          ...(coupon.value !== "" && { coupon_code: coupon.value }),
          ...(quote.shipping_method_id !== null && { shipping_method_id: quote.shipping_method_id }),
          ...(email && { email }),
          ...(note && { customer_note: note }),
        };
        const receipt = await keep(() => shop("POST /orders/checkout", { body, idempotencyKey: key }));
        cart.value = undefined;
        takeCoupon("");
        if (receipt.payment_url) location.assign(receipt.payment_url);
        else go(to(`orders/${receipt.order_id}`));
      }}
    >
      <fieldset>
        <legend>{words.payment}</legend>
        {methods.map((method, index) => (
          <label key={method} class="line">
            <input type="radio" name="payment" value={method} defaultChecked={index === 0} />
            {PAYMENTS[method] ?? method}
          </label>
        ))}
      </fieldset>
      {user.is_guest && <Field name="email" label={words.emailForConfirmation} inputmode="email" required />}
      <Field name="note" label={words.noteToShop} maxlength={500} />
      <Send class="primary">{words.orderFor(money(quote.total))}</Send>
    </Form>
  );
}
