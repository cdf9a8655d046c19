import { asked, go, pageAsked, to } from "../kit/address";
import { Ago } from "../kit/ago";
import { useCall, usePage } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Choice } from "../kit/choice";
import { Field, Form, Send } from "../kit/form";
import { count } from "../kit/format";
import { useHeading } from "../kit/heading";
import { List } from "../kit/list";
import { SearchField } from "../kit/search-field";
import { sayUndoable } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import * as words from "../words/admin";
import { Table } from "./table";

type Line = Shapes["ShelfLine"];
const SIZE = 50;

/** What lies on the shelves; with `low` what has run low. */
export function Stock({ low = false }: { low?: boolean }) {
  const [page, q] = [pageAsked(), asked("q")];
  const list = usePage(low ? "GET /admin/stock/low" : "GET /admin/stock", {
    query: { page, size: SIZE, ...(!low && { q }) },
  });
  return (
    <>
      <div class="row">
        {!low && <SearchField label={words.searchStock} hint={words.searchStockHint} />}
        <Choice
          label={words.stock}
          of={[
            [false, words.stockLevels],
            [true, words.stockLow],
          ]}
          chosen={low}
          choose={(isLow) => go(to(isLow ? "stock/low" : "stock"))}
        />
        <a class="button primary" href={to("stock/count")}>
          {words.stockCount}
        </a>
      </div>
      <List
        what={words.stockWhat}
        of={list}
        idOf={({ product_id }) => product_id}
        nameColumn={words.product}
        nameOf={({ name }) => name}
        hrefOf={({ product_id }) => to(`stock/${product_id}`)}
        columns={[
          { name: words.code, cell: ({ sku }) => sku ?? "", isExtra: true },
          { name: words.onHand, cell: ({ on_hand }) => count(on_hand), isNumber: true, isExtra: true },
          { name: words.reserved, cell: ({ reserved }) => count(reserved), isNumber: true, isExtra: true },
          { name: words.toSell, cell: ({ stock }) => count(stock), isNumber: true },
          { name: words.state, cell: (line) => <Level of={line} /> },
        ]}
        size={SIZE}
        empty={low ? words.nothingLow : words.noStock}
      />
    </>
  );
}

function Level({ of: { stock, low_at } }: { of: Line }) {
  if (stock > low_at) return null;
  return <span class="state low">{stock === 0 ? words.soldOut : words.low}</span>;
}

export function ShelfPage({ id }: { id: number }) {
  const path = { product_id: id };
  const shelf = useCall("GET /admin/stock/{product_id}", { path });
  const moves = useCall("GET /admin/stock/{product_id}/moves", { path, query: { size: 50 } });
  const known = shelf.data;
  useHeading(known?.name);
  return (
    <>
      <a href={to("stock")}>{words.allStock}</a>
      <Trouble of={shelf} />
      {known && (
        <section class="card stack">
          <dl class="cards">
            {(["on_hand", "reserved", "stock"] as const).map((name) => (
              <div key={name}>
                <dt>{{ on_hand: words.onHand, reserved: words.reserved, stock: words.toSell }[name]}</dt>
                <dd>{count(known[name])}</dd>
              </div>
            ))}
          </dl>
          <p>
            <Level of={known} /> <a href={to(`products/${id}`)}>{words.openProduct}</a>
          </p>
          <Variants of={known.variants} />
          {known.variants.length === 0 && (
            <Adjustment
              of={known}
              done={() => {
                shelf.again();
                moves.again();
              }}
            />
          )}
        </section>
      )}
      <section class="card">
        <h2>{words.ledger}</h2>
        <p class="quiet">{words.ledgerAbout}</p>
        <Trouble of={moves} />
        {moves.data?.length === 0 && <p>{words.noMoves}</p>}
        {moves.data && moves.data.length > 0 && (
          <Table
            head={[words.what, [words.difference], words.why, words.when]}
            rows={moves.data.map(({ cause, change, note, at }) => [
              cause,
              change > 0 ? `+${count(change)}` : count(change),
              note,
              <Ago at={at} />,
            ])}
          />
        )}
      </section>
    </>
  );
}

function Variants({ of }: { of: readonly Line[] }) {
  if (of.length === 0) return null;
  return (
    <Table
      head={[words.variant, [words.toSell]]}
      rows={of.map((line) => [
        <a href={to(`stock/${line.product_id}`)}>{line.sku ?? line.slug}</a>,
        <>
          {count(line.stock)} <Level of={line} />
        </>,
      ])}
    />
  );
}

/** By difference: what sells while the shopkeeper types stays sold. */
function Adjustment({ of, done }: { of: Line; done: () => void }) {
  const adjust = async (delta: number, reason: string): Promise<void> => {
    const { stock } = await shop("POST /admin/stock/{product_id}/adjustment", {
      path: { product_id: of.product_id },
      body: { delta, reason },
      idempotencyKey: crypto.randomUUID(),
    });
    sayUndoable(words.stockSaved(of.name, stock), () => adjust(-delta, reason));
    done();
  };
  return (
    <Form<{ delta: number; reason: string }>
      class="stack"
      send={async (body, form) => {
        await adjust(body.delta, body.reason);
        form.reset();
      }}
    >
      <h2>{words.changeStock}</h2>
      <div class="columns">
        <Field
          name="delta"
          kind="number"
          inputmode="text"
          label={words.howManyMore}
          hint={words.howManyMoreHint}
          required
        />
        <Field name="reason" label={words.why} required maxlength={500} />
      </div>
      <Send>{words.change}</Send>
    </Form>
  );
}
