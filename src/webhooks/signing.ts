import { createHmac, hkdfSync } from "node:crypto";
import type { Settings } from "../shop/settings";
import { signingKeys } from "../shop/signing-key";
import type { StoredWebhook } from "./queries";

/** For so long after a rotation the secret before signs too, so that the receiver can take its time to change it. */
const OVERLAP_HOURS = 24;

/** What the receiver keeps: `whsec_…`, derived from the shop's key, so that no database holds it. */
export function secretOf(settings: Settings, { id, generation }: Pick<StoredWebhook, "id" | "generation">): string {
  return `whsec_${secretFrom(signingKeys(settings)[0] ?? "", id, generation).toString("base64")}`;
}

function secretFrom(key: string, id: number, generation: number): Buffer {
  return Buffer.from(hkdfSync("sha256", key, "", `sanset webhook ${id} secret ${generation}`, 32));
}

/**
 * The header `webhook-signature` of Standard Webhooks 1.0: HMAC-SHA256 over id, time and body, a signature for each secret
 * that is good now. Those are the webhook's own, the one before it for a day, and both by the shop's key of before.
 */
export function signatureOf(
  settings: Settings,
  webhook: StoredWebhook,
  message: { id: string; timestamp: number; body: string },
): string {
  const content = `${message.id}.${message.timestamp}.${message.body}`;
  const generations = [webhook.generation];
  const rotatedAt = webhook.rotated_at === null ? 0 : Date.parse(webhook.rotated_at);
  if (message.timestamp * 1000 < rotatedAt + OVERLAP_HOURS * 3_600_000) generations.push(webhook.generation - 1);
  return signingKeys(settings)
    .flatMap((key) => generations.map((generation) => secretFrom(key, webhook.id, generation)))
    .map((secret) => `v1,${createHmac("sha256", secret).update(content).digest("base64")}`)
    .join(" ");
}
