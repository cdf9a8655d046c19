import { asked, go, to, withQuery } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { LineChart } from "../kit/line-chart";
import { Trouble } from "../kit/trouble";
import { ago, count, money, moneyShort, percent } from "../kit/format";

const RANGES = { last_7_days: "7 days", last_30_days: "30 days", last_12_months: "12 months", this_year: "This year" };

export function Dashboard() {
  const range = asked("range") in RANGES ? asked("range") : "last_30_days";
  const sales = useAnswer(
    (signal) => shop("GET /admin/sales", { query: { range, group: "product" }, signal }),
    [range],
  );
  const overview = useAnswer((signal) => shop("GET /admin/overview", { signal }), []);
  return (
    <>
      <Trouble of={overview} />
      {overview.data && <ToDo overview={overview.data} />}
      <div class="choice" role="group" aria-label="Time">
        {Object.entries(RANGES).map(([value, name]) => (
          <button
            key={value}
            type="button"
            aria-pressed={value === range}
            onClick={() => go(withQuery({ range: value }))}
          >
            {name}
          </button>
        ))}
      </div>
      <Trouble of={sales} />
      {sales.data && <Figures sales={sales.data} />}
    </>
  );
}

function ToDo({ overview }: { overview: Shapes["Overview"] }) {
  const { counted_most: most } = overview;
  const items: [number, string, string][] = [
    [overview.to_pack, "to pack", to("orders?status=placed")],
    [overview.to_ship, "to ship", to("orders?status=packed")],
    [overview.unpaid, "wait for payment", to("orders?status=placed&payment_status=pending")],
    [overview.flagged, "payments to look at", to("orders")],
    [overview.refunds_waiting, "refunds on their way", to("orders?payment_status=refunded")],
    [overview.sold_out, "sold out", to("products?in_stock=false")],
    [overview.deliveries_given_up, "mails and webhooks given up", to("deliveries?state=given_up")],
  ];
  const waiting = items.filter(([number]) => number > 0);
  return (
    <section aria-labelledby="to-do">
      <h2 id="to-do" class="unseen">
        To do
      </h2>
      {waiting.length === 0 && <p class="card">There is nothing to do. Everything is packed, paid and sent.</p>}
      <ul class="to-do">
        {waiting.map(([number, what, href]) => (
          <li key={what}>
            <a class="card" href={href}>
              <b>{number >= most ? `${count(most)}+` : count(number)}</b> {what}
            </a>
          </li>
        ))}
        {overview.jobs_failing.map((job) => (
          <li key={job}>
            <span class="card wrong">The job {job} fails</span>
          </li>
        ))}
      </ul>
      <p class="quiet">
        {overview.last_training_at ? `Recommendations trained ${ago(overview.last_training_at)}. ` : "Never trained. "}
        {overview.last_backup_at ? `Backed up ${ago(overview.last_backup_at)}.` : "No backup by schedule yet."}
      </p>
    </section>
  );
}

function Figures({ sales }: { sales: Shapes["Sales"] }) {
  const { now, before, series, groups } = sales;
  const cards: [string, string, number, number][] = [
    ["Net sales", money(now.net), now.net, before.net],
    ["Orders", count(now.orders), now.orders, before.orders],
    ["Average order", money(now.average), now.average, before.average],
    ["New customers", count(now.new_customers), now.new_customers, before.new_customers],
    ["Coming again", count(now.returning_customers), now.returning_customers, before.returning_customers],
    ["Refunds", money(now.refunds), now.refunds, before.refunds],
  ];
  const points = series.map(({ day, net, until, before: earlier }) => ({
    name: day.slice(5),
    value: net,
    before: earlier,
    isRunning: Date.parse(until) > Date.now(),
  }));
  return (
    <>
      <dl class="cards">
        {cards.map(([name, text, value, earlier]) => (
          <div key={name} class="card">
            <dt>{name}</dt>
            <dd>{text}</dd>
            <dd class="quiet">{changeOf(value, earlier)}</dd>
          </div>
        ))}
      </dl>
      <section class="card">
        <h2>Net sales by {sales.by}</h2>
        <LineChart
          label={`Net sales by ${sales.by}, beside the time before. ${sales.time_zone}.`}
          points={points}
          write={money}
          writeShort={moneyShort}
        />
      </section>
      {groups.length > 0 && (
        <section class="card">
          <h2>What sold best</h2>
          <table>
            <thead>
              <tr>
                <th scope="col">Product</th>
                <th scope="col" class="number">
                  Units
                </th>
                <th scope="col" class="number">
                  Sales
                </th>
              </tr>
            </thead>
            <tbody>
              {groups.slice(0, 8).map(({ name, product_id, units, sales: sold }) => (
                <tr key={product_id}>
                  <th scope="row">
                    <a href={to(`products/${product_id}`)}>{name}</a>
                  </th>
                  <td class="number">{count(units)}</td>
                  <td class="number">{money(sold)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

function changeOf(now: number, before: number): string {
  if (before === 0) return now === 0 ? "as before" : "none before";
  const change = (now - before) / Math.abs(before);
  return `${change > 0 ? "+" : ""}${percent(change)} to the time before`;
}
