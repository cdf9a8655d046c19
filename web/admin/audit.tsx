import { asked, askedNumber, to } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { List } from "../kit/list";
import { ago, moment } from "../kit/format";
import * as words from "../words/admin";

const SIZE = 50;

/** Who changed what, newest first. Nothing here can be changed or removed. */
export function Audit() {
  const [page, user] = [askedNumber("page") ?? 1, askedNumber("user_id")];
  const action = asked("action");
  const list = useAnswer<{ rows: readonly Shapes["AuditEntry"][]; total: number }>(
    async (signal) => {
      const query = { page, size: SIZE, ...(user && { user_id: user }), ...(action && { action }) };
      const { answer, headers } = await shop.full("GET /admin/audit", { query, signal });
      return { rows: answer, total: Number(headers.get("x-total-count")) };
    },
    [page, user, action],
  );
  return (
    <List
      what={words.entries}
      of={list}
      idOf={({ id }) => id}
      nameColumn={words.what}
      nameOf={({ action: name }) => name}
      hrefOf={({ action: name }) => to(`audit?action=${encodeURIComponent(name)}`)}
      columns={[
        { name: words.about, cell: ({ subject }) => subject ?? "" },
        {
          name: words.by,
          cell: ({ user_id }) => (user_id === null ? "" : <a href={to(`customers/${user_id}`)}>{user_id}</a>),
          isExtra: true,
        },
        { name: words.from, cell: ({ address }) => address ?? "", isExtra: true },
        { name: words.when, cell: ({ at }) => <time title={moment(at)}>{ago(at)}</time> },
      ]}
      page={page}
      size={SIZE}
      empty={<p>{words.nothingSent}</p>}
    />
  );
}
