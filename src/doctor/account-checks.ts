import { emailKey } from "../base/email";
import type { Reader, Transaction } from "../storage/database";
import { isForeign } from "../storage/sql";
import { type Check, finding } from "./finding";

/** An account that stands under another key than its e-mail has now. */
interface WrongKey {
  id: number;
  email: string;
  key: string;
  /** The account that has the key already: both are one person's, who wrote it in two ways. */
  double_of: number | undefined;
}

const ACCOUNTS_AT_ONCE = 2_000;

/** Programs of before told é in one piece from é in two, so that one e-mail could open two accounts. */
export const accountChecks: Record<string, Check> = {
  "accounts are known by their e-mail": async (reader) =>
    (await findWrongKeys(reader)).map(({ id, email, double_of }) =>
      double_of === undefined
        ? finding(`Account ${id} is known by another spelling of its e-mail ${email}.`, true)
        : finding(
            `Accounts ${double_of} and ${id} have one e-mail, ${email}, written in two ways: give one of them another with sanset customer edit ${id} --email ADDRESS`,
          ),
    ),
};

async function findWrongKeys(reader: Reader): Promise<WrongKey[]> {
  const wrong: WrongKey[] = [];
  const taken = new Map<string, number>();
  for (let after = 0; ;) {
    // Where all is ASCII there is one way to write it.
    const accounts = await reader.all<{ id: number; email: string; email_key: string }>(
      `SELECT id, email, email_key FROM users
       WHERE id > $1 AND is_guest = 0 AND ${isForeign(reader.engine, "email")} ORDER BY id LIMIT ${ACCOUNTS_AT_ONCE}`,
      [after],
    );
    for (const { id, email, email_key } of accounts) {
      const key = emailKey(email);
      if (key === email_key) continue;
      const owner = await reader.first<{ id: number }>("SELECT id FROM users WHERE email_key = $1", [key]);
      wrong.push({ id, email, key, double_of: owner?.id ?? taken.get(key) });
      taken.set(key, id);
    }
    const last = accounts.at(-1);
    if (!last) return wrong;
    after = last.id;
  }
}

/** Each account stands under the key of its e-mail, where no other has it. */
export async function rebuildEmailKeys(tx: Transaction): Promise<void> {
  for (const { id, email, key, double_of } of await findWrongKeys(tx)) {
    if (double_of !== undefined) continue;
    // What was changed or taken meanwhile stays.
    await tx.run(
      `UPDATE users SET email_key = $3 WHERE id = $1 AND email = $2
         AND NOT EXISTS (SELECT 1 FROM users AS other WHERE other.email_key = $3)`,
      [id, email, key],
    );
  }
}
