import { z } from "zod";
import { adminRoutes, type Web } from "../http/access";
import { listHeaders } from "../http/lists";
import { failures } from "../http/problem";
import { pageOf } from "../base/page";
import { listAudit } from "./audit";
import { AuditEntry, AuditQuery } from "./schema";

export const auditRoutes = (web: Web) =>
  adminRoutes(web, "audit", "/admin/audit").get(
    "",
    async ({ shop, query, request, set }) => {
      const page = pageOf(query);
      const { entries, total } = await listAudit(shop, query, page);
      Object.assign(set.headers, listHeaders(request.url, page, total));
      return entries;
    },
    {
      query: AuditQuery,
      response: { 200: z.array(AuditEntry), ...failures(401, 403, 422) },
      detail: {
        summary: "List sign-ins and what admins did, newest first",
        description:
          "`action` is `sign_in`, `sign_in_failed` and the like, a method and route such as `PATCH /api/v1/users/:id`, or a command such as `sanset user promote`.",
      },
    },
  );
