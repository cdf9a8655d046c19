import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import * as words from "../words/kit";
import { address } from "./address";
import { Dialog } from "./dialog";
import { Field, Form, Send } from "./form";
import { page } from "./place";
import { say } from "./toasts";

interface View {
  name: string;
  href: string;
}

const KEY = `sanset-${page}-views`;
const views = signal<readonly View[]>(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
views.subscribe((all) => localStorage.setItem(KEY, JSON.stringify(all)));

/** What a list shows stands in its address: a view that is kept is an address with a name. */
export function Views() {
  const { pathname, search } = address.value;
  const [isNaming, setNaming] = useState(false);
  const here = pathname + search;
  const own = views.value.filter(({ href }) => href.split("?")[0] === pathname);
  if (own.length === 0 && search === "") return null;
  const isKept = own.some(({ href }) => href === here);
  return (
    <div class="row">
      {own.map(({ name, href }) => (
        <a key={name} class="chip" href={href} aria-current={href === here ? "page" : undefined}>
          {name}
        </a>
      ))}
      {search !== "" && !isKept && (
        <button type="button" class="bare" onClick={() => setNaming(true)}>
          {words.keepView}
        </button>
      )}
      {isNaming && (
        <Dialog title={words.keepView} onClose={() => setNaming(false)}>
          <Form
            class="stack"
            send={({ name = "" }) => {
              views.value = [...views.value.filter((one) => one.name !== name), { name, href: here }];
              setNaming(false);
            }}
          >
            <Field name="name" label={words.nameView} required maxlength={60} />
            <Send class="primary">{words.keepView}</Send>
          </Form>
        </Dialog>
      )}
      {isKept && (
        <button
          type="button"
          class="bare"
          onClick={() => {
            const before = views.value;
            views.value = before.filter(({ href }) => href !== here);
            say(words.dropView, {
              undo: () => {
                views.value = before;
              },
            });
          }}
        >
          {words.dropView}
        </button>
      )}
    </div>
  );
}
