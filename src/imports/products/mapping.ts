import { TableRefused } from "../unreadable";
import { canBeMapped, headingKey, isOwnField, MAPPABLE, type MappedColumn, plainHeading } from "./fields";
import { guessField, USUAL_WORD } from "./guess";
import { type Program, programs } from "./programs";

/** How each column of a file is understood. */
export interface Mapping {
  /** Whose export it is; undefined for a table of the shop's own form, or of none that is known. */
  program: Program | undefined;
  columns: MappedColumn[];
  /** Whether a column is understood by what it seems to be, and the caller has not said that it is. */
  isGuess: boolean;
}

export interface MappingOptions {
  /** `heading=field`; with nothing behind the sign the column is passed over. */
  map?: readonly string[];
  /** Takes what columns seem to be for what they are. */
  guess?: boolean;
}

/** Understands the headings of a file. Throws `invalid`, and says what it saw, where one stands twice or `map` fits none. */
export function mappingOf(headings: readonly string[], { map = [] }: MappingOptions = {}): Mapping {
  const told = toldFields(headings, map);
  const keys = new Set(headings.flatMap((heading) => [headingKey(heading), plainHeading(heading)]));
  const program = programs.find(({ knownBy }) => knownBy.some((all) => all.every((heading) => keys.has(heading))));
  const isOwn = !program || looksOwn(headings);
  const columns = headings.map((heading, at): MappedColumn => {
    const field = told.get(at);
    if (heading === "") return { heading, field: null, reason: "it has no heading" };
    if (field !== undefined)
      return { heading, field, reason: field === null ? "you said so: passed over" : "you said so" };
    if (!isOwn && program) return ofProgram(program, heading);
    const own = ownField(heading);
    return own === undefined ? guessField(heading) : { heading, field: own, reason: "it is called so" };
  });
  const isSaid = (at: number) => told.has(at) || ownField(headings[at] ?? "") !== undefined;
  if (isOwn) settleGuesses(columns, isSaid);
  refuseDoubles(columns, isOwn ? undefined : program);
  const isGuess =
    isOwn &&
    columns.some(({ heading, field }, at) => field !== null && !told.has(at) && ownField(heading) === undefined);
  return { program: isOwn ? undefined : program, columns, isGuess };
}

/** Whether nearly every heading is one of the shop's own: its files also have what makes those of others known. */
function looksOwn(headings: readonly string[]): boolean {
  return (
    headings.some((heading) => headingKey(heading) === "slug") &&
    headings.every((heading) => heading === "" || ownField(heading) !== undefined)
  );
}

function ownField(heading: string): string | undefined {
  const key = headingKey(heading);
  const spelled = key.replace(/[ -]/g, "_");
  if (isOwnField(spelled) && !spelled.includes(".")) return spelled;
  // Attributes keep their capitals.
  const [, kind, name] = /^(attr|option)\.(.*\S)\s*$/i.exec(heading.trim()) ?? [];
  return kind && name ? `${kind.toLowerCase()}.${name}` : undefined;
}

function ofProgram(program: Program, heading: string): MappedColumn {
  for (const key of [headingKey(heading), plainHeading(heading)]) {
    const field = Object.hasOwn(program.columns, key) ? program.columns[key] : undefined;
    if (field !== undefined) return { heading, field, reason: `${program.name} calls it so` };
    for (const [pattern, named] of program.patterns ?? []) {
      if (pattern.test(key))
        return { heading, field: key.replace(pattern, named), reason: `${program.name} calls it so` };
    }
  }
  return { heading, field: null, reason: "passed over" };
}

function toldFields(headings: readonly string[], map: readonly string[]): Map<number, string | null> {
  const told = new Map<number, string | null>();
  for (const entry of map) {
    const sign = entry.lastIndexOf("=");
    const [heading, field] = [entry.slice(0, sign), entry.slice(sign + 1).trim()];
    if (sign < 1) throw new TableRefused(`Say --map heading=field: ${entry} has no = in it.`, WRONG_MAP);
    const at = headings.findIndex((one) => headingKey(one) === headingKey(heading));
    if (at < 0) throw new TableRefused(`There is no column ${heading}. ${foundColumns(headings)}`, WRONG_MAP);
    if (field !== "" && !canBeMapped(field)) {
      throw new TableRefused(`A product has no ${field}. What it has: ${MAPPABLE}.`, WRONG_MAP);
    }
    told.set(at, field === "" ? null : field);
  }
  return told;
}

const WRONG_MAP = `Say in map heading=field, for headings that the file has and of these fields: ${MAPPABLE}.`;

/** A guess counts for nothing beside a column that is called so, and of several the best one counts: a usual word, or the first. */
function settleGuesses(columns: MappedColumn[], isSaid: (at: number) => boolean): void {
  const best = new Map<string, number>();
  const rank = (at: number) => (isSaid(at) ? 2 : columns[at]?.reason === USUAL_WORD ? 1 : 0);
  for (const [at, { field }] of columns.entries()) {
    const other = field === null ? undefined : best.get(field);
    if (field !== null && (other === undefined || rank(at) > rank(other))) best.set(field, at);
  }
  for (const [at, { heading, field }] of columns.entries()) {
    if (field === null || isSaid(at) || TOGETHER.has(field) || best.get(field) === at) continue;
    const kept = columns[best.get(field) ?? at]?.heading ?? "";
    columns[at] = { heading, field: null, reason: `${kept} is the ${field}` };
  }
}

/** Fields that several columns may say together. */
const TOGETHER = new Set(["category", "images", "tags", "facets", "features"]);

/** Of two columns for one thing the shop can't know which counts. Programs have some under two names, and fill in one. */
function refuseDoubles(columns: readonly MappedColumn[], program: Program | undefined): void {
  const seen = new Map<string, string>();
  for (const { heading, field } of columns) {
    if (field === null || TOGETHER.has(field)) continue;
    const other = seen.get(field);
    seen.set(field, heading);
    if (other === undefined || (program && headingKey(other) !== headingKey(heading))) continue;
    throw new TableRefused(
      `Two columns say the same: ${other} and ${heading}, both ${field}. Nothing was changed.`,
      "Two columns say the same: pass one of them over with map. Nothing was changed.",
    );
  }
}

const SHOWN = 12;

export function foundColumns(headings: readonly string[]): string {
  const named = headings.filter((heading) => heading !== "");
  const more = named.length > SHOWN ? ` and ${named.length - SHOWN} more` : "";
  return `Found the columns ${named.slice(0, SHOWN).join(", ")}${more}.`;
}
