import { ShopError } from "../base/errors";
import type { Shop } from "./shop";

/** So long after a sign-in, or after the password was given again, nobody is asked for it. */
const CONFIRMED_MINUTES = 10;

/**
 * Before what can't be undone: throws `confirmation_needed` for who calls in a session of a page and has not shown lately who they
 * are. A page stays open on a desk that others pass by; a program that signs in, a key and the command line are asked nothing.
 */
export function checkConfirmed({ now, confirmedAt }: Pick<Shop, "now" | "confirmedAt">): void {
  if (confirmedAt === undefined || now().getTime() - Date.parse(confirmedAt) <= CONFIRMED_MINUTES * 60_000) return;
  throw new ShopError("confirmation_needed", "Give your password again first.");
}
