import { Act } from "../kit/act";
import { asked, askedNumber, pageAsked, to, withQuery } from "../kit/address";
import { Ago } from "../kit/ago";
import { useCall, usePage } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, Form, Send } from "../kit/form";
import { count } from "../kit/format";
import { Pages } from "../kit/pages";
import { SearchField } from "../kit/search-field";
import { sayUndoable } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import * as words from "../words/admin";
import { Why } from "./why";
import { Table } from "./table";

const SIZE = 20;

/** What customers search: why they find what they find, what they missed, and the words that mean the same. */
export function Search() {
  return (
    <>
      <TriedSearch q={asked("q")} />
      <div class="columns">
        <Misses />
        <SynonymList />
      </div>
    </>
  );
}

function TriedSearch({ q }: { q: string }) {
  const found = useCall(q !== "" && "GET /search/products", { query: { q, size: 10 } });
  return (
    <section class="card stack">
      <h2>{words.trySearch}</h2>
      <SearchField label={words.trySearch} hint={words.trySearchHint} />
      <Trouble of={found} />
      {found.data && <Understood of={found.data} />}
      {found.data && <Why key={asked("why")} q={q} productId={askedNumber("why")} />}
    </section>
  );
}

function Understood({ of }: { of: Shapes["ProductSearch"] }) {
  const said = [
    [words.corrected, of.corrected_query],
    [words.didYouMean, of.did_you_mean],
    [words.askedPrice, of.asked_price && [of.asked_price.min, of.asked_price.max].map((end) => end ?? "").join(" – ")],
    [words.matchedWords, of.matched_words.join(", ")],
    [words.ignoredWords, of.ignored_words.join(", ")],
  ].filter(([, what]) => what);
  return (
    <>
      <h3>{words.understood}</h3>
      <p role="status">
        {words.foundAll(of.total_exact)} {words.foundInAll(of.total)}
      </p>
      {said.length === 0 && <p class="quiet">{words.nothingUnusual}</p>}
      <dl class="pairs">
        {said.map(([name, what]) => (
          <div key={name}>
            <dt class="quiet">{name}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <ol class="found">
        {of.items.map((item) => (
          <li key={item.id}>
            <a href={to(`products/${item.id}`)}>{item.name}</a>
            <small class="quiet"> {item.matched_words?.join(", ")}</small>{" "}
            <a class="quiet" href={withQuery({ why: item.id })} aria-label={`${words.why}: ${item.name}`}>
              {words.why}
            </a>
          </li>
        ))}
      </ol>
    </>
  );
}

function Misses() {
  const page = pageAsked();
  const list = usePage("GET /admin/search/misses", { query: { page, size: SIZE } });
  const { rows = [], total = 0 } = list.data ?? {};
  return (
    <section class="card">
      <h2>{words.misses}</h2>
      <Trouble of={list} />
      {list.data && rows.length === 0 && <p class="quiet">{words.noMisses}</p>}
      {rows.length > 0 && (
        <Table
          head={[words.words, [words.times], words.lastTime]}
          rows={rows.map(({ words: missed, times, missed_at }) => [
            <a href={withQuery({ q: missed, page })}>{missed}</a>,
            count(times),
            <Ago at={missed_at} />,
          ])}
        />
      )}
      <Pages total={total} size={SIZE} />
    </section>
  );
}

type Synonyms = { phrases: string[]; finds: string[] };

function SynonymList() {
  const list = useCall("GET /admin/search/synonyms");
  const proposed = useCall("GET /admin/search/synonyms/proposals");
  const again = () => {
    list.again();
    proposed.again();
  };
  const add = async (body: Synonyms) => {
    await shop("POST /admin/search/synonyms", { body });
    sayUndoable(words.synonymsAdded, () => remove(body));
    again();
  };
  const remove = async (body: Synonyms) => {
    for (const phrase of body.phrases) await shop("DELETE /admin/search/synonyms/{phrase}", { path: { phrase } });
    sayUndoable(words.removed, () => add(body));
    again();
  };
  return (
    <section class="card stack">
      <h2>{words.synonyms}</h2>
      <Form<{ phrases: string[]; finds?: string[] }>
        class="stack"
        send={async ({ phrases, finds = [] }, form) => {
          await add({ phrases, finds });
          form.reset();
        }}
      >
        <Field name="phrases" kind="list" value={asked("q")} label={words.phrases} hint={words.phrasesHint} required />
        <Field name="finds" kind="list" label={words.finds} hint={words.findsHint} />
        <Send>{words.addSynonyms}</Send>
      </Form>
      <Trouble of={list} />
      {list.data?.length === 0 && <p class="quiet">{words.noSynonyms}</p>}
      <ul class="plain close">
        {list.data?.map(({ phrases, finds }) => (
          <li key={phrases.join()} class="row">
            <span>
              <b>{phrases.join(" = ")}</b>
              {finds.length > 0 && ` → ${finds.join(", ")}`}
            </span>
            <Act
              verb="×"
              class="bare"
              label={`${words.remove}: ${phrases.join(", ")}`}
              work={() => remove({ phrases, finds })}
            />
          </li>
        ))}
        {proposed.data?.map(({ asked: phrase, finds, times }) => (
          <li key={`p ${phrase} ${finds}`} class="row">
            <span class="quiet">
              {words.proposals}: {phrase} → {finds} ({count(times)})
            </span>
            <Act verb={words.take} work={() => add({ phrases: [phrase], finds: [finds] })} />
          </li>
        ))}
      </ul>
    </section>
  );
}
