import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import * as words from "../words/kit";
import { address } from "./address";
import type { Page, Shown } from "./answer";
import { isLetter } from "./letters";
import { Pages } from "./pages";
import { Trouble } from "./trouble";
import { useWalk } from "./walk";
import { count } from "./format";

export interface Column<Row> {
  name: string;
  /** What stands in the cell. */
  cell: (row: Row) => ComponentChildren;
  /** For amounts and counts: at the end of the cell, in figures of one width. */
  isNumber?: boolean;
  /** Left out on a phone, where a row is a card. */
  isExtra?: boolean;
}

interface Props<Row> {
  /** What they are, one of them and more: `order|orders`. */
  what: string;
  of: Shown<Page<Row>>;
  idOf: (row: Row) => number;
  /** The first cell of a row, and where it leads. */
  nameOf: (row: Row) => ComponentChildren;
  hrefOf: (row: Row) => string;
  nameColumn: string;
  columns: readonly Column<Row>[];
  size: number;
  /** Where rows can be chosen for a step of many. */
  choice?: { chosen: ReadonlySet<number>; choose: (chosen: ReadonlySet<number>) => void };
  /** What to say where there is nothing. Where that is because of what is asked for, it offers the way on. */
  empty: string;
}

/** A list of the shop: rows are links, j and k walk along them, x chooses, and what it shows stands in the address. */
export function List<Row>(props: Props<Row>) {
  const { what, of, idOf, nameOf, hrefOf, nameColumn, columns, size, choice, empty } = props;
  const { rows = [], total = 0 } = of.data ?? {};
  const table = useRowKeys(rows.map(idOf), choice);
  useWalk(rows.map(hrefOf));
  return (
    <>
      <Trouble of={of} />
      <p class="quiet" role="status">
        {of.data === undefined ? "…" : `${count(total)} ${words.nounOf(total, what)}`}
      </p>
      {of.data && rows.length === 0 && (
        <p class="empty">
          {empty} {address.value.search && <a href={address.value.pathname}>{words.showAll}</a>}
        </p>
      )}
      {rows.length > 0 && (
        // Laid out as cards on a phone, a table is none any more for browsers, unless it says so.
        <table class="list" role="table" ref={table} aria-busy={of.isLoading}>
          <thead>
            <tr role="row">
              {choice && (
                <th scope="col">
                  <input
                    type="checkbox"
                    aria-label={words.chooseAllOnThis}
                    checked={choice.chosen.size > 0 && choice.chosen.size === rows.length}
                    onChange={({ currentTarget }) =>
                      choice.choose(new Set(currentTarget.checked ? rows.map(idOf) : []))
                    }
                  />
                </th>
              )}
              <th scope="col">{nameColumn}</th>
              {columns.map(({ name, isNumber, isExtra }) => (
                <th key={name} scope="col" class={classOf(isNumber, isExtra)}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={idOf(row)} role="row" class={choice?.chosen.has(idOf(row)) ? "chosen" : ""}>
                {choice && (
                  <td role="cell" class="choose">
                    <input
                      type="checkbox"
                      aria-label={words.choose(idOf(row))}
                      checked={choice.chosen.has(idOf(row))}
                      onChange={() => choice.choose(toggled(choice.chosen, idOf(row)))}
                    />
                  </td>
                )}
                <th scope="row">
                  <a href={hrefOf(row)}>{nameOf(row)}</a>
                </th>
                {columns.map(({ name, cell, isNumber, isExtra }) => (
                  <td key={name} role="cell" data-name={name} class={classOf(isNumber, isExtra)}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Pages total={total} size={size} />
    </>
  );
}

const classOf = (isNumber = false, isExtra = false) => `${isNumber ? "number" : ""}${isExtra ? " extra" : ""}`;

/**
 * What is chosen in a list, as long as it shows the same: what can't be seen is not chosen, for a step would take what nobody
 * looks at.
 */
export function useChoice<Chosen>(about: readonly unknown[], none: Chosen): [Chosen, (chosen: Chosen) => void] {
  const key = JSON.stringify(about);
  const [kept, keep] = useState({ key, chosen: none });
  return [kept.key === key ? kept.chosen : none, (chosen) => keep({ key, chosen })];
}

export function toggled(set: ReadonlySet<number>, id: number): ReadonlySet<number> {
  return set.has(id) ? new Set([...set].filter((one) => one !== id)) : new Set(set).add(id);
}

/** Single letters act only where nobody writes. Enter follows the link that has the focus, as it always does. */
function useRowKeys(ids: readonly number[], choice: Props<unknown>["choice"]) {
  const table = useRef<HTMLTableElement>(null);
  // Two fast keys come before one redraw: the second goes on from what the first chose.
  const latest = useRef(choice);
  latest.current = choice;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isLetter(event)) return;
      const links = [...(table.current?.querySelectorAll<HTMLElement>("tbody th a") ?? [])];
      const row = document.activeElement?.closest("tr");
      const at = links.findIndex((link) => link.closest("tr") === row);
      if (event.key === "j") links[Math.min(links.length - 1, at + 1)]?.focus();
      if (event.key === "k") links[Math.max(0, at - 1)]?.focus();
      const id = ids[at];
      if (event.key !== "x" || id === undefined || !latest.current) return;
      const chosen = toggled(latest.current.chosen, id);
      latest.current = { ...latest.current, chosen };
      latest.current.choose(chosen);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
  return table;
}
