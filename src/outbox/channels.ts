import type { Channel } from "../events/channel";
import { mailChannel } from "../notifications/channel";
import { webhookChannel } from "../webhooks/channel";

/** Every way in which events leave the shop. */
export const channels: readonly Channel[] = [mailChannel, webhookChannel()];
