import { useState } from "preact/hooks";
import { Act } from "../kit/act";
import { Ago } from "../kit/ago";
import { useCall } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, Form, Send } from "../kit/form";
import { day } from "../kit/format";
import { Trouble } from "../kit/trouble";
import * as words from "../words/admin";
import { Secret } from "./secret";

/** What a key may be for, each to read or to write: the tags of the API without accounts and keys. */
const ABOUT = [
  "admin",
  "addresses",
  "products",
  "search",
  "recommend",
  "cart",
  "orders",
  "shipping",
  "tax",
  "payments",
  "coupons",
  "returns",
  "invoices",
  "webhooks",
  "stock",
  "audit",
];

/** Keys with which programs call the shop. */
export function ApiKeys() {
  const list = useCall("GET /keys");
  const [secret, setSecret] = useState("");
  return (
    <>
      <section class="card stack">
        <p class="quiet">{words.apiKeysAbout}</p>
        <Trouble of={list} />
        {list.data?.length === 0 && <p>{words.noApiKeys}</p>}
        <ul class="plain">
          {list.data?.map((key) => (
            <li key={key.id} class="row">
              <b>{key.name}</b> <code>{key.prefix}…</code> <span class="quiet">{key.scopes.join(", ")}</span>
              <span class="quiet">{key.last_used_at ? <Ago at={key.last_used_at} /> : words.never}</span>
              {key.expires_at && <span class="quiet">{words.until(day(key.expires_at))}</span>}
              {key.revoked_at ? (
                <span class="state off">{words.revoked}</span>
              ) : (
                <Act
                  verb={words.revoke}
                  class="danger"
                  ask={[words.revokeAsk(key.name), words.revoke]}
                  work={async () => {
                    await shop("DELETE /keys/{id}", { path: { id: key.id } });
                    list.again();
                  }}
                />
              )}
            </li>
          ))}
        </ul>
      </section>
      <Secret says={words.keyOnce} of={secret} />
      <NewKey
        done={(made) => {
          setSecret(made.key);
          list.again();
        }}
      />
    </>
  );
}

function NewKey({ done }: { done: (made: Shapes["KeyWithSecret"]) => void }) {
  return (
    <Form
      class="card stack"
      send={async ({ name = "", expires_at: day }, form) => {
        const scopes = new FormData(form).getAll("scopes").map(String);
        const body = { name, scopes, ...(day && { expires_at: new Date(`${day}T23:59:59`).toISOString() }) };
        done(await shop("POST /keys", { body }));
        form.reset();
      }}
    >
      <h2>{words.newKey}</h2>
      <div class="columns">
        <Field name="name" label={words.name} required maxlength={100} />
        <Field name="expires_at" label={words.lastDay} type="date" />
      </div>
      <fieldset>
        <legend>{words.scopes}</legend>
        <div class="columns tight">
          {ABOUT.flatMap((about) => [`${about}:read`, `${about}:write`]).map((scope) => (
            <label key={scope} class="line">
              <input type="checkbox" name="scopes" value={scope} /> {scope}
            </label>
          ))}
        </div>
      </fieldset>
      <Send class="primary">{words.makeKey}</Send>
    </Form>
  );
}
