import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import * as words from "../words/kit";
import { confirming, failureOf, shop } from "./api";
import { Dialog } from "./dialog";
import { Field, Form, Send } from "./form";

const asked = signal<((isConfirmed: boolean) => void) | undefined>(undefined);

confirming.ask = () =>
  new Promise((answer) => {
    asked.value?.(false);
    asked.value = answer;
  });

/** Asks whoever sits at the page whether they are still who signed in, where the shop wants to know before what can't be undone. */
export function Confirm() {
  const [wantsCode, setWantsCode] = useState(false);
  const answer = asked.value;
  if (!answer) return null;
  const say = (isConfirmed: boolean) => {
    asked.value = undefined;
    answer(isConfirmed);
  };
  return (
    <Dialog title={words.confirmTitle} onClose={() => say(false)} canLeave>
      <Form<{ password: string; code?: string }>
        class="stack"
        send={async (body) => {
          try {
            await shop("POST /auth/password/check", { body });
          } catch (error) {
            setWantsCode(failureOf(error).code === "code_needed" || wantsCode);
            throw error;
          }
          say(true);
        }}
      >
        <Field
          name="password"
          label={words.password}
          type="password"
          required
          autofocus
          autocomplete="current-password"
        />
        {wantsCode && <Field name="code" label={words.codeOfYourAuthenticator} autocomplete="one-time-code" required />}
        <Send class="primary">{words.goOn}</Send>
      </Form>
    </Dialog>
  );
}
