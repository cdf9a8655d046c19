import { asked, askedNumber, pageAsked, to } from "../kit/address";
import { Ago } from "../kit/ago";
import { usePage } from "../kit/answer";
import { List } from "../kit/list";
import * as words from "../words/admin";

const SIZE = 50;

/** Who changed what, newest first. Nothing here can be changed or removed. */
export function Audit() {
  const [page, user, action] = [pageAsked(), askedNumber("user_id"), asked("action")];
  const list = usePage("GET /admin/audit", { query: { page, size: SIZE, user_id: user, action } });
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
        { name: words.when, cell: ({ at }) => <Ago at={at} /> },
      ]}
      size={SIZE}
      empty={words.nothingSent}
    />
  );
}
