import type { Reader } from "../storage/database";
import type { MergeGuest } from "./guest-door";
import type { SignInGuard } from "./sign-in-guard";
import type { Tokens as TokenMaker } from "./tokens";

/** What signing in needs beside the shop. */
export interface Door {
  /** How access tokens are made. */
  tokens: TokenMaker;
  /** Slows down callers who guess passwords. */
  guard: SignInGuard;
  mergeGuest: MergeGuest;
  /** Whether a customer has paid for something, or was sent it. */
  hasBought: HasBought;
}

export type HasBought = (reader: Reader, userId: number) => Promise<boolean>;

/** What mail that callers cause without signing in needs. */
export type MailDoor = Pick<Door, "guard" | "hasBought">;
