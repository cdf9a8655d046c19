import { jwt } from "@elysiajs/jwt";
import { z } from "zod";
import type { Session } from "../accounts/schema";
import { ShopError } from "../errors";
import type { Shop } from "../shop";

const ISSUER = "sanset";
const AUDIENCE = "sanset";
const ALGORITHM = "HS256";

const Claims = z.object({ sub: z.string().regex(/^\d+$/), sid: z.string(), gen: z.int().optional() });

/** What a verified token says: whose it is, of which sign-in, and for a refresh token its generation. */
export interface TokenClaims {
  userId: number;
  sessionId: string;
  generation: number;
}

/** Makes and reads the two kinds of token. They differ in `typ`, so that one never passes for the other. */
export function createTokens(shop: Pick<Shop, "now" | "settings">, secret: string) {
  const { accessTokenMinutes, refreshTokenMinutes } = shop.settings;
  const access = signer(secret, "at+jwt");
  const refresh = signer(secret, "rt+jwt");
  const seconds = () => Math.floor(shop.now().getTime() / 1000);

  async function read(kind: typeof access, typ: string, token: string): Promise<TokenClaims> {
    const payload = await kind.verify(token, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      typ,
      currentDate: shop.now(),
      requiredClaims: ["exp", "sub"],
    });
    const claims = Claims.safeParse(payload);
    if (!claims.success) throw new ShopError("not_signed_in", "Sign in first: the token is missing, wrong or expired.");
    return { userId: Number(claims.data.sub), sessionId: claims.data.sid, generation: claims.data.gen ?? 0 };
  }

  return {
    /** The answer to a sign-in or a refresh. */
    async tokensFor(session: Session) {
      const about = { sub: String(session.user_id), sid: session.id, iss: ISSUER, aud: AUDIENCE };
      return {
        access_token: await access.sign({ ...about, exp: seconds() + accessTokenMinutes * 60 }),
        token_type: "bearer" as const,
        expires_in: accessTokenMinutes * 60,
        refresh_token: await refresh.sign({
          ...about,
          gen: session.generation,
          exp: seconds() + refreshTokenMinutes * 60,
        }),
      };
    },
    /** Throws ShopError `not_signed_in` for anything but a good access token. */
    readAccess: (token: string) => read(access, "at+jwt", token),
    /** Throws ShopError `not_signed_in` for anything but a good refresh token. */
    readRefresh: (token: string) => read(refresh, "rt+jwt", token),
  };
}

export type Tokens = ReturnType<typeof createTokens>;

/** The plugin's own two functions: we need them outside of a handler too. Times are the shop's, so it sets none. */
function signer(secret: string, typ: string) {
  return jwt({ name: "jwt", secret, alg: ALGORITHM, typ, iat: false }).decorator.jwt;
}
