import { useState } from "preact/hooks";
import { Act } from "../kit/act";
import { to } from "../kit/address";
import { shop, type Shapes } from "../kit/api";
import { Field, Form, Send } from "../kit/form";
import { Download, saveFile } from "../kit/file";
import { count, money } from "../kit/format";
import { settle } from "../kit/typed";
import { say } from "../kit/toasts";
import * as words from "../words/admin";
import { State } from "../kit/state";
import { Table } from "./table";

type Report = Shapes["UploadReport"];

interface Looked {
  file: Blob;
  query: { update?: boolean; category?: string; map?: string };
  report: Report;
}

/** A file of products is looked at first: what would come of each row, and what is wrong where. Then it is taken in. */
export function ProductImport() {
  const [looked, setLooked] = useState<Looked>();
  const [map, setMap] = useState<Readonly<Record<string, string>>>({});
  const look = async ({ update, category }: Record<string, string>, form: HTMLFormElement) => {
    const file = new FormData(form).get("file");
    if (!(file instanceof File)) return false;
    // A browser may call it anything.
    const body = new Blob([file], { type: "application/octet-stream" });
    const named = Object.entries(map).filter(([, field]) => field.trim() !== "");
    const query = {
      ...(update === "on" && { update: true }),
      ...(category && { category }),
      ...(named.length > 0 && { map: named.map(([heading, field]) => `${heading}=${field.trim()}`).join(";") }),
    };
    const report = await shop("POST /admin/products/bulk-upload", { query: { ...query, dry_run: true }, body });
    setLooked({ file: body, query, report });
    return false;
  };
  const take = async ({ file, query }: Looked) => {
    const report = await shop("POST /admin/products/bulk-upload", { query, body: file });
    setLooked({ file, query, report });
    settle();
    say(words.imported(report.new, report.changed));
  };
  return (
    <>
      <div class="row">
        <a href={to("products")}>{words.allProducts}</a>
        <Download name="products.csv" load={() => shop("GET /admin/products/export")} />
      </div>
      <Form class="card stack" send={look}>
        <p class="quiet">{words.importAbout}</p>
        <div class="columns">
          <label>
            {words.file}
            <input
              type="file"
              name="file"
              accept=".csv,.tsv,.txt,.jsonl,.gz,.zst"
              required
              onChange={() => {
                setLooked(undefined);
                setMap({});
              }}
            />
          </label>
          <Field name="category" label={words.categoryWhereNone} maxlength={100} />
        </div>
        <label class="line">
          <input type="checkbox" name="update" onChange={() => setLooked(undefined)} /> {words.changeWhatIsThere}
        </label>
        {looked && <Columns of={looked.report} map={map} setMap={setMap} />}
        <Send class={looked ? "" : "primary"}>{words.preview}</Send>
      </Form>
      {looked && (
        <>
          <Outcome of={looked.report} />
          {looked.report.dry_run && looked.report.new + looked.report.changed > 0 && (
            <Act
              verb={words.takeInValid(looked.report.new + looked.report.changed)}
              class="primary start"
              work={() => take(looked)}
            />
          )}
        </>
      )}
    </>
  );
}

interface ColumnsProps {
  of: Report;
  map: Readonly<Record<string, string>>;
  setMap: (map: Readonly<Record<string, string>>) => void;
}

/** How each column is understood; what is passed over can be said. */
function Columns({ of, map, setMap }: ColumnsProps) {
  return (
    <details open={of.columns.some(({ field }) => field === null)}>
      <summary>{words.columnsAre(of.columns.length, of.program)}</summary>
      <div class="columns tight">
        {of.columns.map(({ heading, field, reason }) => (
          <label key={heading}>
            {heading}
            <input
              value={map[heading] ?? field ?? ""}
              onInput={({ currentTarget }) => setMap({ ...map, [heading]: currentTarget.value })}
            />
            <small>{reason}</small>
          </label>
        ))}
      </div>
    </details>
  );
}

function Outcome({ of }: { of: Report }) {
  const counts = [
    [words.countNew, of.new],
    [words.countChanged, of.changed],
    [words.countUnchanged, of.unchanged],
    [words.countDifferent, of.different],
    [words.countRefused, of.refused],
  ] as const;
  return (
    <section class="card stack" aria-label={words.preview}>
      <h2>{of.dry_run ? words.wouldBecome : words.became}</h2>
      <dl class="cards">
        {counts.map(([name, number]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count(number)}</dd>
          </div>
        ))}
      </dl>
      {of.first.length > 0 && (
        <Table
          isLong
          head={[words.product, words.category, [words.price], words.state]}
          rows={of.first.map(({ line, what, slug, text, product }) => [
            product?.name ?? slug ?? words.lineOf(line),
            product?.category,
            product?.price === null || !product ? "" : money(product.price),
            <>
              <State of={what} like={what === "refused" ? "failed" : ""} /> {text}
            </>,
          ])}
        />
      )}
      {of.problems.length > 0 && (
        <>
          <div class="row">
            <h3>{words.problems(of.problems.length)}</h3>
            <button
              type="button"
              onClick={() =>
                saveFile("problems.csv", ["line,column,problem", ...of.problems.map(problemRow)].join("\n"))
              }
            >
              {words.download}
            </button>
          </div>
          <ul>
            {of.problems.slice(0, PROBLEMS_SHOWN).map((one) => (
              <li key={`${one.line} ${one.problem}`}>
                {words.lineOf(one.line)}
                {one.column !== null && `, ${one.column}`}: {one.problem}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const PROBLEMS_SHOWN = 20;

/** As CSV has it: a quote in quotes is two. */
const problemRow = ({ line, column, problem }: Report["problems"][number]) =>
  [line, ...[column ?? "", problem].map((text) => `"${text.split('"').join('""')}"`)].join(",");
