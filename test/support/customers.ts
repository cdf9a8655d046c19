import { insertRows } from "../../src/storage/rows";
import { Json } from "../../src/storage/database";
import type { TestShop } from "./shop";

/** Customers that nobody signs in as, and their ids: quicker than opening accounts. */
export async function createAccounts(shop: TestShop, count: number): Promise<number[]> {
  const now = shop.now().toISOString();
  await shop.database.transaction((tx) =>
    insertRows(
      tx,
      "users",
      Array.from({ length: count }, (_, number) => {
        const email = `customer-${number}@example.com`;
        return {
          full_name: `Customer ${number}`,
          email,
          email_key: email,
          phone: "-",
          preferences: new Json({}),
          created_at: now,
          updated_at: now,
        };
      }),
    ),
  );
  const rows = await shop.database.all<{ id: number }>("SELECT id FROM users ORDER BY id");
  return rows.map(({ id }) => id);
}
