import { ShopError } from "../base/errors";
import type { Reader } from "../storage/database";
import type { UnitsAsked } from "./change-schema";
import type { States } from "./states";
import { findUnits, type LineUnits } from "./unit-queries";

/** The lines of an order with what became of their units, by product id. */
export const getUnits = (reader: Reader, orderId: number): Promise<LineUnits[]> => findUnits(reader, [orderId]);

/** How many units of a line are still to leave. What left whole, before shipments were written down, has left. */
export function unitsToShip({ status }: Pick<States, "status">, { qty, cancelled, shipped }: LineUnits): number {
  return status === "placed" || status === "packed" ? qty - cancelled - shipped : 0;
}

/** How many have left and are not back. */
export function unitsOut(order: Pick<States, "status">, line: LineUnits): number {
  if (order.status === "cancelled" || order.status === "returned") return 0;
  return line.qty - line.cancelled - unitsToShip(order, line) - line.returned;
}

/** How many can be paid back: not those that were paid back, nor those that came off or were refused before they were paid. */
export function unitsToRefund({ qty, cancelled, cancelled_paid, refused, refunded }: LineUnits): number {
  return qty - (cancelled - cancelled_paid) - refused - refunded;
}

/**
 * How many are the shop's again without the customer having their money: by a refund that failed, or by coming back without
 * one. Refunds of before did not say which of the units that came back they were for.
 */
export function unitsOwedAgain({ owed_again, back_unpaid, back_paid, refunded }: LineUnits): number {
  return owed_again + Math.max(0, back_unpaid - Math.max(0, refunded - back_paid));
}

/** So many units of one line. */
export interface Share {
  line: LineUnits;
  qty: number;
}

/** All that `left` says of each line. */
export const allUnits = (lines: readonly LineUnits[], left: (line: LineUnits) => number): Share[] =>
  lines.map((line) => ({ line, qty: left(line) })).filter(({ qty }) => qty > 0);

/**
 * The units that are asked for, line by line; of a product that stands in several lines, the first ones first. Throws
 * `invalid` for more than `left` says that there are.
 */
export function chooseUnits(
  lines: readonly LineUnits[],
  asked: UnitsAsked,
  left: (line: LineUnits) => number,
  tooMany: string,
): Share[] {
  const chosen = new Map<LineUnits, number>();
  const ordered = lines.toSorted((one, other) => one.line - other.line);
  for (const [index, { product_id, line: number, qty }] of asked.entries()) {
    let wanted = qty;
    for (const line of ordered) {
      if (product_id === undefined ? line.line !== number : line.product_id !== product_id) continue;
      const taken = Math.min(wanted, left(line) - (chosen.get(line) ?? 0));
      if (taken <= 0) continue;
      chosen.set(line, (chosen.get(line) ?? 0) + taken);
      wanted -= taken;
    }
    if (wanted > 0) {
      throw new ShopError("invalid", tooMany, {
        errors: [{ path: `lines.${index}`, message: tooMany, code: "too_big" }],
      });
    }
  }
  return lines.flatMap((line) => (chosen.has(line) ? [{ line, qty: chosen.get(line) ?? 0 }] : []));
}

/** As stock moves: by product id. */
export const stockLines = (shares: readonly Share[]): { product_id: number; qty: number }[] =>
  shares.map(({ line, qty }) => ({ product_id: line.product_id, qty }));

export const movesOf = (shares: readonly Share[], restocks: boolean) =>
  shares.map(({ line, qty }) => ({ line: line.line, qty, restocked: restocks ? qty : 0 }));
