import type { Door } from "../auth/door";
import { checkOurPage, pageCookies } from "../auth/page-cookie";
import { PageTokens, Tokens } from "../auth/schema";
import { PRIVATE, publicRoutes, type Web, withOrigin } from "../http/access";
import { takes } from "../http/declared";
import { failures } from "../http/problem";
import { enterAsGuest } from "./guests";
import { NewGuest } from "./schema";

export const guestRoutes = (web: Web, { tokens }: Door) =>
  publicRoutes("auth", "/auth", { weight: 10 })
    .derive(withOrigin)
    .post(
      "/guest",
      async ({ body, origin, set, status }) => {
        set.headers["cache-control"] = PRIVATE;
        return status(201, await tokens.tokensFor(await enterAsGuest(web.shop, body?.order_token, origin)));
      },
      {
        body: NewGuest.optional(),
        response: { 201: Tokens, ...failures(401, 403) },
        detail: {
          ...takes({ optional_body: true }),
          summary: "Enter as a guest",
          description:
            "A guest has a cart, addresses, orders and recommendations as every customer. `POST /auth/register` with the " +
            "guest's token makes it an account; `POST /auth/login` with it moves everything into the account.",
        },
      },
    )
    .post(
      "/pages/shop/guest",
      async ({ body, request, origin, set, status }) => {
        set.headers["cache-control"] = PRIVATE;
        checkOurPage(request);
        const renewal = await enterAsGuest(web.shop, body?.order_token, origin);
        set.headers["set-cookie"] = pageCookies(web.shop.settings).keep("shop", renewal.refreshToken);
        const { refresh_token: _, ...rest } = await tokens.tokensFor(renewal);
        return status(201, rest);
      },
      {
        body: NewGuest.optional(),
        response: { 201: PageTokens, ...failures(401, 403) },
        detail: {
          summary: "Enter as a guest from the shop's page",
          description: "As `POST /auth/guest`, with the refresh token in a cookie.",
          ...takes({ optional_body: true }),
        },
      },
    );
