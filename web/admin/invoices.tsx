import { askedNumber, to } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { List } from "../kit/list";
import { day, money } from "../kit/format";
import * as words from "../words/admin";
import { stateWord } from "../words/kit";

const SIZE = 20;

export function Invoices() {
  const page = askedNumber("page") ?? 1;
  const list = useAnswer<{ rows: readonly Shapes["InvoiceEntry"][]; total: number }>(
    async (signal) => {
      const { answer, headers } = await shop.full("GET /invoices", { query: { page, size: SIZE }, signal });
      return { rows: answer, total: Number(headers.get("x-total-count")) };
    },
    [page],
  );
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
      page={page}
      size={SIZE}
      empty={<p>{words.noInvoicesYetThe}</p>}
    />
  );
}
