import { asked, go, pageAsked, to, withQuery } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Filter, optionAsked } from "../kit/choice";
import { Pages } from "../kit/pages";
import { Trouble } from "../kit/trouble";
import { count, money } from "../kit/format";
import * as words from "../words/shop";
import { Shelf } from "./shelf";

const SIZE = 24;
const SORTS = [
  ["", words.bestFirst],
  ["price_asc", words.cheapest],
  ["price_desc", words.dearest],
  ["newest", words.newest],
  ["popular", words.bestSellers],
] as const;

export function Results() {
  const [q, category, sort, page] = [asked("q"), asked("category"), optionAsked("sort", SORTS), pageAsked()];
  const inStock = asked("in_stock") === "true";
  const answer = useAnswer(
    (signal) =>
      shop("GET /search/products", {
        query: {
          ...(q && { q }),
          ...(category && { category }),
          ...(sort && { sort }),
          ...(inStock && { in_stock: true }),
          page,
          size: SIZE,
        },
        signal,
      }),
    [q, category, sort, inStock, page],
  );
  const found = answer.data;
  return (
    <>
      <h1>{q ? `“${q}”` : category || words.allProducts}</h1>
      <Trouble of={answer} />
      {found && <About found={found} />}
      <div class="row">
        <Filter name="sort" label={words.sortedBy} of={SORTS} />
        <label class="line">
          <input
            type="checkbox"
            checked={inStock}
            onChange={(e) => go(withQuery({ in_stock: e.currentTarget.checked ? "true" : null }))}
          />
          {words.inStock}
        </label>
      </div>
      {found && <Categories facets={found.facets} chosen={category} />}
      <div aria-busy={answer.isLoading}>
        <Shelf
          title={words.products(found?.total ?? 0, count(found?.total ?? 0))}
          of={(found?.items ?? []).map((product) => ({ product }))}
        />
      </div>
      {found && found.total === 0 && (
        <p class="empty">
          {words.nothingFound} <a href={to("")}>{words.seeWhatIsPopular}</a>
        </p>
      )}
      <Pages total={found?.total ?? 0} size={SIZE} />
    </>
  );
}

/** What the search made of the words, where that was not just them. */
function About({ found }: { found: Shapes["ProductSearch"] }) {
  const { corrected_query: corrected, did_you_mean: meant, ignored_words: ignored, asked_price: price } = found;
  return (
    <div role="status">
      {corrected && <p>{words.showingResultsFor(corrected)}</p>}
      {price && <p>{found.total_exact > 0 ? words.costing(rangeOf(price)) : words.nothingCosts(rangeOf(price))}</p>}
      {meant && (
        <p>
          {words.didYouMean} <a href={withQuery({ q: meant })}>{meant}</a>?
        </p>
      )}
      {ignored.length > 0 && <p class="quiet">{words.nothingHereHas(ignored.join("”, “"))}</p>}
    </div>
  );
}

function rangeOf({ min, max }: NonNullable<Shapes["ProductSearch"]["asked_price"]>): string {
  if (min === null) return words.atMost(money(max ?? 0));
  return max === null ? words.atLeast(money(min)) : words.between(money(min), money(max));
}

function Categories({ facets, chosen }: { facets: Shapes["Facets"]; chosen: string }) {
  if (facets.category.length < 2 && chosen === "") return null;
  return (
    <ul class="chips" aria-label={words.categories}>
      {facets.category.slice(0, 12).map(({ value, count: products }) => (
        <li key={value}>
          <a
            class="chip"
            aria-current={value === chosen ? "true" : undefined}
            href={withQuery({ category: value === chosen ? null : value })}
          >
            {value} <span class="quiet">{count(products)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
