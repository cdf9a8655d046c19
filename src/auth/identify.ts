import { ShopError } from "../base/errors";
import type { Shop } from "../shop/shop";
import { lacksSecondFactor } from "./second-factor";
import type { SignedIn } from "./schema";
import { getSignedIn } from "./sessions";
import type { Tokens } from "./tokens";

/** Tells who calls, by the access token that they send. Throws `not_signed_in` and `session_ended`. */
export const identifier =
  (shop: Shop, tokens: Tokens) =>
  async (token: string): Promise<SignedIn> => {
    const { userId, sessionId } = await tokens.readAccess(token);
    const user = await getSignedIn(shop, sessionId);
    if (user.id !== userId) throw new ShopError("not_signed_in", "Sign in first: the token is wrong.");
    // A shop that asks its admins for a second factor lets them do no more than make one before they have it.
    if (user.is_admin && (await lacksSecondFactor(shop, user.id))) {
      return { ...user, is_admin: false, lacks_second_factor: true };
    }
    return user;
  };
