import { go, withQuery } from "../kit/address";
import { useCall } from "../kit/answer";
import type { Shapes } from "../kit/api";
import { Field, Form } from "../kit/form";
import { count } from "../kit/format";
import { Trouble } from "../kit/trouble";
import * as words from "../words/admin";
import { Table } from "./table";

/** Why a search finds a product where it does, or not: which words it has and where, and what its score is made of. */
export function Why({ q, productId }: { q: string; productId: number | undefined }) {
  const reason = useCall(productId !== undefined && "GET /admin/search/why", {
    query: { q, product_id: productId ?? 0 },
  });
  return (
    <>
      <Form class="row" data-passing send={({ product }) => go(withQuery({ why: product }))}>
        <Field name="product" label={words.whyNot} kind="number" value={productId ?? ""} />
        <button>{words.why}</button>
      </Form>
      <Trouble of={reason} />
      {reason.data && <Reason of={reason.data} />}
    </>
  );
}

function Reason({ of }: { of: Shapes["SearchReason"] }) {
  return (
    <div role="status" class="stack">
      <p>
        <b>{of.name}</b> {of.place !== null && words.atPlace(of.place)} {of.because}
      </p>
      <Table
        head={[words.words, words.takenFor, words.foundAs, words.standsIn, [words.adds]]}
        rows={of.words.map((word) => [
          <>
            {word.word} <small class="quiet">{words.inProducts(count(word.products))}</small>
          </>,
          word.taken_for,
          word.matched_by === null ? words.notThere : `${word.matched_by}: ${word.as ?? ""}`,
          word.fields.map(({ field, times }) => `${field} × ${times}`).join(", "),
          word.relevance,
        ])}
      />
      {of.score && (
        <p class="quiet">
          {words.scoreIs(of.score.words, of.score.side_by_side, of.score.sells_and_in_stock, of.score.total)}
        </p>
      )}
    </div>
  );
}
