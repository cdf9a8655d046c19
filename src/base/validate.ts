import { z } from "zod";
import { type Issue, ShopError } from "./errors";
import { speakInOwnWords } from "./issue-words";

speakInOwnWords();

/** Checks what came in from outside. Throws ShopError `invalid` with every issue. */
export function validate<Schema extends z.ZodType>(schema: Schema, given: unknown): z.infer<Schema> {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  throw new ShopError("invalid", "Some of what was given is not valid.", { errors: fieldIssues(read.error) });
}

/** zod's issues in the shape that we show, without anything of the input in them. */
export function fieldIssues(error: z.ZodError): Issue[] {
  return error.issues.flatMap((issue): Issue[] => {
    const at = (key?: string) =>
      [...issue.path.map(String), ...(key === undefined ? [] : [key])].map(fieldName).join(".");
    return issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => unknownField(at(key)))
      : [{ path: at(), message: issue.message, code: issue.code }];
  });
}

/** The issue with a field that there is none of. */
export const unknownField = (path: string): Issue => ({
  path: path.split(".").map(fieldName).join("."),
  message: "There is no such field.",
  code: "unrecognized_keys",
});

/** A field's name helps the caller who sent it; anything that does not look like one stays with them. */
function fieldName(key: string): string {
  return /^[\w.-]{1,64}$/.test(key) ? key : "?";
}
