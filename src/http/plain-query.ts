import { Elysia } from "elysia";
import { arrivalOf } from "./arrival";

/**
 * What stands after the `?` is text. Elysia takes a value with a comma for a list and one in braces for JSON as soon as
 * the schema is not its own, so `q=mug, blue` would be refused. What comes more than once stays a list, and is refused.
 */
export const plainQueries = new Elysia({ name: "plain-queries" }).onTransform(
  { as: "global" },
  function asText({ query, request }) {
    const values: Record<string, unknown> = query;
    const changed = Object.keys(values).filter((name) => typeof values[name] !== "string");
    if (changed.length === 0) return;
    const sent = new URLSearchParams(arrivalOf(request).query);
    for (const name of changed) {
      const texts = sent.getAll(name);
      if (texts.length === 1) values[name] = texts[0];
    }
  },
);
