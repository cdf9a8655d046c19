import { listAddresses } from "../accounts/addresses";
import { findCustomersAfter } from "../accounts/queries";
import { cellOf } from "../base/csv-cell";
import type { Shop } from "../shop/shop";
import type { Format } from "./format";

const COLUMNS = [
  "email",
  "full_name",
  "phone",
  "created_at",
  "is_active",
  "preferences",
  "address_line",
  "city",
  "state",
  "pincode",
  "country",
] as const;

const ACCOUNTS_PER_PAGE = 200;

/**
 * The shop's customers in pieces of text, each with their first address, as `sanset import customers` takes them. Passwords
 * are not among it, nor are guests and those who run the shop.
 */
export async function* exportCustomers(shop: Shop, format: Format): AsyncGenerator<string> {
  if (format === "csv") yield `${COLUMNS.join(",")}\r\n`;
  for (let last = 0; ;) {
    const page = await findCustomersAfter(shop.database, last, ACCOUNTS_PER_PAGE);
    if (page.length === 0) return;
    last = page.at(-1)?.id ?? last;
    for (const account of page) {
      const [address] = await listAddresses(shop, account.id);
      const { email, full_name, phone, created_at, is_active, preferences } = account;
      const { address_line, city, state, pincode, country } = address ?? {};
      const place = { address_line, city, state, pincode, country };
      const row: Record<string, unknown> = { email, full_name, phone, created_at, is_active, preferences, ...place };
      if (format === "jsonl") yield `${JSON.stringify(row)}\n`;
      else yield `${COLUMNS.map((column) => cellOf(row[column])).join(",")}\r\n`;
    }
  }
}
