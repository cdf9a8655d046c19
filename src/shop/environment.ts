import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { editsBetween } from "../base/edit-distance";
import { ShopError } from "../base/errors";
import type { Environment } from "./setting";

/** What is set, and what of it by which file. The environment goes before the file. */
export interface GivenEnvironment {
  values: Environment;
  file: string;
  inFile: Environment;
  /** Lines of the file that set nothing, since no = stands behind the name. */
  withoutSign: string[];
}

/** The environment over what `.env` in the current folder says. Read by hand, so that the binary does it too. */
export function readEnvironment(file = ".env"): GivenEnvironment {
  const text = readEnvFile(file);
  const inFile: Environment = parseEnv(text);
  const withoutSign = [...text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*(?:$|:|[ \t][^=\n]*$)/gm)].map(
    ([, name = ""]) => name,
  );
  return { values: { ...inFile, ...process.env }, file, inFile, withoutSign };
}

function readEnvFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw new ShopError("unusable", `${file} can't be read: ${reasonOf(error)}.`, {}, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES") return "this user may not";
  return error instanceof Error ? error.message : String(error);
}

/**
 * What a person seems to have mistyped: names in the file, or in the environment, that are no settings but look like one.
 * Other programs have names of their own there, which nobody should be warned of.
 */
export function mistypedNames(given: GivenEnvironment, known: readonly string[]): string[] {
  const unset = given.withoutSign.filter((name) => known.includes(name.toUpperCase()));
  const lines = unset.map((name) => `${name} in ${given.file} sets nothing: write ${name.toUpperCase()}=…`);
  const mistyped = Object.keys(given.values).flatMap((name) => {
    if (known.includes(name)) return [];
    const nearest = nearestName(name, known);
    const where = isFromFile(given, name) ? given.file : "the environment";
    if (nearest !== undefined) return [`${name} in ${where} is no setting. Is ${nearest} meant?`];
    return name.startsWith("SANSET_") && name in given.inFile ? [`${name} in ${where} is no setting.`] : [];
  });
  return [...lines, ...mistyped];
}

/** Whether the file decides it. Bun may have put the file's values into the environment by itself. */
export function isFromFile({ values, inFile }: GivenEnvironment, name: string): boolean {
  return name in inFile && inFile[name] === values[name];
}

/** A slip of a finger in four letters, and two at most. */
const LETTERS_PER_EDIT = 4;
const EDITS_MOST = 2;

function nearestName(name: string, known: readonly string[]): string | undefined {
  const spelled = name.toUpperCase();
  const most = Math.min(EDITS_MOST, Math.floor(spelled.length / LETTERS_PER_EDIT));
  const near = known
    .map((other) => ({ other, edits: editsBetween(spelled, other, most) }))
    .filter(({ edits }) => edits <= most);
  return near.toSorted((a, b) => a.edits - b.edits)[0]?.other;
}
