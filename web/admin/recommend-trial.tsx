import { asked, go, to, withQuery } from "../kit/address";
import { Act } from "../kit/act";
import { Ago } from "../kit/ago";
import { useAnswer, useCall } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, Form } from "../kit/form";
import { count, percent } from "../kit/format";
import { Trouble } from "../kit/trouble";
import * as words from "../words/admin";
import { Table } from "./table";

/** Of nothing shown there is no share: the interval would say no more than that it is between none and all. */
const share = ({ mean, low, high }: Shapes["RecommendInterval"], isKnown: boolean) =>
  isKnown ? (
    <>
      {percent(mean)} <small class="quiet">{words.between(percent(low), percent(high))}</small>
    </>
  ) : (
    "–"
  );

/** The model on trial beside the one in service. `about` changes when another model serves. */
export function Trial({ about, end }: { about: unknown; end: (model: number) => Promise<void> }) {
  const trial = useAnswer((signal) => shop("GET /admin/recommend/trial", { signal }), [about]);
  const { arms = [], difference, percent: part = 0 } = trial.data ?? {};
  const areShown = arms.every(({ lists }) => lists > 0);
  const candidate = arms.find(({ role }) => role === "candidate");
  return (
    <section class="card stack">
      <h2>{words.trial}</h2>
      <Trouble of={trial} />
      {trial.data && arms.length === 0 && <p class="quiet">{words.noTrial}</p>}
      {difference && (
        <Table
          head={[words.model, words.customers, words.lists, words.clicked, words.bought]}
          rows={[
            ...arms.map((arm) => [
              `${arm.model_id} ${arm.role}`,
              count(arm.customers),
              count(arm.lists),
              share(arm.click_through, arm.lists > 0),
              share(arm.purchase_through, arm.lists > 0),
            ]),
            [
              areShown ? words.trialLeads : words.noListsOfBoth,
              "",
              "",
              share(difference.click_through, areShown),
              share(difference.purchase_through, areShown),
            ],
          ]}
        />
      )}
      {candidate && (
        <>
          <p class="quiet">{words.trialAbout(part)}</p>
          <Act verb={words.endTrial} work={() => end(candidate.model_id)} />
        </>
      )}
    </section>
  );
}

const product = ({ product_id, name }: { product_id: number; name: string }) => (
  <a href={to(`products/${product_id}`)}>{name}</a>
);

/** What a customer has bought, and what is made of it. */
export function ExplainCustomer() {
  const customer = asked("customer");
  const answer = useCall(customer !== "" && "GET /admin/recommend/explanation", { query: { customer } });
  const told = answer.data;
  return (
    <section class="card stack">
      <h2>{words.explainCustomer}</h2>
      <Form class="row" data-passing send={({ customer: name }) => go(withQuery({ customer: name }))}>
        <Field name="customer" label={words.emailOrNumber} value={customer} required />
        <button>{words.why}</button>
      </Form>
      <Trouble of={answer} />
      {told && (
        <div role="status" class="stack">
          <p>
            <a href={to(`customers/${told.customer.id}`)}>{told.customer.full_name || told.customer.id}</a>{" "}
            {told.categories.map(({ category, products }) => `${category} (${products})`).join(", ")}
          </p>
          <Table
            head={[words.recommended, words.category, words.why]}
            rows={told.recommendations.map((line) => [product(line), line.category, line.reason])}
          />
          <Table
            head={[words.bought, words.category, words.timesBought, words.when]}
            rows={told.bought.map((line) => [
              product(line),
              line.category,
              line.times,
              <Ago at={line.last_placed_at} />,
            ])}
          />
        </div>
      )}
    </section>
  );
}
