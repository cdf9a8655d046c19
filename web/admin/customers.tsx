import { asked, askedNumber, go, to } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { FormFailure, useSending } from "../kit/form";
import { useHeading } from "../kit/heading";
import { Download, saveFile } from "../kit/file";
import { List } from "../kit/list";
import { SearchField } from "../kit/search-field";
import { say } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import { ago, moment, money } from "../kit/format";
import * as words from "../words/admin";
import { State } from "../kit/state";
import { sure } from "../kit/sure";
import { stateWord } from "../words/kit";
import { Table } from "./table";

type User = Shapes["User"];
const SIZE = 20;

export function Customers() {
  const [page, q] = [askedNumber("page") ?? 1, asked("q")];
  const list = useAnswer<{ rows: readonly User[]; total: number }>(
    async (signal) => {
      const query = { page, size: SIZE, ...(q && { q }) };
      const { answer, headers } = await shop.full("GET /users", { query, signal });
      return { rows: answer, total: Number(headers.get("x-total-count")) };
    },
    [page, q],
  );
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
          {
            name: words.since,
            cell: ({ created_at }) => <time title={moment(created_at)}>{ago(created_at)}</time>,
            isExtra: true,
          },
          { name: words.is, cell: (user) => <Standing user={user} /> },
        ]}
        page={page}
        size={SIZE}
        empty={
          <p>
            {words.nobodyOfThatName} {q && <a href={to("customers")}>{words.showAll}</a>}
          </p>
        }
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
  const user = useAnswer((signal) => shop("GET /users/{id}", { path: { id }, signal }), [id]);
  const orders = useAnswer(
    async (signal) => {
      const { answer, headers } = await shop.full("GET /orders/all", { query: { user_id: id, size: 20 }, signal });
      return { orders: answer, total: Number(headers.get("x-total-count")) };
    },
    [id],
  );
  const { send, failure, isSending } = useSending();
  const known = user.data;
  useHeading(known?.full_name || known?.email);
  const ask = async (question: string, verb: string, work: () => Promise<void>) => {
    if (await sure(question, verb)) await send(work);
  };
  const change = (body: Shapes["Standing"], question: string, verb: string) =>
    void ask(question, verb, async () => {
      user.put(await shop("PATCH /users/{id}", { path: { id }, body }));
      say(words.saved);
    });
  return (
    <>
      <a href={to("customers")}>{words.allCustomers}</a>
      <Trouble of={user} />
      {known && (
        <section class="card stack">
          <h2>{known.full_name || "A guest"}</h2>
          <p>
            {known.email} {known.phone && <span class="quiet">{known.phone}</span>} <Standing user={known} />
          </p>
          <FormFailure failure={failure} />
          <div class="row">
            <button
              type="button"
              disabled={isSending}
              onClick={() =>
                change(
                  { is_active: !known.is_active },
                  known.is_active ? words.disableAsk(known.email) : words.enableAsk(known.email),
                  known.is_active ? words.disable : words.enable,
                )
              }
            >
              {known.is_active ? words.disable : words.enable}
            </button>
            <button
              type="button"
              disabled={isSending}
              onClick={() =>
                change(
                  { is_admin: !known.is_admin },
                  known.is_admin ? words.noAdminAsk(known.email) : words.adminAsk(known.email),
                  known.is_admin ? words.makeCustomer : words.makeAdmin,
                )
              }
            >
              {known.is_admin ? words.makeCustomer : words.makeAdmin}
            </button>
            <button
              type="button"
              disabled={isSending}
              onClick={() =>
                void ask(words.endSessionsAsk(known.email), words.endSessions, async () => {
                  await shop("DELETE /users/{id}/sessions", { path: { id } });
                  say(words.sessionsEnded);
                })
              }
            >
              {words.endSessions}
            </button>
            <button type="button" disabled={isSending} onClick={() => void send(() => saveExport(id))}>
              {words.exportPerson}
            </button>
            <button
              type="button"
              class="danger"
              disabled={isSending}
              onClick={() =>
                void ask(words.eraseAsk(known.email), words.eraseNow, async () => {
                  await shop("DELETE /users/{id}", { path: { id } });
                  say(words.erased);
                  go(to("customers"));
                })
              }
            >
              {words.erase}
            </button>
          </div>
        </section>
      )}
      <Trouble of={orders} />
      {orders.data && (
        <section class="card">
          <h2>{words.orders2(orders.data.total)}</h2>
          <Table
            head={[words.order, words.placed, words.status, [words.total]]}
            rows={orders.data.orders.map((order) => [
              <a href={to(`orders/${order.id}`)}>{order.id}</a>,
              ago(order.placed_at),
              <State of={order.status} />,
              money(order.total_amount, order.currency),
            ])}
          />
          {orders.data.orders.length === 0 && <p class="quiet">{words.noneYet}</p>}
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
