import { pageAsked, to } from "../kit/address";
import { usePage } from "../kit/answer";
import { List } from "../kit/list";
import { day, money } from "../kit/format";
import * as words from "../words/admin";
import { stateWord } from "../words/kit";

const SIZE = 20;

export function Invoices() {
  const page = pageAsked();
  const list = usePage("GET /invoices", { query: { page, size: SIZE } });
  return (
    <List
      what={words.documents}
      of={list}
      idOf={({ id }) => id}
      nameColumn={words.number}
      nameOf={({ label }) => label}
      hrefOf={({ order_id }) => to(`orders/${order_id}`)}
      columns={[
        { name: words.kind, cell: ({ kind }) => stateWord(kind) },
        { name: words.order, cell: ({ order_id }) => order_id, isExtra: true },
        { name: words.issued, cell: ({ issued_at }) => day(issued_at) },
        { name: words.total, cell: ({ total }) => money(total), isNumber: true },
      ]}
      size={SIZE}
      empty={words.noInvoicesYetThe}
    />
  );
}
