import { redactText } from "../telemetry/redact";
import type { Listed, Page } from "../base/page";
import type { AuditEvent } from "../shop/audited-shop";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { keptOf, withoutEmails } from "./details";
import { insertAuditEntry, listAuditActions, listAuditEntries } from "./queries";
import type { AuditEntry, AuditFilter } from "./schema";

/** Writes down what happens, in the transaction that makes it happen. Secrets are left out. */
export function record(
  shop: Pick<Shop, "now">,
  tx: Transaction,
  { action, origin, ...about }: AuditEvent,
): Promise<void> {
  return insertAuditEntry(tx, {
    at: shop.now().toISOString(),
    user_id: about.user_id ?? null,
    action,
    subject: withoutEmails(redactText(about.subject ?? "")) || null,
    address: origin?.address ?? null,
    request_id: origin?.request_id ?? null,
    details: keptOf(about.details ?? {}),
  });
}

/** The same, where nothing else is written. */
export function recordAlone(shop: Pick<Shop, "database" | "now">, event: AuditEvent): Promise<void> {
  return shop.database.transaction((tx) => record(shop, tx, event));
}

/** What the entries are called, for callers who look for one. */
export const listActions = ({ database }: Shop): Promise<string[]> => listAuditActions(database);

/** Newest first. */
export function listAudit(shop: Shop, filter: AuditFilter, page: Page): Promise<Listed<AuditEntry>> {
  return listAuditEntries(shop.database, filter, page);
}
