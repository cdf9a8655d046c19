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
}
