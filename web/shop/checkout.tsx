import { useEffect, useMemo, useState } from "preact/hooks";
import { go, to } from "../kit/address";
import { type Answer, useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, FormFailure, useSending, valuesOf } from "../kit/form";
import { enterAsGuest } from "../kit/session";
import { Trouble } from "../kit/trouble";
import { about, money } from "../kit/format";
import { cart, loadCart } from "./cart-state";

type Quote = Shapes["CartQuote"];
type Address = Shapes["Address"];

/** Where it goes, how, and what it comes to: all of it seen before anything is ordered. */
export function Checkout() {
  const ready = useAnswer(async () => {
    await enterAsGuest();
    await loadCart();
    return { addresses: await shop("GET /users/me/addresses"), user: await shop("GET /users/me") };
  }, []);
  if (!ready.data) return <Trouble of={ready} />;
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
  const [coupon, setCoupon] = useState("");
  const quote = useAnswer(
    (signal) =>
      shop("POST /cart/quote", {
        body: {
          ...(addressId !== undefined && { address_id: addressId }),
          ...(methodId !== undefined && { shipping_method_id: methodId }),
          ...(coupon !== "" && { coupon_code: coupon }),
        },
        signal,
      }),
    [addressId, methodId, coupon, cart.value?.version],
  );
  // The newest address is the one that was just written.
  useEffect(() => setAddressId(addresses.at(-1)?.id), [addresses.length]);
  return (
    <>
      <h1>Check out</h1>
      <div class="columns">
        <div class="stack">
          <Addresses addresses={addresses} chosen={addressId} choose={setAddressId} again={again} />
          {quote.data && <Methods quote={quote.data} choose={setMethodId} />}
          <form
            class="card row"
            onSubmit={(event) => {
              event.preventDefault();
              setCoupon(valuesOf(event.currentTarget)["code"] ?? "");
            }}
          >
            <Field name="code" label="Coupon" maxlength={40} />
            <button>Use</button>
          </form>
        </div>
        <div class="stack">
          <Sums of={quote} />
          {addressId !== undefined && quote.data && (
            <Order quote={quote.data} addressId={addressId} coupon={coupon} user={user} />
          )}
        </div>
      </div>
    </>
  );
}

interface AddressesProps {
  addresses: readonly Address[];
  chosen: number | undefined;
  choose: (id: number) => void;
  again: () => void;
}

function Addresses({ addresses, chosen, choose, again }: AddressesProps) {
  const { send, failure, isSending } = useSending();
  const [isNew, setNew] = useState(addresses.length === 0);
  return (
    <section class="card stack">
      <h2>Where to</h2>
      {addresses.map((address) => (
        <label key={address.id} class="line">
          <input type="radio" name="address" checked={address.id === chosen} onChange={() => choose(address.id)} />
          {address.address_line}, {address.pincode} {address.city}
        </label>
      ))}
      {!isNew && (
        <button type="button" onClick={() => setNew(true)}>
          Another address
        </button>
      )}
      {isNew && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            const values = valuesOf(event.currentTarget);
            const body = {
              label: "Home",
              full_name: values["full_name"] ?? null,
              address_line: values["address_line"] ?? "",
              city: values["city"] ?? "",
              pincode: values["pincode"] ?? "",
              phone: values["phone"] ?? null,
              ...(values["state"] && { state: values["state"] }),
            };
            void send(async () => {
              await shop("POST /users/me/addresses", { body });
              setNew(false);
              again();
            });
          }}
        >
          <Field name="full_name" label="Name" failure={failure} required autocomplete="name" />
          <Field
            name="address_line"
            label="Street and house"
            failure={failure}
            required
            autocomplete="street-address"
          />
          <Field name="pincode" label="Pincode" failure={failure} required autocomplete="postal-code" />
          <Field name="city" label="City" failure={failure} required autocomplete="address-level2" />
          <Field name="state" label="State" failure={failure} autocomplete="address-level1" />
          <Field name="phone" label="Phone" type="tel" failure={failure} autocomplete="tel" />
          <FormFailure failure={failure} />
          <button disabled={isSending}>Deliver there</button>
        </form>
      )}
    </section>
  );
}

function Methods({ quote, choose }: { quote: Quote; choose: (id: number) => void }) {
  if (quote.shipping_methods.length === 0) return null;
  return (
    <section class="card stack">
      <h2>How</h2>
      {quote.shipping_methods.map(({ id, name, price }) => (
        <label key={id} class="line">
          <input type="radio" name="method" checked={id === quote.shipping_method_id} onChange={() => choose(id)} />
          {name}, {price === 0 ? "free" : money(price)}
        </label>
      ))}
    </section>
  );
}

function Sums({ of }: { of: Answer<Quote> }) {
  const quote = of.data;
  const rows: [string, number][] = quote
    ? [
        ["Goods", quote.subtotal],
        ...(quote.discount > 0 ? [["Discount", -quote.discount] as [string, number]] : []),
        ["Delivery", quote.shipping],
        ...quote.taxes.map(({ name, tax }) => [name, tax] as [string, number]),
      ]
    : [];
  return (
    <section class="card" aria-busy={of.isLoading}>
      <h2>What it comes to</h2>
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
              <th scope="row">Total{quote.tax_included > 0 && <small class="quiet"> with tax</small>}</th>
              <td class="number">{money(quote.total)}</td>
            </tr>
          </tfoot>
        </table>
      )}
    </section>
  );
}

const PAYMENTS: Record<string, string> = { cod: "Cash on delivery", mock: "Pay online (a mock)", stripe: "Pay online" };

function Order({
  quote,
  addressId,
  coupon,
  user,
}: {
  quote: Quote;
  addressId: number;
  coupon: string;
  user: Shapes["User"];
}) {
  const { send, failure, isSending } = useSending();
  // One key for one checkout: after a lost answer, or a double click, there is one order.
  const key = useMemo(() => crypto.randomUUID(), [quote.total, addressId, coupon]);
  const methods = about.value.payment_methods ?? ["cod", "mock"];
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        const { payment = "cod", email, note } = valuesOf(event.currentTarget);
        const body = {
          payment_method: payment,
          address_id: addressId,
          expected_total: quote.total,
          ...(coupon !== "" && { coupon_code: coupon }),
          ...(quote.shipping_method_id !== null && { shipping_method_id: quote.shipping_method_id }),
          ...(email && { email }),
          ...(note && { customer_note: note }),
        };
        void send(async () => {
          const receipt = await shop("POST /orders/checkout", { body, idempotencyKey: key });
          cart.value = undefined;
          if (receipt.payment_url) location.assign(receipt.payment_url);
          else go(to(`orders/${receipt.order_id}`));
        });
      }}
    >
      <fieldset>
        <legend>Payment</legend>
        {methods.map((method, index) => (
          <label key={method} class="line">
            <input type="radio" name="payment" value={method} defaultChecked={index === 0} />
            {PAYMENTS[method] ?? method}
          </label>
        ))}
      </fieldset>
      {user.is_guest && (
        <Field name="email" label="E-mail, for the confirmation" type="email" failure={failure} required />
      )}
      <Field name="note" label="A word to the shop" failure={failure} maxlength={500} />
      <FormFailure failure={failure} />
      <button class="primary" disabled={isSending}>
        Order for {money(quote.total)}
      </button>
    </form>
  );
}
