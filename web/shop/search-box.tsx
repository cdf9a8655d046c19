import { useEffect, useId, useState } from "preact/hooks";
import { address, asked, go, to } from "../kit/address";
import { shop, type Shapes } from "../kit/api";
import * as words from "../words/shop";

const PAUSE_MS = 30;
type Suggestion = Shapes["Suggestion"];

const hrefOf = ({ text, kind, id }: Suggestion): string => {
  if (kind === "product" && id !== null) return to(`products/${id}`);
  return kind === "category"
    ? to(`search?category=${encodeURIComponent(text)}`)
    : to(`search?q=${encodeURIComponent(text)}`);
};

/** Suggests while a visitor types. The combobox of the ARIA practices: the arrows walk along the list, the cursor stays. */
export function SearchBox() {
  const list = useId();
  const [typed, setTyped] = useState(asked("q"));
  const [found, setFound] = useState<readonly Suggestion[]>([]);
  const [at, setAt] = useState(-1);
  const [isOpen, setOpen] = useState(false);
  // Back, and links that search, change what stands in the box.
  useEffect(() => setTyped(asked("q")), [address.value.href]);

  useEffect(() => {
    if (!isOpen || typed.trim() === "") {
      setFound([]);
      return undefined;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const query = { q: typed, limit: 8, detail: true };
      // Without a network the box still searches; it only suggests nothing.
      void shop("GET /search/suggestions", { query, signal: stop.signal })
        .catch(() => [])
        .then((all) => !stop.signal.aborted && setFound(all.map(suggestionOf)));
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [typed, isOpen]);

  const leave = (href: string) => {
    setOpen(false);
    setAt(-1);
    go(href);
  };
  const chosen = found[at];
  return (
    <form
      role="search"
      class="search-box"
      onSubmit={(event) => {
        event.preventDefault();
        leave(chosen ? hrefOf(chosen) : to(typed.trim() === "" ? "" : `search?q=${encodeURIComponent(typed.trim())}`));
      }}
    >
      <input
        type="text"
        enterkeyhint="search"
        role="combobox"
        aria-label={words.searchTheShop}
        aria-expanded={isOpen && found.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={at >= 0 ? `${list}-${at}` : undefined}
        placeholder={words.searchTheShop}
        autocomplete="off"
        value={typed}
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setOpen(true);
          setAt(-1);
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step !== undefined && found.length > 0) {
            event.preventDefault();
            // -1 is the box itself.
            setAt((before) => ((before + 1 + step + found.length + 1) % (found.length + 1)) - 1);
          }
          if (event.key === "Escape" && isOpen) {
            event.preventDefault();
            setOpen(false);
          }
        }}
      />
      <ul id={list} role="listbox" aria-label={words.suggestions} hidden={!isOpen || found.length === 0}>
        {found.map((suggestion, index) => (
          // Before the blur, which would take the list away from under the pointer.
          <li
            key={`${suggestion.kind}${suggestion.text}`}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            onPointerDown={(event) => {
              event.preventDefault();
              leave(hrefOf(suggestion));
            }}
          >
            {suggestion.text} <small class="quiet">{suggestion.kind === "product" ? "" : suggestion.kind}</small>
          </li>
        ))}
      </ul>
    </form>
  );
}

/** The call gives bare words to those who do not ask for more. */
const suggestionOf = (one: string | Suggestion): Suggestion =>
  typeof one === "string" ? { text: one, kind: "product", id: null } : one;
