import { useState } from "preact/hooks";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, FormFailure, useSending, valuesOf } from "../kit/form";
import { ago, day } from "../kit/format";
import { sure } from "../kit/sure";
import { attempt } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import * as words from "../words/admin";

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
  const list = useAnswer((signal) => shop("GET /keys", { signal }), []);
  const [secret, setSecret] = useState("");
  const revoke = ({ id, name }: Shapes["ApiKey"]) => {
    void attempt(async () => {
      if (!(await sure(words.revokeAsk(name), words.revoke))) return;
      await shop("DELETE /keys/{id}", { path: { id } });
      list.again();
    });
  };
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
              <span class="quiet">{key.last_used_at ? ago(key.last_used_at) : words.never}</span>
              {key.expires_at && <span class="quiet">{words.until(day(key.expires_at))}</span>}
              {key.revoked_at ? (
                <span class="state off">{words.revoked}</span>
              ) : (
                <button type="button" class="danger" onClick={() => revoke(key)}>
                  {words.revoke}
                </button>
              )}
            </li>
          ))}
        </ul>
        {secret && (
          <p role="status">
            {words.keyOnce} <code>{secret}</code>
          </p>
        )}
      </section>
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
  const { send, failure, isSending } = useSending();
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const { name = "", ends } = valuesOf(form);
        const scopes = new FormData(form).getAll("scopes").map(String);
        void send(async () => {
          const body = { name, scopes, ...(ends && { expires_at: new Date(`${ends}T23:59:59`).toISOString() }) };
          done(await shop("POST /keys", { body }));
          form.reset();
        });
      }}
    >
      <h2>{words.newKey}</h2>
      <div class="columns">
        <Field name="name" label={words.name} failure={failure} required maxlength={100} />
        <Field name="ends" label={words.lastDay} type="date" failure={failure} />
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
      <FormFailure failure={failure} />
      <button class="primary" disabled={isSending}>
        {words.makeKey}
      </button>
    </form>
  );
}
