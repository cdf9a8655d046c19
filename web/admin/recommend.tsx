import { useEffect } from "preact/hooks";
import { Act } from "../kit/act";
import { Ago } from "../kit/ago";
import { useCall } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { say, sayUndoable } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import { ago, count, percent } from "../kit/format";
import { LineChart } from "../kit/line-chart";
import * as words from "../words/admin";
import { State } from "../kit/state";
import { ExplainCustomer, Trial } from "./recommend-trial";
import { Table } from "./table";

type Run = Shapes["RecommendRun"];
type Model = Shapes["RecommendModel"];
type Role = Shapes["RecommendRoleChange"]["role"];

/** What recommends, how good it was on orders that it had not seen, what came of the lists that were shown, and which model serves. */
export function Recommendations() {
  const record = useCall("GET /recommend/models");
  const { models = [], runs = [], outcomes = [] } = record.data ?? {};
  const newest = runs[0];
  const judged = runs.find(({ metrics }) => metrics.rows?.length);
  const isRunning = newest?.state === "running";
  useEffect(() => {
    const timer = isRunning && setTimeout(record.again, LOOKED_EVERY_MS);
    return () => clearTimeout(timer || undefined);
  }, [record.data]);
  const serving = models.find(({ role }) => role === "serving");
  const give = async (id: number, role: Role) => {
    await shop("PUT /admin/recommend/models/{id}/role", { path: { id }, body: { role } });
    // Who serves is a matter of one step: the one that served is a step back.
    const before = role === "serving" ? serving : models.find((one) => one.id === id);
    if (before)
      sayUndoable(words.modelIs(id, role), () => give(before.id, before.role === "kept" ? "retired" : before.role));
    else say(words.modelIs(id, role));
    record.again();
  };
  return (
    <>
      <Trouble of={record} />
      <div class="row">
        <Act
          verb={words.trainNow}
          class="primary"
          disabled={isRunning}
          work={async () => {
            await shop("POST /recommend/retrain");
            say(words.aTrainingHasBegun);
            record.again();
          }}
        />
        {isRunning ? (
          <Progress of={newest} />
        ) : (
          newest && (
            <span class="quiet">{words.lastTraining(ago(newest.started_at), newest.state, newest.note ?? "")}</span>
          )
        )}
      </div>
      <Models models={models} isKnown={record.data !== undefined} give={give} />
      {judged && <Contenders run={judged} />}
      <Trial about={record.data} end={(id) => give(id, "retired")} />
      <section class="card">
        <h2>{words.whatCameOfThe}</h2>
        {record.data && outcomes.length === 0 && <p class="quiet">{words.noListsShown}</p>}
        {outcomes.length > 0 && (
          <Table
            head={[words.where, words.model, words.lists, words.clicked, words.bought]}
            rows={outcomes.map((row) => [
              row.context,
              row.model_id ?? words.contenders["popular"],
              count(row.lists),
              percent(row.click_through),
              percent(row.purchase_through),
            ])}
          />
        )}
      </section>
      <ExplainCustomer />
    </>
  );
}

const LOOKED_EVERY_MS = 1_000;

/** Where a training is: the bar moves without an end where nobody knows how much of the step is done. */
function Progress({ of: { data } }: { of: Run }) {
  const { step = "reading", share } = data.progress ?? {};
  return (
    <span role="status">
      {words.trainingSteps[step]} <progress aria-label={words.trainNow} value={share ?? undefined} />
    </span>
  );
}

/** Each model that is kept, and what can be done with it: one that served before is gone back to. */
function Models({
  models,
  isKnown,
  give,
}: {
  models: readonly Model[];
  isKnown: boolean;
  give: (id: number, role: Role) => Promise<void>;
}) {
  const before = models
    .filter(({ role, bytes }) => role === "retired" && bytes > 0)
    .toSorted((one, other) => (other.served_at ?? "").localeCompare(one.served_at ?? ""))[0];
  return (
    <section class="card">
      <h2>{words.models}</h2>
      {isKnown && models.length === 0 && <p class="quiet">{words.noneYetEverybodyGets}</p>}
      {models.length > 0 && (
        <Table
          head={[words.model, words.role, words.made, words.ndcg20, words.change]}
          rows={models.slice(0, MODELS_SHOWN).map((model) => [
            model.id,
            <State key="" of={model.role} like={model.role === "serving" ? "active" : ""} />,
            <Ago at={model.created_at} />,
            model.metrics.rows?.find(({ name }) => name === "challenger")?.ndcg_20.toFixed(4) ?? "",
            model.role === "serving" || model.bytes === 0 ? (
              ""
            ) : (
              <div class="row">
                <Act
                  verb={model === before ? words.goBackToIt : words.putIntoService}
                  work={() => give(model.id, "serving")}
                />
                {model.role !== "candidate" && <Act verb={words.putOnTrial} work={() => give(model.id, "candidate")} />}
              </div>
            ),
          ])}
        />
      )}
    </section>
  );
}

const MODELS_SHOWN = 8;

const figure = (value: number | undefined) => value?.toFixed(4) ?? "";
const named = (name: string) => words.contenders[name] ?? name.replaceAll("_", " ");

/** How the ways to recommend did in the last training, by how much the new model leads, and how it learned. */
function Contenders({ run: { metrics, data } }: { run: Run }) {
  const { rows = [], challenger_beats: beats = {}, choice } = metrics;
  const leadOver = (name: string) => {
    const lead = beats[name];
    return lead && `${figure(lead.mean)} ${words.between(figure(lead.low), figure(lead.high))}`;
  };
  const all = [
    ...rows.map((row) => ({ ...row, lead: leadOver(row.name) })),
    ...(choice?.rows ?? []).map((row) => ({ ...row, lead: "" })),
  ];
  return (
    <section class="card stack">
      <h2>{words.contendersOf}</h2>
      {choice && <p>{words.chosenIs(named(choice.chosen))}</p>}
      <Table
        head={[words.contender, words.ndcg20, words.recall20, words.hitRate10, words.coverage, words.newModelLeads]}
        rows={all.map((row) => [
          named(row.name),
          figure(row.ndcg_20),
          figure(row.recall_20),
          figure(row.hit_rate_10),
          row.coverage === undefined ? "" : percent(row.coverage),
          row.lead,
        ])}
      />
      {data.learning && data.learning.length > 1 && (
        <LineChart
          label={words.learningCurve}
          points={data.learning.map((value, epoch) => ({ name: String(epoch), value }))}
          write={(value) => value.toPrecision(5)}
          writeShort={(value) => count(value)}
        />
      )}
    </section>
  );
}
