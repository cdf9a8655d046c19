import { Elysia } from "elysia";
import { API } from "../base/api";
import { ShopError } from "../base/errors";
import { unknownField } from "../base/validate";
import { arrivalOf } from "./arrival";

/**
 * What stands after the `?` is text. Elysia takes a value with a comma for a list and one in braces for JSON as soon as
 * the schema is not its own, so `q=mug, blue` would be refused. What comes more than once stays a list, and is refused.
 * So is every field of a route that reads none: it would be a mistake taken in silence. Signed messages come as they come.
 */
export const plainQueries = new Elysia({ name: "plain-queries" })
  .onTransform({ as: "global" }, function asText({ query, request }) {
    const values: Record<string, unknown> = query;
    const changed = Object.keys(values).filter((name) => typeof values[name] !== "string");
    if (changed.length === 0) return;
    const sent = new URLSearchParams(arrivalOf(request).query);
    for (const name of changed) {
      const texts = sent.getAll(name);
      if (texts.length === 1) values[name] = texts[0];
    }
  })
  .onBeforeHandle({ as: "global" }, function refuseUnknown({ request }) {
    const { query, rule, path } = arrivalOf(request);
    if (query === "" || !rule || rule.has_query || rule.body === "raw" || !path.startsWith(`${API}/`)) return;
    const errors = [...new URLSearchParams(query).keys()].map(unknownField);
    if (errors.length > 0)
      throw new ShopError("invalid", "Some of what was sent is not valid: see errors.", { errors });
  });
