import type { MergeGuest } from "./guest-door";
import type { MailDoor } from "./unconfirmed-mails";
import type { Tokens as TokenMaker } from "./tokens";

/** What signing in needs beside the shop. */
export interface Door extends MailDoor {
  /** How access tokens are made. */
  tokens: TokenMaker;
  mergeGuest: MergeGuest;
}

/** Most of these hash a password, which costs as much as many other calls. */
export const HASHING = { weight: 10 };
