import { useAnswer } from "../kit/answer";
import { shop } from "../kit/api";
import { FormFailure, useSending } from "../kit/form";
import { say } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import { ago, count, percent } from "../kit/format";
import * as words from "../words/admin";
import { State } from "../kit/state";

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
              say(words.aTrainingHasBegun);
              record.again();
            })
          }
        >
          {words.trainNow}
        </button>
        <button type="button" onClick={record.again}>
          {words.lookAgain}
        </button>
        {newest && (
          <span class="quiet">{words.lastTraining(ago(newest.started_at), newest.state, newest.note ?? "")}</span>
        )}
      </div>
      <FormFailure failure={failure} />
      <section class="card">
        <h2>{words.models}</h2>
        {record.data && models.length === 0 && <p class="quiet">{words.noneYetEverybodyGets}</p>}
        <table hidden={models.length === 0}>
          <thead>
            <tr>
              <th scope="col">{words.model}</th>
              <th scope="col">{words.role}</th>
              <th scope="col">{words.made}</th>
              <th scope="col">{words.ndcg20BesideOthers}</th>
            </tr>
          </thead>
          <tbody>
            {models.map((model) => (
              <tr key={model.id}>
                <th scope="row">{model.id}</th>
                <td>
                  <State of={model.role} like={model.role === "serving" ? "active" : ""} />
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
        <h2>{words.whatCameOfThe}</h2>
        {record.data && outcomes.length === 0 && <p class="quiet">{words.noListsShown}</p>}
        <table hidden={outcomes.length === 0}>
          <thead>
            <tr>
              <th scope="col">{words.where}</th>
              <th scope="col" class="number">
                {words.lists}
              </th>
              <th scope="col" class="number">
                {words.clicked}
              </th>
              <th scope="col" class="number">
                {words.bought}
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
