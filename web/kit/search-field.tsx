import { useEffect, useRef, useState } from "preact/hooks";
import { asked, go, withQuery } from "./address";
import { isLetter } from "./letters";

const PAUSE_MS = 100;

/** What is searched in a list stands in the address, a moment after it was typed. `/` leads here from anywhere. */
export function SearchField({ label, hint }: { label: string; hint?: string }) {
  const field = useRef<HTMLInputElement>(null);
  const q = asked("q");
  const [typed, setTyped] = useState(q);
  // A link may lead to another search, such as one that found nothing.
  useEffect(() => {
    if (document.activeElement !== field.current) setTyped(q);
  }, [q]);
  useEffect(() => {
    if (typed === asked("q")) return undefined;
    const timer = setTimeout(() => go(withQuery({ q: typed }), { replace: true }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || !isLetter(event)) return;
      event.preventDefault();
      field.current?.focus();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return (
    <form role="search" onSubmit={(event) => event.preventDefault()}>
      <input
        ref={field}
        type="search"
        class="search"
        aria-label={label}
        placeholder={hint ?? label}
        value={typed}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
    </form>
  );
}
