import { jwt } from "@elysiajs/jwt";
import { z } from "zod";
import type { Session } from "./schema";
import { BoundedMap } from "../base/bounded-map";
import { ShopError } from "../base/errors";
import type { Shop } from "../shop/shop";

const ISSUER = "sanset";
const AUDIENCE = "sanset";
const ALGORITHM = "HS256";
const TYPE = "at+jwt";

const Claims = z.object({ sub: z.string().regex(/^\d{1,10}$/), sid: z.string(), exp: z.number() });

/** How many tokens are known to be good: about 5 MB. */
const MOST_KNOWN = 10_000;

/** What a verified token says: whose it is, and of which sign-in. */
export interface TokenClaims {
  userId: number;
  sessionId: string;
  expiresAtMs: number;
}

/**
 * Makes and reads access tokens. The first secret signs; the others are former ones, whose tokens are good until they
 * expire. Refresh tokens are no JWTs and never come here: see auth/sessions.ts.
 */
export function createTokens(shop: Pick<Shop, "now" | "settings">, secrets: readonly string[]) {
  const { accessTokenExpireMinutes } = shop.settings;
  const signers = secrets.map(signer);
  // Verifying costs a hundred times as much as looking here. What may change meanwhile, the session, is not in here.
  const known = new BoundedMap<string, TokenClaims>(MOST_KNOWN);

  async function verify(token: string): Promise<TokenClaims> {
    for (const { verify } of signers) {
      const payload = await verify(token, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: TYPE,
        currentDate: shop.now(),
        requiredClaims: ["exp", "sub", "sid"],
      });
      const claims = Claims.safeParse(payload);
      if (!claims.success) continue;
      const { sub, sid, exp } = claims.data;
      return { userId: Number(sub), sessionId: sid, expiresAtMs: exp * 1000 };
    }
    throw badToken();
  }

  return {
    /** The answer to a sign-in or a refresh. */
    async tokensFor({ session, refreshToken }: { session: Session; refreshToken: string }) {
      const [current] = signers;
      if (!current) throw new Error("There is no secret to sign with.");
      return {
        access_token: await current.sign({
          sub: String(session.user_id),
          sid: session.id,
          iss: ISSUER,
          aud: AUDIENCE,
          exp: Math.floor(shop.now().getTime() / 1000) + accessTokenExpireMinutes * 60,
        }),
        token_type: "bearer" as const,
        expires_in: accessTokenExpireMinutes * 60,
        refresh_token: refreshToken,
      };
    },
    /** Throws ShopError `not_signed_in` for anything but a good access token. */
    async readAccess(token: string): Promise<TokenClaims> {
      const remembered = known.get(token);
      const claims = remembered ?? (await verify(token));
      if (claims.expiresAtMs <= shop.now().getTime()) throw badToken();
      if (!remembered) known.set(token, claims);
      return claims;
    },
  };
}

export type Tokens = ReturnType<typeof createTokens>;

/** The plugin's own two functions: we need them outside of a handler too. Times are the shop's, so it sets none. */
function signer(secret: string) {
  return jwt({ name: "jwt", secret, alg: ALGORITHM, typ: TYPE, iat: false }).decorator.jwt;
}

const badToken = () => new ShopError("not_signed_in", "Sign in first: the token is missing, wrong or expired.");
