import { useEffect, useRef, useState } from "preact/hooks";
import * as words from "../words/kit";
import { signIn, standing } from "./session";

/**
 * Asks who is there, above whatever page was open: what was typed in it is still there afterwards. `code` is asked for once
 * the shop says that this account has a second factor.
 */
export function SignIn({ title, onDone }: { title: string; onDone?: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [refusal, setRefusal] = useState("");
  const [wantsCode, setWantsCode] = useState(false);
  const [isAsking, setAsking] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  async function submit(form: HTMLFormElement): Promise<void> {
    setAsking(true);
    try {
      // Every field of the form is text.
      const refused = await signIn(Object.fromEntries(new FormData(form)) as Record<string, string>);
      if (refused?.code === "code_needed") setWantsCode(true);
      setRefusal(refused?.detail ?? "");
      if (!refused) onDone?.();
    } catch {
      setRefusal(words.unreachable);
    } finally {
      setAsking(false);
    }
  }
  return (
    <dialog
      ref={dialog}
      class="sign-in"
      aria-labelledby="sign-in"
      onCancel={(event) => {
        event.preventDefault();
        onDone?.();
      }}
      // A browser lets a second Escape in a row through.
      onClose={() => (onDone ? onDone() : dialog.current?.showModal())}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit(event.currentTarget);
        }}
      >
        <h1 id="sign-in">{title}</h1>
        {standing.value === "locked" && <p class="quiet">{words.wereAway}</p>}
        <label>
          {words.eMail}
          <input name="email" inputmode="email" autocapitalize="none" autocomplete="username" required autofocus />
        </label>
        <label>
          {words.password}
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        {wantsCode && (
          <label>
            {words.codeOfYourAuthenticator}
            <input name="code" inputmode="numeric" autocomplete="one-time-code" required />
          </label>
        )}
        <p role="alert">{refusal}</p>
        <button class="primary" disabled={isAsking}>
          {words.signIn}
        </button>
      </form>
    </dialog>
  );
}
