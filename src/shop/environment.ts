import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { ShopError } from "../base/errors";

/** The environment over what `.env` in the current folder says. Read by hand, so that the binary does it too. */
export function readEnvironment(file = ".env"): Record<string, string | undefined> {
  return { ...readEnvFile(file), ...process.env };
}

function readEnvFile(file: string): Record<string, string | undefined> {
  try {
    return parseEnv(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new ShopError("unusable", `${file} can't be read: ${reasonOf(error)}.`, {}, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES") return "this user may not";
  return error instanceof Error ? error.message : String(error);
}
