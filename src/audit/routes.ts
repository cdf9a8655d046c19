import { z } from "zod";
import { adminRoutes, type Web } from "../http/access";
import { answerPage } from "../http/lists";
import { listAudit } from "./audit";
import { AuditEntry, AuditQuery } from "./schema";

export const auditRoutes = (web: Web) =>
  adminRoutes(web, "audit", "/admin/audit").get(
    "",
    ({ shop, query, request, set }) => answerPage({ query, request, set }, (page) => listAudit(shop, query, page)),
    {
      query: AuditQuery,
      response: { 200: z.array(AuditEntry) },
      detail: {
        summary: "List sign-ins and what admins did, newest first",
        description:
          "`action` is `sign_in`, `sign_in_failed` and the like, a method and route such as `PATCH /api/v1/users/:id`, or a command such as `sanset user promote`.",
      },
    },
  );
