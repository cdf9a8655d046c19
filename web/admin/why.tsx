import { go, withQuery } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, valuesOf } from "../kit/form";
import { count } from "../kit/format";
import { Trouble } from "../kit/trouble";
import * as words from "../words/admin";

/** Why a search finds a product where it does, or not: which words it has and where, and what its score is made of. */
export function Why({ q, productId }: { q: string; productId: number | undefined }) {
  const reason = useAnswer(
    async (signal) =>
      productId === undefined
        ? undefined
        : shop("GET /admin/search/why", { query: { q, product_id: productId }, signal }),
    [q, productId],
  );
  return (
    <>
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          go(withQuery({ why: valuesOf(event.currentTarget)["product"] ?? null }));
        }}
      >
        <Field name="product" label={words.whyNot} inputmode="numeric" value={productId ?? ""} />
        <button>{words.why}</button>
      </form>
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
      <div class="scrolls" tabIndex={0} role="region" aria-label={words.words}>
        <table>
          <thead>
            <tr>
              {[words.words, words.takenFor, words.foundAs, words.standsIn].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col" class="number">
                {words.adds}
              </th>
            </tr>
          </thead>
          <tbody>
            {of.words.map((word) => (
              <tr key={word.word}>
                <th scope="row">
                  {word.word} <small class="quiet">{words.inProducts(count(word.products))}</small>
                </th>
                <td>{word.taken_for ?? ""}</td>
                <td>{word.matched_by === null ? words.notThere : `${word.matched_by}: ${word.as ?? ""}`}</td>
                <td>{word.fields.map(({ field, times }) => `${field} × ${times}`).join(", ")}</td>
                <td class="number">{word.relevance}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {of.score && (
        <p class="quiet">
          {words.scoreIs(of.score.words, of.score.side_by_side, of.score.sells_and_in_stock, of.score.total)}
        </p>
      )}
    </div>
  );
}
