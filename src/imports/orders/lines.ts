import type { SoldLine } from "./sold";

/**
 * Lines that stand together in a cell, or each in a cell of its own, as WooCommerce's exports have them:
 * `name:Tea|sku:T1|quantity:2|total:20.00|sub_total:22.00`, with a semicolon between two.
 */
export function linesIn(
  cells: readonly string[],
  number: (cell: string | undefined) => number,
  minorPerMajor: number,
): SoldLine[] | { problem: string } {
  const items = cells.flatMap((cell) => cell.split(/;(?=\s*[a-z_]+:)/i)).filter((item) => item.trim() !== "");
  if (items.length === 0) return { problem: "There is no line in it." };
  const lines: SoldLine[] = [];
  for (const item of items) {
    const pairs = item.split("|").map((pair): [string, string] => {
      const sign = pair.indexOf(":");
      return [pair.slice(0, sign).trim().toLowerCase(), pair.slice(sign + 1).trim()];
    });
    const said = new Map(pairs);
    const qty = number(said.get("quantity") ?? said.get("qty"));
    const sum = number(said.get("sub_total") ?? said.get("subtotal") ?? said.get("total"));
    const paid = number(said.get("total") ?? said.get("sub_total"));
    if (!Number.isInteger(qty)) return { problem: "The quantity of a line is not a whole number." };
    if (!Number.isFinite(sum)) return { problem: "The price of a line is not a number." };
    const price = Math.ceil((sum * minorPerMajor) / Math.max(1, qty) - 1e-9) / minorPerMajor;
    const sku = said.get("sku");
    lines.push({
      code: sku ? sku.toUpperCase() : undefined,
      name: said.get("name") ?? sku ?? "",
      qty,
      price,
      less: Math.max(0, qty * price - (Number.isFinite(paid) ? paid : sum)),
    });
  }
  return lines;
}
