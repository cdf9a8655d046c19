import { useState } from "preact/hooks";
import { Act } from "../kit/act";
import { asked, go, withQuery } from "../kit/address";
import { Ago } from "../kit/ago";
import { useCall } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Choice } from "../kit/choice";
import { FormFailure, useSending } from "../kit/form";
import { count, moment } from "../kit/format";
import { SearchField } from "../kit/search-field";
import { say } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import * as words from "../words/admin";
import { ApiKeys } from "./api-keys";
import { scheduleInWords } from "./schedule";
import { Table } from "./table";

const PARTS = {
  jobs: words.jobs,
  backups: words.backups,
  doctor: words.doctor,
  settings: words.settings,
  keys: words.apiKeys,
};
const VIEWS = { jobs: Jobs, backups: Backups, doctor: Doctor, settings: Settings, keys: ApiKeys };
type Part = keyof typeof PARTS;

/** How the program is: what it does by itself, its backups, whether everything adds up, and what it is set to. */
export function System() {
  const part = asked("part") in PARTS ? (asked("part") as Part) : "jobs";
  const View = VIEWS[part];
  return (
    <>
      <Choice
        label={words.system}
        of={Object.entries(PARTS)}
        chosen={part}
        choose={(next) => go(withQuery({ part: next, q: null, set: null }))}
      />
      <View />
    </>
  );
}

function Jobs() {
  const list = useCall("GET /admin/jobs");
  return (
    <section class="card">
      <Trouble of={list} />
      <Table
        head={[words.job, words.comes, words.lastRun, [words.took], [words.times], [words.failed]]}
        rows={(list.data ?? []).map((job) => [
          <>
            {job.name} {job.last_failure && <div class="wrong">{job.last_failure}</div>}
          </>,
          <span title={job.schedule}>{scheduleInWords(job.schedule)}</span>,
          job.last_started_at ? <Ago at={job.last_started_at} /> : words.never,
          job.last_duration_ms === null ? "" : words.milliseconds(job.last_duration_ms),
          count(job.runs),
          count(job.failures),
        ])}
      />
    </section>
  );
}

function Backups() {
  const list = useCall("GET /admin/backups");
  return (
    <section class="card stack">
      <div class="row">
        <Act
          verb={words.backUpNow}
          class="primary"
          work={async () => {
            await shop("POST /admin/backups");
            say(words.backupBegun);
          }}
        />
        <button type="button" onClick={list.again}>
          {words.lookAgain}
        </button>
      </div>
      <Trouble of={list} />
      {list.data?.length === 0 && <p>{words.noBackups}</p>}
      {list.data && list.data.length > 0 && (
        <Table
          head={[words.backup, words.engine, words.version, [words.size]]}
          rows={list.data.map(({ id, created_at, engine, version, database }) => [
            <span title={moment(created_at)}>{id}</span>,
            engine,
            version,
            words.megabytes(database.stored_bytes),
          ])}
        />
      )}
      <p class="quiet">{words.restoreAbout}</p>
    </section>
  );
}

function Doctor() {
  const { send, failure, isSending } = useSending();
  const [found, setFound] = useState<Shapes["Examination"]>();
  return (
    <section class="card stack">
      <button
        type="button"
        class="primary"
        disabled={isSending}
        onClick={() => void send(async () => setFound(await shop("GET /admin/doctor")))}
      >
        {isSending ? words.examining : words.examine}
      </button>
      <FormFailure failure={failure} />
      <div role="status">
        {found?.healthy && <p>{words.healthy}</p>}
        {found && !found.healthy && (
          <>
            <ul>
              {found.problems.map(({ check, problem, repairable }) => (
                <li key={problem}>
                  {problem}{" "}
                  <small class="quiet">
                    {check} {repairable && ` · ${words.canMend}`}
                  </small>
                </li>
              ))}
            </ul>
            <p class="quiet">{words.repairAbout}</p>
          </>
        )}
      </div>
    </section>
  );
}

function Settings() {
  const list = useCall("GET /admin/settings");
  const [q, isSet] = [asked("q").toLowerCase(), asked("set") === "true"];
  const shown = (list.data ?? []).filter(
    ({ name, about, from }) => (!isSet || from !== "default") && `${name} ${about}`.toLowerCase().includes(q),
  );
  return (
    <>
      <div class="row">
        <SearchField label={words.searchSettings} />
        <label class="line">
          <input
            type="checkbox"
            checked={isSet}
            onChange={({ currentTarget }) => go(withQuery({ set: currentTarget.checked ? "true" : null }))}
          />{" "}
          {words.onlySet}
        </label>
      </div>
      <p class="quiet">{words.settingsAbout}</p>
      <Trouble of={list} />
      {[...Map.groupBy(shown, ({ group }) => group)].map(([group, settings]) => (
        <section key={group} class="card">
          <h2>{group}</h2>
          <dl class="settings">
            {settings.map(({ name, value, from, about }) => (
              <div key={name}>
                <dt>
                  <code>{name}</code>
                </dt>
                <dd>
                  <b>{value ?? "–"}</b> {from !== "default" && <span class="state active">{from}</span>}
                  <div class="quiet">{about}</div>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </>
  );
}
