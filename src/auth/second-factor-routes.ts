import { z } from "zod";
import { text } from "../base/fields";
import { userRoutes, type Web, withOrigin } from "../http/access";
import { failures } from "../http/problem";
import type { Door } from "./door";
import { beginFactor, confirmFactor, getSecondFactor, removeFactor } from "./second-factor";

const FactorPassword = z.strictObject({ password: text(256) }).meta({ id: "SecondFactorPassword" });
const FactorCode = z.strictObject({ code: text(20) }).meta({ id: "SecondFactorCode", example: { code: "123456" } });

const Factor = z.object({ is_on: z.boolean(), recovery_codes_left: z.int() }).meta({ id: "SecondFactor" });

const NewFactor = z
  .object({
    secret: z.string().meta({ description: "In base 32, to be typed in" }),
    otpauth_url: z.string().meta({ description: "The same as an authenticator reads it from a QR code" }),
  })
  .meta({ id: "NewSecondFactor" });

const RecoveryCodes = z
  .object({
    recovery_codes: z.array(z.string()).meta({ description: "Shown once. Each works once in place of a code" }),
  })
  .meta({ id: "RecoveryCodes" });

/** A second factor is anybody's to have; the shop may ask its admins for one (ADMIN_SECOND_FACTOR). */
export const secondFactorRoutes = (web: Web, { guard }: Door) => {
  const { shop } = web;
  return userRoutes(web, "auth", "/auth/second-factor", { weight: 10 })
    .derive(withOrigin)
    .get("", ({ user }) => getSecondFactor(shop, user.id), {
      response: { 200: Factor },
      detail: { summary: "Show whether I have a second factor" },
    })
    .post(
      "",
      async ({ user, body, origin, status }) =>
        status(201, await beginFactor(shop, guard, user.id, body.password, origin)),
      {
        body: FactorPassword,
        response: { 201: NewFactor, ...failures(409, 503) },
        detail: {
          summary: "Make a secret for an authenticator",
          description: "It counts once a first code of it was given. Signing in needs a `code` from then on.",
        },
      },
    )
    .post(
      "/confirmation",
      async ({ user, body, origin }) => ({
        recovery_codes: await confirmFactor(shop, user.id, body.code, origin),
      }),
      {
        body: FactorCode,
        response: { 200: RecoveryCodes, ...failures(409) },
        detail: { summary: "Turn the second factor on with a first code" },
      },
    )
    .post(
      "/removal",
      async ({ user, body, origin, status }) => {
        await removeFactor(shop, guard, user.id, body.password, origin);
        return status(204, undefined);
      },
      {
        body: FactorPassword,
        response: { 204: z.undefined(), ...failures(403, 404, 503) },
        detail: { summary: "Remove my second factor" },
      },
    );
};
