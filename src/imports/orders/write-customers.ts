import { batches } from "../../base/batches";
import { emailKey, isEmail, plainEmail } from "../../base/email";
import { findIdsOfEmails, insertAccounts } from "../../accounts/queries";
import type { Shop } from "../../shop/shop";
import { type Ids, ROWS_PER_TRANSACTION, type SoldCustomer } from "./goods";

/** The customers of orders: those that have an account, and those that get one. A dry run opens none. */
export async function addMissingCustomers(
  shop: Shop,
  customers: ReadonlyMap<string, SoldCustomer>,
  dryRun: boolean,
): Promise<Ids> {
  const ids = new Map<string, number>();
  let added = 0;
  for (const batch of batches([...customers.values()], ROWS_PER_TRANSACTION)) {
    const accounts = batch.map((customer) => ({
      full_name: shortened(customer.name, 200) ?? (isEmail(customer.id) ? customer.id : `Customer ${customer.id}`),
      email: emailOf(customer.id),
      phone: shortened(customer.phone, 40) ?? "-",
      // Without a password a customer can't sign in until one is set.
      password_hash: null,
      is_admin: false,
      preferences: customer.country === "" ? {} : { country: customer.country },
      created_at: customer.firstOrderAt,
    }));
    const inserted = dryRun ? undefined : await shop.database.transaction((tx) => insertAccounts(tx, accounts));
    const known = await findIdsOfEmails(
      shop.database,
      accounts.map(({ email }) => email),
    );
    added += inserted?.size ?? batch.length - known.size;
    for (const { id } of batch) {
      const account = known.get(emailKey(emailOf(id)));
      if (account !== undefined) ids.set(id, account);
    }
  }
  return { ids, added };
}

const shortened = (text: string | undefined, longest: number) => text?.slice(0, longest).toWellFormed();

/** The account of an e-mail is whose it is. A customer who is only a number there gets an address that no mail reaches. */
const emailOf = (customer: string): string =>
  isEmail(customer) ? plainEmail(customer) : `${customer.toLowerCase()}@imported.invalid`;
