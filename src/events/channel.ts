import type { Shop } from "../shop/shop";
import type { Reader, Transaction } from "../storage/database";
import type { ChannelName, Delivery, ShopEvent } from "./schema";

export type { ChannelName, Delivery } from "./schema";

/** To whom one event goes. */
export interface Receiver {
  event: ShopEvent;
  /** Which webhook, or which kind of mail. */
  target: string;
  /** What happens once however many events ask for it. */
  once_key?: string;
}

/** What came of one try. */
export type Attempt =
  | { is: "sent"; status?: number }
  /** Nothing has to be sent any more, such as a mail about an order whose customer is gone. */
  | { is: "dropped" }
  | {
      is: "failed";
      failure: string;
      status?: number;
      /** The receiver wants to be left alone for so long. */
      after_seconds?: number;
      /** No further try would change it. */
      final?: boolean;
      /** What else is written together with the failure. */
      also?: (tx: Transaction) => Promise<void>;
    };

/** A way in which events leave the shop. */
export interface Channel {
  name: ChannelName;
  /** How many deliveries to one target are under way at once, in one process. */
  atOnce: number;
  /** How long after each failed try the next one is made; after the last of them it is given up. */
  pausesSeconds: readonly number[];
  /** Who hears of these events. Read in the transaction that routes them, so each event is routed once. */
  receiversOf(shop: Shop, reader: Reader, events: readonly ShopEvent[]): Promise<Receiver[]>;
  /** The targets that may be sent to now and have a worker each; `undefined` stands for all targets with one worker. */
  targets(shop: Shop): Promise<(string | undefined)[]>;
  /** One try. Never throws for what the receiver does. */
  deliver(shop: Shop, delivery: Delivery, stopping: AbortSignal): Promise<Attempt>;
}
