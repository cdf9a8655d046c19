import { z } from "zod";
import { adminRoutes, type Web } from "../http/access";
import { answerWhole } from "../http/lists";
import { wholeListAnswer } from "../http/openapi/headers";
import { paymentProviders } from "../payments/providers";
import { readEnvironment } from "../shop/environment";
import { settingsInForce } from "../shop/setting-list";
import { groupsWith } from "../shop/settings";

const SettingInForce = z
  .object({
    group: z.string(),
    name: z.string(),
    value: z.string().nullable().meta({ description: "What is secret in it is masked" }),
    from: z.enum(["environment", ".env", "default"]),
    about: z.string(),
  })
  .meta({ id: "SettingInForce" });

/** As they were read when the server started: it follows no change without being started again. */
export const settingRoutes = (web: Web) => {
  const given = readEnvironment();
  const settings = () =>
    groupsWith(paymentProviders).flatMap((group) =>
      settingsInForce([group], given).map((one) => ({
        group: group.title,
        about: group.settings[one.name]?.about ?? "",
        ...one,
      })),
    );
  return adminRoutes(web, "admin", "/admin/settings").get(
    "",
    ({ request, set }) => answerWhole({ request, set }, settings()),
    {
      response: { 200: z.array(SettingInForce) },
      detail: {
        summary: "List the settings in force, and where each comes from",
        description: "Secrets are masked. They are changed where the program is started, not here.",
        responses: wholeListAnswer,
      },
    },
  );
};
