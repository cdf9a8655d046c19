import { useAnswer } from "../kit/answer";
import { shop } from "../kit/api";
import { FormFailure, useSending } from "../kit/form";
import { say } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import { ago, count, percent } from "../kit/format";

/** What recommends, how good it was on orders that it had not seen, and what came of the lists that were shown. */
export function Recommendations() {
  const record = useAnswer((signal) => shop("GET /recommend/models", { signal }), []);
  const { send, failure, isSending } = useSending();
  const { models = [], runs = [], outcomes = [] } = record.data ?? {};
  const newest = runs[0];
  return (
    <>
      <Trouble of={record} />
      <div class="row">
        <button
          type="button"
          class="primary"
          disabled={isSending || newest?.state === "running"}
          onClick={() =>
            void send(async () => {
              await shop("POST /recommend/retrain");
              say("A training has begun. The shop goes on meanwhile.");
              record.again();
            })
          }
        >
          Train now
        </button>
        <button type="button" onClick={record.again}>
          Look again
        </button>
        {newest && (
          <span class="quiet">
            Last training {ago(newest.started_at)}: {newest.state}. {newest.note}
          </span>
        )}
      </div>
      <FormFailure failure={failure} />
      <section class="card">
        <h2>Models</h2>
        {record.data && models.length === 0 && <p class="quiet">None yet: everybody gets what is popular.</p>}
        <table>
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">Role</th>
              <th scope="col">Made</th>
              <th scope="col">NDCG@20 beside others</th>
            </tr>
          </thead>
          <tbody>
            {models.map((model) => (
              <tr key={model.id}>
                <th scope="row">{model.id}</th>
                <td>
                  <span class={`state ${model.role === "serving" ? "active" : ""}`}>{model.role}</span>
                </td>
                <td>{ago(model.created_at)}</td>
                <td>
                  {model.metrics.rows?.map(({ name, ndcg_20 }) => (
                    <div key={name}>
                      {name} <b>{ndcg_20.toFixed(4)}</b>
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section class="card">
        <h2>What came of the lists</h2>
        <table>
          <thead>
            <tr>
              <th scope="col">Where</th>
              <th scope="col" class="number">
                Lists
              </th>
              <th scope="col" class="number">
                Clicked
              </th>
              <th scope="col" class="number">
                Bought
              </th>
            </tr>
          </thead>
          <tbody>
            {outcomes.map((row) => (
              <tr key={`${row.model_id}-${row.context}`}>
                <th scope="row">
                  {row.context} <span class="quiet">{row.model_id === null ? "popular" : `model ${row.model_id}`}</span>
                </th>
                <td class="number">{count(row.lists)}</td>
                <td class="number">{percent(row.click_through)}</td>
                <td class="number">{percent(row.purchase_through)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
