import { go, to, withQuery } from "../kit/address";
import { useCall } from "../kit/answer";
import { Choice, optionAsked } from "../kit/choice";
import type { Shapes } from "../kit/api";
import { LineChart } from "../kit/line-chart";
import { Trouble } from "../kit/trouble";
import { ago, count, money, moneyShort, percent } from "../kit/format";
import * as words from "../words/admin";
import { nounOf } from "../words/kit";
import { Table } from "./table";

const RANGES = [
  ["last_7_days", words.days(7)],
  ["last_30_days", words.days(30)],
  ["last_12_months", words.months(12)],
  ["this_year", words.thisYear],
] as const;

export function Dashboard() {
  const range = optionAsked("range", RANGES) ?? "last_30_days";
  const sales = useCall("GET /admin/sales", { query: { range, group: "product" } });
  const overview = useCall("GET /admin/overview");
  return (
    <>
      <Trouble of={overview} />
      {overview.data && <ToDo overview={overview.data} />}
      <Choice label={words.time} of={RANGES} chosen={range} choose={(next) => go(withQuery({ range: next }))} />
      <Trouble of={sales} />
      {sales.data && <Figures sales={sales.data} />}
    </>
  );
}

function ToDo({ overview }: { overview: Shapes["Overview"] }) {
  const { counted_most: most } = overview;
  const items: [number, string, string][] = [
    [overview.to_pack, words.toPack, to("orders?status=placed&waits_for=packing")],
    [overview.to_ship, words.toShip, to("orders?status=packed")],
    [overview.unpaid, words.waitForPayment, to("orders?status=placed&waits_for=payment")],
    [overview.flagged, words.paymentsToLookAt, to("orders?waits_for=look")],
    [overview.refunds_waiting, words.refundsOnTheirWay, to("orders?waits_for=refund")],
    [overview.returns_open, words.returnsOpen, to("returns?status=open")],
    [overview.searches_missed, words.searchesMissed, to("search")],
    [overview.sold_out, words.soldOutNow, to("products?in_stock=false")],
    [overview.deliveries_given_up, words.deliveriesGivenUp, to("deliveries?state=given_up")],
  ];
  const waiting = items.filter(([number]) => number > 0);
  return (
    <section aria-labelledby="to-do">
      <h2 id="to-do" class="unseen">
        {words.toDo}
      </h2>
      {waiting.length === 0 && <p class="card">{words.thereIsNothingTo}</p>}
      <ul class="to-do">
        {waiting.map(([number, what, href]) => (
          <li key={href}>
            <a class="card" href={href}>
              <b>{number >= most ? `${count(most)}+` : count(number)}</b> {nounOf(number, what)}
            </a>
          </li>
        ))}
        {overview.jobs_failing.map((job) => (
          <li key={job}>
            <a class="card wrong" href={to("system")}>
              {words.theJobFails(job)}
            </a>
          </li>
        ))}
      </ul>
      <p class="quiet">
        {overview.last_training_at ? words.trained(ago(overview.last_training_at)) : words.neverTrained}
        {overview.last_backup_at ? words.backedUp(ago(overview.last_backup_at)) : words.noScheduledBackup}
      </p>
    </section>
  );
}

function Figures({ sales }: { sales: Shapes["Sales"] }) {
  const { now, before, series, groups } = sales;
  const cards: [string, string, number, number][] = [
    [words.netSales, money(now.net), now.net, before.net],
    [words.orders, count(now.orders), now.orders, before.orders],
    [words.averageOrder, money(now.average), now.average, before.average],
    [words.newCustomers, count(now.new_customers), now.new_customers, before.new_customers],
    [words.comingAgain, count(now.returning_customers), now.returning_customers, before.returning_customers],
    [words.refunds, money(now.refunds), now.refunds, before.refunds],
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
        <h2>{words.netSalesBy(sales.by)}</h2>
        <LineChart
          label={words.netSalesByBeside(sales.by, sales.time_zone)}
          points={points}
          write={money}
          writeShort={moneyShort}
        />
      </section>
      {groups.length > 0 && (
        <section class="card">
          <h2>{words.whatSoldBest}</h2>
          <Table
            head={[words.product, [words.units], [words.sales]]}
            rows={groups
              .slice(0, 8)
              .map(({ name, product_id, units, sales: sold }) => [
                <a href={to(`products/${product_id}`)}>{name}</a>,
                count(units),
                money(sold),
              ])}
          />
        </section>
      )}
    </>
  );
}

function changeOf(now: number, before: number): string {
  if (before === 0) return now === 0 ? words.asBefore : words.noneBefore;
  const change = (now - before) / Math.abs(before);
  return words.toTheTimeBefore(`${change > 0 ? "+" : ""}${percent(change)}`);
}
