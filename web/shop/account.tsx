import { useState } from "preact/hooks";
import { to } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop } from "../kit/api";
import { Ago } from "../kit/ago";
import { Field, Form, Send } from "../kit/form";
import { accessToken, signIn, signIns, signOut, standing } from "../kit/session";
import { SignIn } from "../kit/sign-in";
import { say } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import { money } from "../kit/format";
import * as words from "../words/shop";
import { stateWord } from "../words/kit";

export function Account() {
  const who = standing.value;
  const [wants, setWants] = useState<"in" | "up">();
  const account = useAnswer(async () => {
    if ((await accessToken()) === undefined) return undefined;
    return { user: await shop("GET /users/me"), orders: await shop("GET /orders", { query: { size: 20 } }) };
  }, [who, signIns.value]);
  const known = account.data;
  return (
    <>
      <h1>{known && !known.user.is_guest ? known.user.full_name : words.yourAccount}</h1>
      <Trouble of={account} />
      {(!known || known.user.is_guest) && (
        <div class="row">
          <button type="button" class="primary" onClick={() => setWants("in")}>
            {words.signIn}
          </button>
          <button type="button" onClick={() => setWants("up")}>
            {words.openAnAccount}
          </button>
        </div>
      )}
      {known && !known.user.is_guest && (
        <button type="button" onClick={() => void signOut()}>
          {words.signOut}
        </button>
      )}
      {known && (
        <section class="card">
          <h2>{words.orders}</h2>
          {known.orders.length === 0 && <p class="quiet">{words.noneYet}</p>}
          <table>
            <tbody>
              {known.orders.map((order) => (
                <tr key={order.id}>
                  <th scope="row">
                    <a href={to(`orders/${order.id}`)}>{words.order(order.id)}</a>
                  </th>
                  <td>
                    <Ago at={order.placed_at} />
                  </td>
                  <td>{stateWord(order.status)}</td>
                  <td class="number">{money(order.total_amount, order.currency)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {wants === "in" && <SignIn title={words.signIn} onDone={() => setWants(undefined)} />}
      {wants === "up" && <SignUp onDone={() => setWants(undefined)} />}
    </>
  );
}

function SignUp({ onDone }: { onDone: () => void }) {
  return (
    <Form
      class="card stack"
      send={async ({ full_name = "", email = "", phone = "", password = "" }) => {
        // With the guest's token, cart and orders stay.
        await shop("POST /auth/register", { body: { full_name, email, phone, password } });
        const refusal = await signIn({ email, password });
        if (refusal) throw new Error(refusal.detail);
        say(words.welcome(full_name));
        onDone();
      }}
    >
      <h2>{words.openAnAccount}</h2>
      <Field name="full_name" label={words.fullName} required autocomplete="name" />
      <Field name="email" label={words.eMail} inputmode="email" required autocomplete="email" />
      <Field name="phone" label={words.phone} type="tel" required autocomplete="tel" />
      <Field
        name="password"
        label={words.password}
        type="password"
        required
        autocomplete="new-password"
        hint={words.passwordHint}
      />
      <Send class="primary">{words.openAccount}</Send>
    </Form>
  );
}
