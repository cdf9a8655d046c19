import type { Origin } from "../base/origin";
import type { Shop } from "./shop";

/** What happened, who did it and where it came from. */
export interface AuditEvent {
  action: string;
  user_id?: number | null;
  subject?: string | null;
  origin?: Omit<Origin, "user_agent">;
  details?: Record<string, unknown>;
}

/** A shop in which everything that is written goes into the audit too, as one event. */
export interface AuditedShop extends Shop {
  /** Whether the event is in the audit by now, or was before. */
  isRecorded(): boolean;
}
