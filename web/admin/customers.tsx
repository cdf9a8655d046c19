import { Act } from "../kit/act";
import { asked, go, pageAsked, to } from "../kit/address";
import { Ago } from "../kit/ago";
import { useCall, usePage } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { useHeading } from "../kit/heading";
import { Download, saveFile } from "../kit/file";
import { List } from "../kit/list";
import { SearchField } from "../kit/search-field";
import { say } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import { money } from "../kit/format";
import * as words from "../words/admin";
import { State } from "../kit/state";
import { stateWord } from "../words/kit";
import { Table } from "./table";

type User = Shapes["User"];
const SIZE = 20;

export function Customers() {
  const [page, q] = [pageAsked(), asked("q")];
  const list = usePage("GET /users", { query: { page, size: SIZE, q } });
  return (
    <>
      <div class="row">
        <SearchField label={words.searchCustomers} hint={words.nameEMailOr} />
        <Download name="customers.csv" load={() => shop("GET /admin/customers/export")} />
      </div>
      <List
        what={words.accounts}
        of={list}
        idOf={({ id }) => id}
        nameColumn={words.name}
        nameOf={({ full_name, email }) => full_name || email}
        hrefOf={({ id }) => to(`customers/${id}`)}
        columns={[
          { name: words.eMail, cell: ({ email }) => email },
          { name: words.phone, cell: ({ phone }) => phone, isExtra: true },
          { name: words.since, cell: ({ created_at }) => <Ago at={created_at} />, isExtra: true },
          { name: words.is, cell: (user) => <Standing user={user} /> },
        ]}
        size={SIZE}
        empty={words.nobodyOfThatName}
      />
    </>
  );
}

const Standing = ({ user: { is_admin, is_active } }: { user: User }) => (
  <span class={`state ${is_active ? (is_admin ? "packed" : "active") : "off"}`}>
    {stateWord(is_active ? (is_admin ? "admin" : "customer") : "disabled")}
  </span>
);

export function CustomerPage({ id }: { id: number }) {
  const path = { id };
  const user = useCall("GET /users/{id}", { path });
  const orders = usePage("GET /orders/all", { query: { user_id: id, size: 20 } });
  const known = user.data;
  useHeading(known?.full_name || known?.email);
  const change = async (body: Shapes["Standing"]) => {
    user.put(await shop("PATCH /users/{id}", { path, body }));
    say(words.saved);
  };
  return (
    <>
      <a href={to("customers")}>{words.allCustomers}</a>
      <Trouble of={user} />
      {known && (
        <section class="card stack">
          <h2>{known.full_name || words.aGuest}</h2>
          <p>
            {known.email} {known.phone && <span class="quiet">{known.phone}</span>} <Standing user={known} />
          </p>
          <div class="row">
            {known.is_active ? (
              <Act
                verb={words.disable}
                ask={[words.disableAsk(known.email), words.disable]}
                work={() => change({ is_active: false })}
              />
            ) : (
              <Act
                verb={words.enable}
                ask={[words.enableAsk(known.email), words.enable]}
                work={() => change({ is_active: true })}
              />
            )}
            {known.is_admin ? (
              <Act
                verb={words.makeCustomer}
                ask={[words.noAdminAsk(known.email), words.makeCustomer]}
                work={() => change({ is_admin: false })}
              />
            ) : (
              <Act
                verb={words.makeAdmin}
                ask={[words.adminAsk(known.email), words.makeAdmin]}
                work={() => change({ is_admin: true })}
              />
            )}
            <Act
              verb={words.endSessions}
              ask={[words.endSessionsAsk(known.email), words.endSessions]}
              work={async () => {
                await shop("DELETE /users/{id}/sessions", { path });
                say(words.sessionsEnded);
              }}
            />
            <Act verb={words.exportPerson} work={() => saveExport(id)} />
            <Act
              verb={words.erase}
              class="danger"
              ask={[words.eraseAsk(known.email), words.eraseNow]}
              work={async () => {
                await shop("DELETE /users/{id}", { path });
                say(words.erased);
                go(to("customers"));
              }}
            />
          </div>
        </section>
      )}
      <Trouble of={orders} />
      {orders.data && (
        <section class="card">
          <h2>{words.orders2(orders.data.total)}</h2>
          <Table
            head={[words.order, words.placed, words.status, [words.total]]}
            rows={orders.data.rows.map((order) => [
              <a href={to(`orders/${order.id}`)}>{order.id}</a>,
              <Ago at={order.placed_at} />,
              <State of={order.status} />,
              money(order.total_amount, order.currency),
            ])}
          />
          {orders.data.total === 0 && <p class="quiet">{words.noneYet}</p>}
        </section>
      )}
    </>
  );
}

/** Hands the person's data over as a file. */
async function saveExport(id: number): Promise<void> {
  const known = await shop("GET /users/{id}/export", { path: { id } });
  saveFile(`customer-${id}.json`, JSON.stringify(known, undefined, 2), "application/json");
}
