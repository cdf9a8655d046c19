import { maskedText } from "../telemetry/redact";
import type { Page } from "../base/page";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { keptOf } from "./details";
import { insertAuditEntry, listAuditEntries } from "./queries";
import type { AuditEntry, AuditFilter } from "./schema";

/** What happened, and where it came from. */
export interface Happening {
  action: string;
  user_id?: number | null;
  subject?: string | null;
  origin?: { address: string | null; request_id: string | null };
  details?: Record<string, unknown>;
}

/** Writes down what happens, in the transaction that makes it happen. Secrets are left out. */
export function record(
  shop: Pick<Shop, "now">,
  tx: Transaction,
  { action, origin, ...about }: Happening,
): Promise<void> {
  return insertAuditEntry(tx, {
    at: shop.now().toISOString(),
    user_id: about.user_id ?? null,
    action,
    subject: maskedText(about.subject ?? "") || null,
    address: origin?.address ?? null,
    request_id: origin?.request_id ?? null,
    details: keptOf(about.details ?? {}),
  });
}

/** The same, where nothing else is written. */
export function recordAlone(shop: Pick<Shop, "database" | "now">, happening: Happening): Promise<void> {
  return shop.database.transaction((tx) => record(shop, tx, happening));
}

/** Newest first. */
export function listAudit(
  shop: Shop,
  filter: AuditFilter,
  page: Page,
): Promise<{ entries: AuditEntry[]; total: number }> {
  return listAuditEntries(shop.database, filter, page);
}
