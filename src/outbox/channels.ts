import type { Channel } from "../events/channel";
import { webhookChannel } from "../webhooks/channel";

/** Every way in which events leave the shop. */
export const channels: readonly Channel[] = [webhookChannel()];
