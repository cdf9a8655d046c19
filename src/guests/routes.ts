import type { Door } from "../auth/door";
import { Tokens } from "../auth/schema";
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
    );
