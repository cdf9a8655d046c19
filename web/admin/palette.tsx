import { useEffect, useState } from "preact/hooks";
import { go, to } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop } from "../kit/api";
import { Dialog } from "../kit/dialog";
import * as words from "../words/admin";
import type { Page } from "./shell";

const PAUSE_MS = 150;
const FEW = 5;

interface Hit {
  href: string;
  kind: string;
  name: string;
}

/** Leads anywhere by a few letters: pages, orders by number, products, customers. Ctrl or Cmd and K opens it. */
export function Palette({ pages, onClose }: { pages: readonly Page[]; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const q = typed.trim();
  const found = useAnswer((signal) => find(q, signal), [q]);
  const named = pages
    .filter(({ name }) => name.toLowerCase().includes(q.toLowerCase()))
    .map(({ place, name }) => ({ href: to(place), kind: "", name }));
  const hits: Hit[] = [...(q === "" ? [] : (found.data ?? [])), ...named].slice(0, 3 * FEW);
  const open = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    go(hit.href);
  };
  return (
    <Dialog title={words.palette} onClose={onClose} canLeave>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          open(hits[at]);
        }}
      >
        <input
          autofocus
          role="combobox"
          aria-label={words.paletteHint}
          aria-expanded={hits.length > 0}
          aria-controls="palette"
          aria-activedescendant={hits[at] ? `palette-${at}` : undefined}
          placeholder={words.paletteHint}
          value={typed}
          onInput={({ currentTarget }) => {
            setTyped(currentTarget.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
            if (step === undefined) return;
            event.preventDefault();
            setAt((before) => Math.max(0, Math.min(hits.length - 1, before + step)));
          }}
        />
        <div id="palette" role="listbox" aria-label={words.palette} class="palette">
          {hits.map((hit, index) => (
            <div
              key={hit.href}
              id={`palette-${index}`}
              role="option"
              aria-selected={index === at}
              onClick={() => open(hit)}
            >
              {hit.name} <span class="quiet">{hit.kind}</span>
            </div>
          ))}
        </div>
        {hits.length === 0 && !found.isLoading && <p class="quiet">{words.nothingOfThatName}</p>}
      </form>
    </Dialog>
  );
}

async function find(q: string, signal: AbortSignal): Promise<Hit[]> {
  if (q === "") return [];
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  if (signal.aborted) return [];
  const query = { q, size: FEW };
  const [orders, products, users] = await Promise.all([
    shop("GET /orders/all", { query, signal }),
    shop("GET /products", { query, signal }),
    shop("GET /users", { query, signal }),
  ]);
  return [
    ...orders.map(({ id, status }) => ({ href: to(`orders/${id}`), kind: status, name: words.orderName(id) })),
    ...products.items.map(({ id, name, category }) => ({ href: to(`products/${id}`), kind: category, name })),
    ...users.map(({ id, full_name, email }) => ({
      href: to(`customers/${id}`),
      kind: email,
      name: full_name || email,
    })),
  ];
}

/** Opens it by Ctrl or Cmd and K, wherever one is. */
export function usePaletteKey(open: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      if (!document.querySelector("dialog[open]")) open();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
}
