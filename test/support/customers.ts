import { insertMany } from "../../src/storage/rows";
import { Json } from "../../src/storage/database";
import type { TestShop } from "./shop";

/** Customers that nobody signs in as, and their ids: quicker than opening accounts. */
export async function createAccounts(shop: TestShop, count: number): Promise<number[]> {
  const now = shop.now().toISOString();
  await shop.database.transaction((tx) =>
    insertMany(tx, {
      table: "users",
      columns: ["full_name", "email", "email_key", "phone", "preferences", "created_at", "updated_at"],
      rows: Array.from({ length: count }, (_, number) => {
        const email = `customer-${number}@example.com`;
        return [`Customer ${number}`, email, email, "-", new Json({}), now, now];
      }),
    }),
  );
  const rows = await shop.database.all<{ id: number }>("SELECT id FROM users ORDER BY id");
  return rows.map(({ id }) => id);
}
