import type { Channel } from "../events/channel";
import { invoiceChannel } from "../invoices/channel";
import { mailChannel } from "../notifications/channel";
import { webhookChannel } from "../webhooks/channel";

/** Every way in which events leave the shop. */
export const channels: readonly Channel[] = [invoiceChannel, mailChannel, webhookChannel()];
