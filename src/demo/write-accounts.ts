import { insertAddresses } from "../accounts/address-queries";
import { hashPassword } from "../accounts/passwords";
import { findAccountIds, insertAccounts } from "../accounts/queries";
import type { Shop } from "../shop/shop";
import { demoAccounts } from "./accounts";
import { describeCustomer, OM } from "./customers";
import { batches } from "../base/batches";
import { idsOf } from "./in-parts";

const ROWS_PER_TRANSACTION = 1_000;

interface AccountsToWrite {
  seed: number;
  customers: number;
  /** First day of the demo year. */
  start: number;
  progress: (done: number) => void;
}

/** Opens the demo accounts and those of the other customers, who have no password. Ids are by the number of the customer. */
export async function writeDemoAccounts(shop: Shop, { seed, customers, start, progress }: AccountsToWrite) {
  await addAdmin(shop);
  const omsPassword = await hashPassword(shop, demoAccounts.customer.password);
  let added = 0;
  let done = 0;
  const emails: string[] = [];
  for (const batch of batches(Array(customers).keys(), ROWS_PER_TRANSACTION)) {
    const people = batch.map((customer) => {
      const { address, created_at, ...person } = describeCustomer(seed, customer, customers, start);
      const password_hash = customer === OM ? omsPassword : null;
      return { account: { ...person, password_hash, is_admin: false, created_at: created_at.toISOString() }, address };
    });
    added += await shop.database.transaction(async (tx) => {
      const ids = await insertAccounts(
        tx,
        people.map(({ account }) => account),
      );
      const addresses = people.flatMap(({ account: { email, created_at }, address }) => {
        const user_id = ids.get(email);
        return user_id === undefined ? [] : [{ ...address, user_id, created_at }];
      });
      await insertAddresses(tx, addresses);
      return ids.size;
    });
    emails.push(...people.map(({ account }) => account.email));
    progress((done += batch.length));
    await Bun.sleep(0);
  }
  const byEmail = await findAccountIds(shop.database, "@example.com");
  return { added, ids: idsOf(emails, byEmail) };
}

/** An account that has this e-mail already stays what it is: an account becomes no admin by seeding. */
async function addAdmin(shop: Shop): Promise<void> {
  const admin = {
    full_name: "Sanset Admin",
    email: demoAccounts.admin.email,
    phone: "-",
    password_hash: await hashPassword(shop, demoAccounts.admin.password),
    is_admin: true,
    preferences: {},
    created_at: shop.now().toISOString(),
  };
  await shop.database.transaction((tx) => insertAccounts(tx, [admin]));
}
